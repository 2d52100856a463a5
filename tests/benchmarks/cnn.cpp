// SPDX-License-Identifier: MIT
// A convolutional net on 28x28: two convolutions of 3x3 with ReLU, each followed by max pooling of
// 2x2, and a dense layer.
#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <parton_bench/eigen_net.hpp>
#include <parton_bench/parton_net.hpp>
#ifdef PARTON_BENCH_TORCH
#include <parton_bench/torch_net.hpp>
#endif

using namespace parton_bench;

namespace {

constexpr long side = 28, channels1 = 16, channels2 = 32, classes = 10;
constexpr long features = channels2 * 5 * 5;  // 28 -> 26 -> 13 -> 11 -> 5

struct Task {
  long batch;
  bool train;
  [[nodiscard]] Data data() const { return {batch, side * side, classes}; }
};

std::function<void()> with_parton(const Task& task) {
  using namespace parton;
  nn::Sequential<> net{nn::Conv2D(channels1, 3, nn::relu), nn::MaxPool2D(2),
                       nn::Conv2D(channels2, 3, nn::relu), nn::MaxPool2D(2), nn::Dense(classes)};
  const auto held =
      std::make_shared<PartonNet>(std::move(net), task.data(), Shape{task.batch, 1, side, side});
  if (task.train) held->train_with(Rule::momentum);
  return run_of(held, task.train);
}

/// By hand: patches to columns and a product for each sample, ReLU, 2x2 maxima with their places.
/// An image is a row-major `(channels, height width)` matrix.
class EigenConv {
 public:
  using Image = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  EigenConv(long in, long out, long input_side, long batch)
      : w(out, in * 9, 0.07F),
        b(out, 1, 0),
        in_(in),
        out_(out),
        side_(input_side - 2),
        pooled_side_((input_side - 2) / 2),
        patches_(static_cast<std::size_t>(batch), Image(in * 9, side_ * side_)),
        before_(out, side_ * side_),
        y(out * pooled_side_ * pooled_side_, batch),
        places_(static_cast<std::size_t>(y.size())) {}

  void forward(const Eigen::MatrixXf& x) {
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      Image& patches = patches_[static_cast<std::size_t>(i)];
      to_patches(x.col(i).data(), patches);
      before_.noalias() = w.value * patches;
      before_ = (before_.colwise() + b.value).cwiseMax(0.F);
      pool(i);
    }
  }

  /// `g` is the gradient of y.
  void backward(const Eigen::MatrixXf& g, Eigen::MatrixXf* of_x) {
    w.gradient.setZero();
    b.gradient.setZero();
    if (of_x != nullptr) of_x->setZero();
    for (Eigen::Index i = 0; i < g.cols(); ++i) {
      before_.setZero();
      for (Eigen::Index k = 0; k < g.rows(); ++k)
        if (y(k, i) > 0)
          before_.data()[places_[static_cast<std::size_t>(i * g.rows() + k)]] = g(k, i);
      w.gradient.noalias() += before_ * patches_[static_cast<std::size_t>(i)].transpose();
      b.gradient += before_.rowwise().sum();
      if (of_x == nullptr) continue;
      of_patches_.noalias() = w.value.transpose() * before_;
      from_patches(of_patches_, of_x->col(i).data());
    }
  }
  void update(const EigenOptimizer& optimizer) {
    w.update(optimizer);
    b.update(optimizer);
  }

  EigenParameter<Image> w;
  EigenParameter<Eigen::VectorXf> b;

 private:
  void to_patches(const float* x, Image& patches) const {
    const long input_side = side_ + 2;
    for (long c = 0, row = 0; c < in_; ++c)
      for (long dy = 0; dy < 3; ++dy)
        for (long dx = 0; dx < 3; ++dx, ++row)
          for (long line = 0; line < side_; ++line)
            std::copy_n(x + (c * input_side + line + dy) * input_side + dx, side_,
                        patches.data() + row * side_ * side_ + line * side_);
  }
  void from_patches(const Image& patches, float* x) const {
    const long input_side = side_ + 2;
    for (long c = 0, row = 0; c < in_; ++c)
      for (long dy = 0; dy < 3; ++dy)
        for (long dx = 0; dx < 3; ++dx, ++row)
          for (long line = 0; line < side_; ++line)
            EigenMap(x + (c * input_side + line + dy) * input_side + dx, side_) +=
                Eigen::Map<const Eigen::ArrayXf>(
                    patches.data() + row * side_ * side_ + line * side_, side_);
  }
  void pool(Eigen::Index sample) {
    float* to = y.col(sample).data();
    long* place = places_.data() + sample * y.rows();
    for (long c = 0; c < out_; ++c)
      for (long i = 0; i < pooled_side_; ++i)
        for (long j = 0; j < pooled_side_; ++j, ++to, ++place) {
          const long first = c * side_ * side_ + 2 * i * side_ + 2 * j;
          long best = first;
          for (const long at : {first + 1, first + side_, first + side_ + 1})
            if (before_.data()[at] > before_.data()[best]) best = at;
          *place = best;
          *to = before_.data()[best];
        }
  }

