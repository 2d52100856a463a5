// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/tensor/tensor.hpp>

/// \file A user's own differentiable function, given as a forward and a backward.

namespace parton::autograd {

/// What the forward of a Function keeps for its backward.
template <class Scalar = float>
class Context {
 public:
  /// Keeps tensors; the backward finds them in `saved()`, in this order. A write to one of them in
  /// between is found at backward, as for any op.
  template <std::same_as<Tensor<Scalar>>... Tensors>
  void save(const Tensors&... tensors) {
    (to_save_.push_back(tensors), ...);
  }
  /// What was saved.
  [[nodiscard]] const std::vector<Tensor<Scalar>>& saved() const noexcept { return to_save_; }

 private:
  std::vector<Tensor<Scalar>> to_save_;
};

namespace detail {

/// Saved values whose number is known at run time.
template <class Scalar>
struct SavedList {
  std::vector<parton::detail::Saved<Scalar>> all;
  void check(const char* operation) const {
    for (const auto& one : all) one.check(operation);
  }
  [[nodiscard]] std::vector<Tensor<Scalar>> get() const {
    std::vector<Tensor<Scalar>> result;
    for (const auto& one : all) result.push_back(one.get());
    return result;
  }
};

}  // namespace detail

/// A differentiable function made of a forward and a backward of your own:
///
///     autograd::Function cube(
///         "cube",
///         [](autograd::Context<>& context, const std::vector<Tensor<>>& x) {
///           context.save(x[0]);
///           return x[0] * x[0] * x[0];
///         },
///         [](const autograd::Context<>& context, const Tensor<>& gradient) {
///           const Tensor<>& x = context.saved()[0];
///           return std::vector{gradient * x * x * 3};
///         });
///     Tensor y = cube(x);
///
/// The forward runs without being recorded. The backward gets the gradient of the result and
/// returns one for each input, in the shape of that input; an empty Tensor stands for none. A
/// Function may be called any number of times, from any thread if its two parts may.
template <class Forward, class Backward>
class Function {
 public:
  /// \param name how errors call it.
  Function(std::string_view name, Forward forward, Backward backward)
      : name_(name), forward_(std::move(forward)), backward_(std::move(backward)) {}

  /// \throws what the forward throws; at backward ValueError for a wrong number of gradients and
  /// ShapeError for one of another shape than its input.
  template <class Scalar, std::same_as<Tensor<Scalar>>... More>
  [[nodiscard]] Tensor<Scalar> operator()(const Tensor<Scalar>& first, const More&... more) const {
    return call(std::vector<Tensor<Scalar>>{first, more...});
  }
  template <class Scalar>
  [[nodiscard]] Tensor<Scalar> operator()(const std::vector<Tensor<Scalar>>& inputs) const {
    return call(inputs);
  }

 private:
  template <class Scalar>
  [[nodiscard]] Tensor<Scalar> call(const std::vector<Tensor<Scalar>>& inputs) const {
    namespace d = parton::detail;
    Context<Scalar> context;
    Tensor<Scalar> result;
    {
      const d::NotRecording pause;
      const d::TraceScope silent(nullptr);
      result = forward_(context, inputs);
    }
    if (d::Access::record(result) == nullptr) result = Tensor<Scalar>::empty({0});
    bool wanted = false;
    for (const Tensor<Scalar>& input : inputs) wanted = wanted || d::must_record(input);
    const bool traced = d::tracer != nullptr;
    if (!result.has_values() || !(wanted || traced)) return result;
    // Its own record, since the forward may have returned an input as it is.
    result = d::Access::tensor<Scalar>(d::TensorRecord::make(
        result.shape(), d::Access::record(result)->buffer, d::Access::record(result)->data));
    if (wanted) record(context, inputs, result);
    if (traced) trace(inputs, result);
    return result;
  }

  template <class Scalar>
  void record(const Context<Scalar>& context, const std::vector<Tensor<Scalar>>& inputs,
              Tensor<Scalar>& result) const {
    namespace d = parton::detail;
    detail::SavedList<Scalar> saved;
    for (const Tensor<Scalar>& one : context.saved()) saved.all.emplace_back(one);
    std::vector<Shape> shapes;
    for (const Tensor<Scalar>& input : inputs) shapes.push_back(input.shape());
    std::tuple<detail::SavedList<Scalar>> values(std::move(saved));
    d::record("function", result, d::inputs_of(std::span<const Tensor<Scalar>>(inputs)),
              std::move(values),
              [name = name_, backward = backward_, shapes = std::move(shapes)](
                  d::Gradients<Scalar>& gradients, const std::vector<Tensor<Scalar>>& kept) {
                Context<Scalar> again;
                for (const Tensor<Scalar>& one : kept) again.save(one);
                std::vector<Tensor<Scalar>> all =
                    backward(std::as_const(again), gradients.result());
                if (all.size() != shapes.size())
                  throw errors::function_gradient_count(name, shapes.size(), all.size());
                for (std::size_t i = 0; i < all.size(); ++i) {
                  const bool none = all[i].size() == 0 && shapes[i].size() != 0;
                  if (!none && !(all[i].shape() == shapes[i]))
                    throw errors::function_gradient_shape(name, i, shapes[i].to_string(),
                                                          all[i].shape().to_string());
                }
                for (std::size_t i = 0; i < all.size(); ++i)
                  if (all[i].size() == shapes[i].size()) gradients.add(i, all[i].detach());
              });
  }

  template <class Scalar>
  void trace(const std::vector<Tensor<Scalar>>& inputs, const Tensor<Scalar>& result) const {
    namespace d = parton::detail;
    const d::TraceOperand results[] = {result};
    const d::TraceOption options[] = {{"name", std::string_view(name_)}};
    d::trace("function", d::operands_of(std::span<const Tensor<Scalar>>(inputs)), results, options);
  }

  std::string name_;
  Forward forward_;
  Backward backward_;
};

}  // namespace parton::autograd
