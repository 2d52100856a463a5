// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include <parton/autograd/record.hpp>
#include <parton/ops/broadcast.hpp>
#include <parton/ops/detail/elementwise.hpp>
#include <parton/ops/detail/gemm.hpp>
#include <parton/ops/detail/operand.hpp>

namespace parton {

/// How the matrices of a product enter it: transposed, their last two axes swapped, or as they are.
struct MatmulOptions {
  bool transpose_a = false;
  bool transpose_b = false;
};

namespace detail {

/// gemm with its orders known at run time.
template <class Scalar>
void gemm(bool transpose_a, bool transpose_b, Index rows, Index cols, Index depth, const Scalar* a,
          const Scalar* b, Scalar* c, bool add) {
  constexpr auto plain = Order::plain, transposed = Order::transposed;
  if (transpose_a && transpose_b)
    gemm<transposed, transposed>(rows, cols, depth, a, b, c, add);
  else if (transpose_a)
    gemm<transposed, plain>(rows, cols, depth, a, b, c, add);
  else if (transpose_b)
    gemm<plain, transposed>(rows, cols, depth, a, b, c, add);
  else
    gemm<plain, plain>(rows, cols, depth, a, b, c, add);
}

/// What a product of stacks of matrices multiplies with what: none of it depends on the scalar.
class MatmulPlan {
 public:
  /// \throws ShapeError for rank 0, or shapes that do not fit.
  MatmulPlan(const Shape& a, const Shape& b, MatmulOptions options)
      : a_t_(options.transpose_a && a.rank() > 1),
        b_t_(options.transpose_b && b.rank() > 1),
        a_batch_(batch_of(a)),
        b_batch_(batch_of(b)) {
    if (a.rank() == 0 || b.rank() == 0)
      throw errors::matmul_of_scalar(a.to_string(), b.to_string());
    rows_ = a.rank() == 1 ? 1 : a[a_t_ ? -1 : -2];
    depth_ = a[a_t_ ? -2 : -1];
    cols_ = b.rank() == 1 ? 1 : b[b_t_ ? -2 : -1];
    if (b[b.rank() == 1 || b_t_ ? -1 : -2] != depth_) throw mismatch(a, b);
    try {
      batch_ = Broadcasting<2>("matmul", {&a_batch_, &b_batch_}).shape();
    } catch (const ShapeError&) {
      throw mismatch(a, b);
    }
    // One right matrix for all: the stack of left ones is one tall matrix.
    if (b_batch_.size() == 1 && !a_t_ && a_batch_ == batch_) {
      rows_ *= batch_.size();
      a_batch_ = b_batch_ = Shape();
      stacked_ = true;
    }
    std::array<Index, Shape::max_rank + 2> dims{};
    std::size_t rank = batch_.rank();
    std::copy(batch_.begin(), batch_.end(), dims.begin());
    if (a.rank() > 1) dims[rank++] = a[a_t_ ? -1 : -2];
    if (b.rank() > 1) dims[rank++] = cols_;
    shape_ = Shape(std::span<const Index>(dims.data(), rank));
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }

  template <class Scalar>
  void forward(const Scalar* a, const Scalar* b, Scalar* c) const {
    for_each([&](Index i, Index j, Index k) {
      gemm(a_t_, b_t_, rows_, cols_, depth_, a + i * rows_ * depth_, b + j * depth_ * cols_,
           c + k * rows_ * cols_, false);
    });
  }
  /// The gradient of a from that of the result, g: g b^T, or b g^T where a is stored transposed.
  template <class Scalar>
  void backward_a(const Scalar* g, const Scalar* b, Scalar* to, bool add) const {
    const bool sums = prepare(to, a_batch_, rows_ * depth_, add);
    for_each([&](Index i, Index j, Index k) {
      const Scalar *left = g + k * rows_ * cols_, *right = b + j * depth_ * cols_;
      Scalar* c = to + i * rows_ * depth_;
      if (a_t_)
        gemm(b_t_, true, depth_, rows_, cols_, right, left, c, sums);
      else
        gemm(false, !b_t_, rows_, depth_, cols_, left, right, c, sums);
    });
  }
  /// The gradient of b: a^T g, or g^T a where b is stored transposed.
  template <class Scalar>
  void backward_b(const Scalar* g, const Scalar* a, Scalar* to, bool add) const {
    const bool sums = prepare(to, b_batch_, depth_ * cols_, add);
    for_each([&](Index i, Index j, Index k) {
      const Scalar *left = a + i * rows_ * depth_, *right = g + k * rows_ * cols_;
      Scalar* c = to + j * depth_ * cols_;
      if (b_t_)
        gemm(true, a_t_, cols_, depth_, rows_, right, left, c, sums);
      else
        gemm(!a_t_, false, depth_, cols_, rows_, left, right, c, sums);
    });
  }

