// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <parton/nn/detail/channels.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/pooling.hpp>

namespace parton::nn {

/// What a maximum pooling may be told besides the size of its windows.
template <std::size_t Axes>
struct MaxPoolOptions {
  /// 0 is the size of the windows.
  PerAxis<Axes> strides = 0;
  /// Around the input; smaller than the windows.
  Padding<Axes> padding = 0;
  /// Let the last window reach beyond the padded input, if it begins within it.
  bool ceil_mode = false;
  std::string name = {};
};

/// What an average pooling may be told besides the size of its windows.
template <std::size_t Axes>
struct AvgPoolOptions {
  /// 0 is the size of the windows.
  PerAxis<Axes> strides = 0;
  /// Around the input; smaller than the windows.
  Padding<Axes> padding = 0;
  /// Let the last window reach beyond the padded input, if it begins within it.
  bool ceil_mode = false;
  /// Divide by the size of the window within the padded input, else by that within the input.
  bool count_include_pad = true;
  std::string name = {};
};

namespace detail {

/// Gluon's printed form of every pooling.
template <std::size_t Axes>
std::string describe_pooling(std::string_view layer, const PerAxis<Axes>& size,
                             const PerAxis<Axes>& strides, const Padding<Axes>& padding,
                             bool ceil_mode, bool global, std::string_view type) {
  return std::string(layer) + "(size=" + size.to_string() + ", stride=" + strides.to_string() +
         ", padding=" + padding.to_string() + ", ceil_mode=" + std::string(truth_text(ceil_mode)) +
         ", global_pool=" + std::string(truth_text(global)) + ", pool_type=" + std::string(type) +
         ", layout=" + (Axes == 1 ? "NCW" : "NCHW") + ")";
}

/// What the poolings over windows share.
template <template <class> class Derived, std::size_t Axes, class Options, class Scalar>
class Pool : public Layer<Derived, Scalar> {
 public:
  [[nodiscard]] const PerAxis<Axes>& pool_size() const noexcept { return size_; }
  [[nodiscard]] const PerAxis<Axes>& strides() const noexcept { return options_.strides; }
  [[nodiscard]] const Padding<Axes>& padding() const noexcept { return options_.padding; }
  [[nodiscard]] bool ceil_mode() const noexcept { return options_.ceil_mode; }

  /// As in Gluon, where every pooling is a `pool`.
  [[nodiscard]] std::string kind() const override { return "pool"; }

  template <class To>
  [[nodiscard]] Derived<To> like() const {
    Options options = options_;
    options.name.clear();
    return Derived<To>(size_, std::move(options));
  }

 protected:
  Pool(const char* layer, const PerAxis<Axes>& size, Options options)
      : size_(size), options_(std::move(options)) {
    if (options_.strides == 0) options_.strides = size;
    parton::detail::check_pooling(layer, size_, options_.strides, options_.padding,
                                  PerAxis<Axes>(1));
    this->set_name(options_.name);
  }

  PerAxis<Axes> size_;
  Options options_;
};

template <template <class> class Derived, std::size_t Axes, class Scalar>
class MaxPool : public Pool<Derived, Axes, MaxPoolOptions<Axes>, Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    const PoolingOptions<Axes> options{
        .strides = this->strides(), .padding = this->padding(), .ceil_mode = this->ceil_mode()};
    if constexpr (Axes == 1)
      return parton::max_pool1d(input, this->pool_size(), options);
    else
      return parton::max_pool2d(input, this->pool_size(), options);
  }
  [[nodiscard]] std::string describe() const override {
    return describe_pooling(this->class_name(), this->pool_size(), this->strides(), this->padding(),
                            this->ceil_mode(), false, "max");
  }

 protected:
  using Pool<Derived, Axes, MaxPoolOptions<Axes>, Scalar>::Pool;
};

template <template <class> class Derived, std::size_t Axes, class Scalar>
class AvgPool : public Pool<Derived, Axes, AvgPoolOptions<Axes>, Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    const AveragePoolingOptions<Axes> options{.strides = this->strides(),
                                              .padding = this->padding(),
                                              .ceil_mode = this->ceil_mode(),
                                              .count_include_pad = count_include_pad()};
    if constexpr (Axes == 1)
      return parton::avg_pool1d(input, this->pool_size(), options);
    else
      return parton::avg_pool2d(input, this->pool_size(), options);
  }
  [[nodiscard]] bool count_include_pad() const noexcept { return this->options_.count_include_pad; }
  [[nodiscard]] std::string describe() const override {
    return describe_pooling(this->class_name(), this->pool_size(), this->strides(), this->padding(),
                            this->ceil_mode(), false, "avg");
  }

 protected:
  using Pool<Derived, Axes, AvgPoolOptions<Axes>, Scalar>::Pool;
};

/// Pooling over the whole image.
template <template <class> class Derived, std::size_t Axes, class Scalar>
class GlobalPool : public Layer<Derived, Scalar> {
 public:
  [[nodiscard]] std::string kind() const override { return "pool"; }

  template <class To>
  [[nodiscard]] Derived<To> like() const {
    return Derived<To>();
  }

