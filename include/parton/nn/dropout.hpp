// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/init/text_form.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/dropout.hpp>
#include <parton/random/random.hpp>

namespace parton::nn {

/// What a Dropout may be told besides its rate.
struct DropoutOptions {
  /// Axes along which one draw is shared: `{2, 3}` drops whole channels of an image.
  std::vector<Index> axes = {};
  std::string name = {};
};

/// In training, sets each element to 0 with probability `rate` and multiplies the others by
/// 1 / (1 - rate); in prediction gives the input back (Srivastava et al. 2014).
///
/// Training is autograd::is_training() of the calling thread. The draws come from the stream of the
/// process, which random::seed() starts anew; forwards in several threads take different ones.
template <class Scalar>
class Dropout : public Layer<Dropout, Scalar> {
 public:
  /// \throws ValueError unless 0 <= rate < 1; ShapeError for more axes than a tensor has.
  explicit Dropout(double rate, DropoutOptions options = {})
      : rate_(rate), listed_(std::move(options.axes)), axes_(listed_) {
    if (!(rate >= 0 && rate < 1))
      throw errors::layer_option("Dropout", "the rate", "at least 0 and below 1", rate);
    this->set_name(options.name);
  }

  /// \throws IndexError for an axis that the input does not have, ValueError for one named twice.
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override {
    static_cast<void>(axes_.mask(input.shape()));  // in prediction too
    if (!autograd::is_training() || rate_ == 0 || !input.has_values()) return input;
    random::Generator rng = random::detail::reserve(input.size());
    return parton::dropout(input, rate_, rng, axes_);
  }

  /// The probability of dropping an element.
  [[nodiscard]] double rate() const noexcept { return rate_; }
  [[nodiscard]] const std::vector<Index>& axes() const noexcept { return listed_; }

  [[nodiscard]] std::string describe() const override {
    std::string text;
    for (const Index axis : listed_) text += (text.empty() ? "" : ", ") + std::to_string(axis);
    if (listed_.size() == 1) text += ',';  // a Python tuple
    return this->class_name() + "(p = " + init::detail::number_text(rate_) + ", axes=(" + text +
           "))";
  }

  template <class To>
  [[nodiscard]] Dropout<To> like() const {
    return Dropout<To>(rate_, {.axes = listed_});
  }

 private:
  double rate_;
  std::vector<Index> listed_;
  Axes axes_;
};

}  // namespace parton::nn
