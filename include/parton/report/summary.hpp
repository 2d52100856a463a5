// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <parton/nn/block.hpp>
#include <parton/nn/infer_shapes.hpp>

namespace parton {

/// One call of a block, in order of completion.
struct SummaryRow {
  std::string layer;  ///< `Dense-2`; `Input` for the first row
  Shape output;
  Index parameters = 0;  ///< elements of the block's own parameters, constants included
};

/// What summary() found; it prints as Gluon's table.
struct Summary {
  std::vector<SummaryRow> rows;
  Index total = 0;  ///< parameters of all rows, those of a block that is called twice counted twice
  Index trainable = 0;  ///< those of them with a gradient
  Index shared = 0;     ///< those of them that an earlier row had already

  friend std::ostream& operator<<(std::ostream& os, const Summary& summary) {
    return os << summary.text();
  }

  [[nodiscard]] std::string text() const {
    const std::string thin(80, '-'), thick(80, '=');
    std::string result =
        thin + '\n' + line("Layer (type)", "Output Shape", "Param #") + thick + '\n';
    for (const SummaryRow& row : rows)
      result += line(row.layer, row.output.to_string(), std::to_string(row.parameters));
    result += thick + "\nParameters in forward computation graph, duplicate included\n";
    result += "   Total params: " + std::to_string(total) + '\n';
    result += "   Trainable params: " + std::to_string(trainable) + '\n';
    result += "   Non-trainable params: " + std::to_string(total - trainable) + '\n';
    result += "Shared params in forward computation graph: " + std::to_string(shared) + '\n';
    result += "Unique parameters in model: " + std::to_string(total - shared) + '\n';
    return result + thin + '\n';
  }

 private:
  static std::string right(std::string_view text, std::size_t width) {
    return std::string(text.size() < width ? width - text.size() : 0, ' ').append(text);
  }
  static std::string line(std::string_view layer, std::string_view shape,
                          std::string_view parameters) {
    return right(layer, 20) + "  " + right(shape, 42) + " " + right(parameters, 15) + '\n';
  }
};

namespace detail {

/// Makes a row of every call of a block that is not a mere container.
template <class Scalar>
class SummaryObserver final : public nn::detail::CallObserver<Scalar> {
 public:
  explicit SummaryObserver(const Shape& input) { summary_.rows.push_back({"Input", input, 0}); }

  void called(const nn::Block<Scalar>& block, const Tensor<Scalar>& output) override {
    if (block.is_container()) return;
    SummaryRow row{block.class_name() + "-" + std::to_string(summary_.rows.size()), output.shape(),
                   0};
    for (const auto& parameter : block.node().parameters()) {
      const Index size = parameter->shape().size();
      row.parameters += size;
      if (parameter->grad_req() != GradReq::null) summary_.trainable += size;
      if (!seen_.insert(parameter.get()).second) summary_.shared += size;
    }
    summary_.total += row.parameters;
    summary_.rows.push_back(std::move(row));
  }

  [[nodiscard]] Summary take() { return std::move(summary_); }

 private:
  Summary summary_;
  std::unordered_set<const ParameterBase*> seen_;
};

}  // namespace detail

/// Runs one forward and tells what every layer made of it: class, output shape, number of
/// parameters.
///
/// The table is Gluon's (Block.summary), but a Dense is one row, with its activation inside. A
/// Sequential has no row. \throws UninitializedError and whatever the forward throws.
template <class Scalar>
[[nodiscard]] Summary summary(const nn::Block<Scalar>& net, const Tensor<Scalar>& input) {
  detail::SummaryObserver<Scalar> observer(input.shape());
  static_cast<void>(net(input));
  return observer.take();
}

/// The same from the shape of an input alone, without arithmetic; the net need not be initialized.
template <class Scalar>
[[nodiscard]] Summary summary(const nn::Block<Scalar>& net, const Shape& input) {
  detail::SummaryObserver<Scalar> observer(input);
  static_cast<void>(infer_shapes(net, input));
  return observer.take();
}

}  // namespace parton