 protected:
  GlobalPool(std::string_view layer, const LayerOptions& options) : layer_(layer) {
    this->set_name(options.name);
  }
  /// \throws ShapeError for another rank.
  void check(const Shape& input) const {
    if (input.rank() != Axes + 2)
      throw errors::window_input(layer_, Axes == 1 ? "(N, C, W)" : "(N, C, H, W)",
                                 input.to_string());
  }
  [[nodiscard]] std::string text(std::string_view type) const {
    return describe_pooling(this->class_name(), PerAxis<Axes>(1), PerAxis<Axes>(1),
                            Padding<Axes>(0), true, true, type);
  }

 private:
  std::string_view layer_;
};

template <template <class> class Derived, std::size_t Axes, class Scalar>
class GlobalMaxPool : public GlobalPool<Derived, Axes, Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    this->check(input.shape());
    return parton::global_max_pool(input);
  }
  [[nodiscard]] std::string describe() const override { return this->text("max"); }

 protected:
  using GlobalPool<Derived, Axes, Scalar>::GlobalPool;
};

template <template <class> class Derived, std::size_t Axes, class Scalar>
class GlobalAvgPool : public GlobalPool<Derived, Axes, Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    this->check(input.shape());
    return parton::global_avg_pool(input);
  }
  [[nodiscard]] std::string describe() const override { return this->text("avg"); }

 protected:
  using GlobalPool<Derived, Axes, Scalar>::GlobalPool;
};

}  // namespace detail

/// The maximum of each window: `(N, C, H, W)` gives `(N, C, oH, oW)`; ops/pooling.hpp has the
/// formula. `nn::MaxPool2D(2)`, `nn::MaxPool2D({3, 2}, {.strides = 2, .padding = {1, 0}})`.
template <class Scalar>
class MaxPool2D : public detail::MaxPool<MaxPool2D, 2, Scalar> {
 public:
  /// \throws ValueError for a size or stride that is not positive, or a padding that is negative or
  /// not smaller than the windows; NameError.
  explicit MaxPool2D(const PerAxis<2>& pool_size = 2, MaxPoolOptions<2> options = {})
      : detail::MaxPool<nn::MaxPool2D, 2, Scalar>("MaxPool2D", pool_size, std::move(options)) {}
};

/// The maximum of each window of `(N, C, W)`; as MaxPool2D.
template <class Scalar>
class MaxPool1D : public detail::MaxPool<MaxPool1D, 1, Scalar> {
 public:
  explicit MaxPool1D(const PerAxis<1>& pool_size = 2, MaxPoolOptions<1> options = {})
      : detail::MaxPool<nn::MaxPool1D, 1, Scalar>("MaxPool1D", pool_size, std::move(options)) {}
};

/// The average of each window: `(N, C, H, W)` gives `(N, C, oH, oW)`; ops/pooling.hpp has the
/// formula. \throws as MaxPool2D.
template <class Scalar>
class AvgPool2D : public detail::AvgPool<AvgPool2D, 2, Scalar> {
 public:
  explicit AvgPool2D(const PerAxis<2>& pool_size = 2, AvgPoolOptions<2> options = {})
      : detail::AvgPool<nn::AvgPool2D, 2, Scalar>("AvgPool2D", pool_size, std::move(options)) {}
};

/// The average of each window of `(N, C, W)`; as AvgPool2D.
template <class Scalar>
class AvgPool1D : public detail::AvgPool<AvgPool1D, 1, Scalar> {
 public:
  explicit AvgPool1D(const PerAxis<1>& pool_size = 2, AvgPoolOptions<1> options = {})
      : detail::AvgPool<nn::AvgPool1D, 1, Scalar>("AvgPool1D", pool_size, std::move(options)) {}
};

/// The maximum of each channel: `(N, C, H, W)` gives `(N, C, 1, 1)`.
template <class Scalar>
class GlobalMaxPool2D : public detail::GlobalMaxPool<GlobalMaxPool2D, 2, Scalar> {
 public:
  explicit GlobalMaxPool2D(const LayerOptions& options = {})
      : detail::GlobalMaxPool<nn::GlobalMaxPool2D, 2, Scalar>("GlobalMaxPool2D", options) {}
};

/// The maximum of each channel: `(N, C, W)` gives `(N, C, 1)`.
template <class Scalar>
class GlobalMaxPool1D : public detail::GlobalMaxPool<GlobalMaxPool1D, 1, Scalar> {
 public:
  explicit GlobalMaxPool1D(const LayerOptions& options = {})
      : detail::GlobalMaxPool<nn::GlobalMaxPool1D, 1, Scalar>("GlobalMaxPool1D", options) {}
};

/// The average of each channel: `(N, C, H, W)` gives `(N, C, 1, 1)`.
template <class Scalar>
class GlobalAvgPool2D : public detail::GlobalAvgPool<GlobalAvgPool2D, 2, Scalar> {
 public:
  explicit GlobalAvgPool2D(const LayerOptions& options = {})
      : detail::GlobalAvgPool<nn::GlobalAvgPool2D, 2, Scalar>("GlobalAvgPool2D", options) {}
};

/// The average of each channel: `(N, C, W)` gives `(N, C, 1)`.
template <class Scalar>
class GlobalAvgPool1D : public detail::GlobalAvgPool<GlobalAvgPool1D, 1, Scalar> {
 public:
  explicit GlobalAvgPool1D(const LayerOptions& options = {})
      : detail::GlobalAvgPool<nn::GlobalAvgPool1D, 1, Scalar>("GlobalAvgPool1D", options) {}
};

}  // namespace parton::nn
