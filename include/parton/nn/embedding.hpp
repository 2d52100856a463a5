// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <parton/autograd/trace.hpp>
#include <parton/nn/layer.hpp>
#include <parton/ops/take.hpp>

namespace parton::nn {

/// What an Embedding may be told besides its sizes.
template <class Scalar = float>
struct EmbeddingOptions {
  init::AnyInitializer<Scalar> weight_initializer = {};
  std::string name = {};
  /// Share the weight of another layer: `{.params = decoder->params()}`.
  std::optional<ParameterDict<Scalar>> params = std::nullopt;
};

/// A table of vectors, one for each of `input_dim` words: looks up a vector for each index.
///
/// Parameter: `weight` of shape `(input_dim, output_dim)`. Indices of shape `(...)` give
/// `(..., output_dim)`; they are whole numbers in [0, input_dim).
template <class Scalar>
class Embedding : public Layer<Embedding, Scalar> {
 public:
  /// \throws ValueError unless both sizes are positive; NameError; TieError if `params` ties
  /// nothing or a weight of another shape.
  Embedding(Dim input_dim, Dim output_dim,
            std::type_identity_t<EmbeddingOptions<Scalar>> options = {})
      : input_dim_(input_dim.value()), output_dim_(output_dim.value()) {
    if (input_dim_ <= 0) throw errors::not_positive("input_dim", input_dim_, "Embedding");
    if (output_dim_ <= 0) throw errors::not_positive("output_dim", output_dim_, "Embedding");
    this->set_name(options.name);
    this->declare(
        "weight",
        {.shape = {input_dim_, output_dim_}, .initializer = std::move(options.weight_initializer)},
        options.params);
    if (options.params) this->require_tie(*options.params);
  }

  /// The indices as a tensor of the net's Scalar, as they come through a Sequential. float counts
  /// exactly up to 2^24, half to 2048, bfloat16 to 256: beyond that use integers.
  /// \throws IndexError naming the index, the range and the parameter.
  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override { return look_up(input); }

  /// The same for integer indices: a `Tensor<int>`, a `Tensor<std::int64_t>`, an Eigen::VectorXi.
  template <parton::detail::Operand Indices>
  requires(std::integral<parton::detail::scalar_of<Indices>> &&
           !std::same_as<parton::detail::scalar_of<Indices>, bool>)  //
      [[nodiscard]] Tensor<Scalar> forward(const Indices& indices) const {
    return look_up(indices);
  }

  using Layer<Embedding, Scalar>::operator();
  /// The same as forward with integer indices. Hooks do not run: theirs is a Tensor of Scalar.
  template <parton::detail::Operand Indices>
  requires(std::integral<parton::detail::scalar_of<Indices>> &&
           !std::same_as<parton::detail::scalar_of<Indices>, bool>)  //
      Tensor<Scalar>
  operator()(const Indices& indices) const {
    const parton::detail::TracedCall traced(*this);
    return look_up(indices);
  }

  [[nodiscard]] Index input_dim() const noexcept { return input_dim_; }
  [[nodiscard]] Index output_dim() const noexcept { return output_dim_; }

  [[nodiscard]] std::string describe() const override {
    return this->class_name() + "(" + std::to_string(input_dim_) + " -> " +
           std::to_string(output_dim_) + ", " + std::string(dtype_name<Scalar>()) + ")";
  }

  template <class To>
  [[nodiscard]] Embedding<To> like() const {
    return Embedding<To>(input_dim_, output_dim_);
  }

 private:
  template <class Indices>
  Tensor<Scalar> look_up(const Indices& indices) const {
    const Parameter<Scalar>& weight = this->own_parameter(0);
    try {
      return parton::take(weight.data(), indices);
    } catch (const IndexError& error) {
      throw errors::bad_embedding_index(error.what(), weight.name(), weight.path());
    }
  }

  Index input_dim_;
  Index output_dim_;
};

}  // namespace parton::nn