 private:
  static Shape batch_of(const Shape& shape) {
    return Shape(shape.dims().first(shape.rank() > 2 ? shape.rank() - 2 : 0));
  }
  [[nodiscard]] ShapeError mismatch(const Shape& a, const Shape& b) const {
    return errors::matmul_shapes(a.to_string(), a_t_, b.to_string(), b_t_);
  }

  /// Whether the products are added to what is there: where one matrix met several, or `add`.
  template <class Scalar>
  bool prepare(Scalar* to, const Shape& batch, Index matrix, bool add) const {
    if (add || stacked_ || batch == batch_) return add;
    std::fill_n(to, batch.size() * matrix, Scalar(0));
    return true;
  }

  /// Calls f(matrix of a, matrix of b, matrix of the result) for each product.
  template <class Function>
  void for_each(const Function& f) const {
    const Broadcasting<2> plan("matmul", {&a_batch_, &b_batch_});
    plan.for_each_run([&](Index to, const auto& from) {
      for (Index i = 0; i < plan.run(); ++i)
        f(from[0] + (plan.repeats(0) ? 0 : i), from[1] + (plan.repeats(1) ? 0 : i), to + i);
    });
  }

  bool a_t_, b_t_, stacked_ = false;
  Index rows_ = 0, cols_ = 0, depth_ = 0;
  Shape a_batch_, b_batch_, batch_, shape_;
};

template <FloatingScalar Scalar>
Tensor<Scalar> matmul(const Tensor<Scalar>& a, const Tensor<Scalar>& b, MatmulOptions options) {
  using W = Wide<Scalar>;
  const MatmulPlan plan(a.shape(), b.shape(), options);
  if (any_shape_only(a, b)) return Tensor<Scalar>::shape_only(plan.shape());
  const auto multiply = [&](const Tensor<W>& x, const Tensor<W>& y) {
    Tensor<W> result = Tensor<W>::empty(plan.shape());
    plan.forward(x.data(), y.data(), result.mutable_data());
    return result;
  };
  Tensor<Scalar> result = through_wide(multiply, a, b);
  if (must_record(a, b))
    record("matmul", result, inputs(a, b),
           saved(save_if(needs_gradient(b), a), save_if(needs_gradient(a), b)),
           [plan, a_shape = a.shape(), b_shape = b.shape()](
               Gradients<Scalar>& grads, const Tensor<Scalar>& x, const Tensor<Scalar>& y) {
             const auto gradient = [&](std::size_t i, const Shape& shape,
                                       const Tensor<Scalar>& other, const auto& product) {
               if constexpr (std::same_as<Scalar, W>) {
                 grads.write(i, shape, [&](Scalar* to, bool add) {
                   product(grads.result().data(), other.data(), to, add);
                 });
               } else {
                 Tensor<W> wide = Tensor<W>::empty(shape);
                 product(grads.result().template cast<W>().data(), other.template cast<W>().data(),
                         wide.mutable_data(), false);
                 grads.add(i, wide.template cast<Scalar>());
               }
             };
             if (grads.needs(0))
               gradient(0, a_shape, y, [&](const W* g, const W* other, W* to, bool add) {
                 plan.backward_a(g, other, to, add);
               });
             if (grads.needs(1))
               gradient(1, b_shape, x, [&](const W* g, const W* other, W* to, bool add) {
                 plan.backward_b(g, other, to, add);
               });
           });
  if (tracer != nullptr)
    trace("matmul", {a, b}, {result},
          {{"transpose_a", options.transpose_a && a.rank() > 1},
           {"transpose_b", options.transpose_b && b.rank() > 1}});
  return result;
}

}  // namespace detail

/// NumPy's `matmul`: the matrices on the last two axes are multiplied, the axes before broadcast.
///
/// `(..., n, k)` and `(..., k, m)` give `(..., n, m)`; a vector `(k,)` on the left is a row and on
/// the right a column, whose axis the result lacks, so two vectors give rank 0. With transpose_a a
/// is stored `(..., k, n)`, with transpose_b b is `(..., m, k)`; a vector stays what it is. half
/// and bfloat16 are multiplied in float. \throws ShapeError if the shapes do not fit, or for rank
/// 0.
template <detail::FloatingOperand A, detail::FloatingOperand B>
[[nodiscard]] auto matmul(const A& a, const B& b, MatmulOptions options = {}) {
  static_assert(std::same_as<detail::scalar_of<A>, detail::scalar_of<B>>,
                "the two sides of matmul must have one scalar: write matmul(a.cast<double>(), b)");
  return detail::matmul(detail::as_tensor(a), detail::as_tensor(b), options);
}

}  // namespace parton