  long in_, out_, side_, pooled_side_;
  std::vector<Image> patches_;
  Image before_, of_patches_;

 public:
  Eigen::MatrixXf y;  // a column for each sample

 private:
  std::vector<long> places_;  // where in the image before pooling each of y comes from
};

class EigenCnn {
 public:
  explicit EigenCnn(const Data& data)
      : x_(Eigen::Map<const Eigen::MatrixXf>(data.x.data(), data.features, data.batch)),
        labels_(data.labels),
        conv1_(1, channels1, side, data.batch),
        conv2_(channels1, channels2, 13, data.batch),
        dense_(features, classes, data.batch, false, false),
        g1_(conv1_.y.rows(), data.batch),
        g2_(conv2_.y.rows(), data.batch) {}

  void infer() {
    forward();
    keep(dense_.y.data());
  }
  void step() {
    forward();
    const float loss = eigen_cross_entropy(dense_.y, labels_, g3_);
    keep(&loss);
    dense_.backward(conv2_.y, g3_, &g2_);
    conv2_.backward(g2_, &g1_);
    conv1_.backward(g1_, nullptr);
    optimizer_.begin_step();
    conv1_.update(optimizer_);
    conv2_.update(optimizer_);
    dense_.update(optimizer_);
  }

 private:
  void forward() {
    conv1_.forward(x_);
    conv2_.forward(conv1_.y);
    dense_.forward(conv2_.y);
  }

  EigenOptimizer optimizer_{Rule::momentum};
  Eigen::MatrixXf x_;
  std::vector<std::int64_t> labels_;
  EigenConv conv1_, conv2_;
  EigenDense<Eigen::ColMajor> dense_;
  Eigen::MatrixXf g1_, g2_, g3_;
};

#ifdef PARTON_BENCH_TORCH
std::function<void()> with_torch(const Task& task, bool channels_last) {
  using namespace torch::nn;
  Sequential net(Conv2d(Conv2dOptions(1, channels1, 3)), ReLU(), MaxPool2d(2),
                 Conv2d(Conv2dOptions(channels1, channels2, 3)), ReLU(), MaxPool2d(2), Flatten(),
                 Linear(features, classes));
  if (channels_last)
    for (torch::Tensor& parameter : net->parameters())
      if (parameter.dim() == 4) {
        const torch::NoGradGuard no_grad;
        parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
      }
  const auto held = std::make_shared<TorchNet>(
      [net, channels_last](const torch::Tensor& x) mutable {
        return net->forward(channels_last ? x.contiguous(torch::MemoryFormat::ChannelsLast) : x);
      },
      net->parameters(), task.data(), std::vector<std::int64_t>{task.batch, 1, side, side});
  if (task.train) held->train_with(Rule::momentum, false);
  return run_of(held, task.train);
}
#endif

}  // namespace

void parton_bench::register_cases() {
  for (const bool train : {false, true})
    for (const long batch : {1L, 64L}) {
      const Task task{batch, train};
      const std::string name =
          std::string("cnn/") + (train ? "train" : "infer") + "/" + std::to_string(batch);
      add_simple(name, "parton", [task] { return with_parton(task); });
      add_simple(name, "parton@2", [task] { return with_parton(task); });
      add_simple(name, "eigen",
                 [task] { return run_of(std::make_shared<EigenCnn>(task.data()), task.train); });
#ifdef PARTON_BENCH_TORCH
      add_simple(name, "torch:plain", [task] { return with_torch(task, false); });
      add_simple(name, "torch:channels_last", [task] { return with_torch(task, true); });
#endif
    }
}
