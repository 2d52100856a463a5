// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstring>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <parton/fwd.hpp>
#include <parton/tensor/braces.hpp>
#include <parton/tensor/detail/from_eigen.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/tensor/storage.hpp>

namespace parton {

/// An array of any rank: a handle to row-major, 64-byte aligned, reference-counted storage.
///
/// A copy of a Tensor shares its storage, like a row, a slice, a reshape and an Eigen view; `copy()`
/// does not. A default-constructed Tensor has the shape `(0,)`. Access by index is checked, in every
/// build; the Eigen views are as fast and as unchecked as Eigen.
template <class Scalar>
class Tensor {
  static_assert(TensorScalar<Scalar>, "a Tensor holds float, double, Eigen::half, Eigen::bfloat16, integers or bool");

 public:
  using value_type = Scalar;
  using RowMajorMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using VectorX = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  using ArrayX = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

  Tensor() = default;

  /// From nested braces: `Tensor<> b = {{1, 2}, {3, 4}}`. \throws ShapeError for ragged ones.
  Tensor(std::initializer_list<detail::Braces<Scalar>> items) : Tensor(from(detail::Braces<Scalar>(items))) {}

  /// A copy of an Eigen matrix, array or expression: a vector type gives rank 1, others rank 2.
  template <detail::EigenDense Expression>
    requires(std::same_as<typename Expression::Scalar, Scalar>)
  Tensor(const Expression& expression)  // NOLINT: implicit on purpose
      : Tensor(empty(detail::shape_of_dense(expression))) {
    detail::copy_dense(expression, raw());
  }

  /// A copy of an Eigen tensor or tensor expression, of either storage order.
  template <detail::EigenTensor Expression>
    requires(std::same_as<typename Expression::Scalar, Scalar>)
  Tensor(const Expression& expression) {  // NOLINT: implicit on purpose
    detail::copy_tensor<Scalar>(expression, [this](const Shape& shape) {
      *this = empty(shape);
      return raw();
    });
  }

  /// A copy of a run of values, as rank 1: a std::vector, std::array or std::span.
  template <std::ranges::contiguous_range Range>
    requires(std::same_as<std::ranges::range_value_t<Range>, Scalar> && !detail::EigenDense<std::remove_cvref_t<Range>> &&
             !detail::EigenTensor<std::remove_cvref_t<Range>> && !std::derived_from<std::remove_cvref_t<Range>, Tensor>)
  Tensor(const Range& values)  // NOLINT: implicit on purpose
      : Tensor(empty({std::ranges::size(values)})) {
    std::copy(std::ranges::begin(values), std::ranges::end(values), raw());
  }

  /// Uninitialized values of a known shape. \throws ShapeError if a dimension is not known.
  [[nodiscard]] static Tensor empty(const Shape& shape) {
    if (!shape.is_known()) throw errors::unknown_dimension(shape.to_string());
    Tensor result;
    auto buffer = detail::Buffer::allocate(static_cast<std::size_t>(shape.size()) * sizeof(Scalar));
    void* data = buffer->data;
    result.record_ = detail::TensorRecord::make(shape, std::move(buffer), data);
    return result;
  }
  [[nodiscard]] static Tensor full(const Shape& shape, Scalar value) {
    Tensor result = empty(shape);
    result.fill(value);
    return result;
  }
  [[nodiscard]] static Tensor zeros(const Shape& shape) { return full(shape, Scalar(0)); }

  /// A shape without values: what the ops compute with while shapes are inferred.
  [[nodiscard]] static Tensor shape_only(const Shape& shape) {
    if (!shape.is_known()) throw errors::unknown_dimension(shape.to_string());
    Tensor result;
    result.record_ = detail::TensorRecord::make(shape, {}, nullptr);
    return result;
  }
  /// A tensor over memory that belongs to `owner`, which it keeps alive; row-major, aligned for Scalar.
  [[nodiscard]] static Tensor adopt(Scalar* data, const Shape& shape, std::shared_ptr<void> owner) {
    if (!shape.is_known()) throw errors::unknown_dimension(shape.to_string());
    Tensor result;
    result.record_ = detail::TensorRecord::make(shape, detail::Buffer::adopt(data, std::move(owner)), data);
    return result;
  }

  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  ~Tensor() = default;
  // For lvalues only: `p.data() = x` would silently re-seat a temporary handle.
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;

  [[nodiscard]] const Shape& shape() const noexcept {
    static const Shape none{0};
    return record_ ? record_->shape : none;
  }
  [[nodiscard]] std::size_t rank() const noexcept { return shape().rank(); }
  [[nodiscard]] Index size() const noexcept { return shape().size(); }
  /// False while shapes are inferred without arithmetic.
  [[nodiscard]] bool has_values() const noexcept { return !record_ || static_cast<bool>(record_->buffer); }
  [[nodiscard]] bool shares_storage_with(const Tensor& other) const noexcept {
    return record_ && other.record_ && record_->buffer.get() == other.record_->buffer.get();
  }

  /// The elements in row-major order. \throws ValueError if there are no values.
  [[nodiscard]] const Scalar* data() const { return raw(); }
  [[nodiscard]] Scalar* mutable_data() { return raw(); }
  [[nodiscard]] std::span<const Scalar> span() const { return {raw(), static_cast<std::size_t>(size())}; }
  [[nodiscard]] std::span<Scalar> span() { return {raw(), static_cast<std::size_t>(size())}; }

  /// One element; an index may count from the end. \throws IndexError outside the shape.
  template <std::integral... Indices>
  [[nodiscard]] Scalar& operator()(Indices... indices) {
    return raw()[offset({static_cast<Index>(indices)...})];
  }
  template <std::integral... Indices>
  [[nodiscard]] const Scalar& operator()(Indices... indices) const {
    return raw()[offset({static_cast<Index>(indices)...})];
  }

  /// The sub-tensor at `index` along axis 0 (a row of a matrix), sharing storage. \throws IndexError
  [[nodiscard]] Tensor operator[](Index index) const {
    if (rank() == 0) throw errors::row_of_scalar();
    const Index n = shape()[0];
    if (index < -n || index >= n) throw errors::index_out_of_range(index, 0, shape().to_string());
    const Shape inner(shape().dims().subspan(1));
    return view(inner, (index < 0 ? index + n : index) * inner.size());
  }

  /// The sub-tensors [begin, end) along axis 0, sharing storage. \throws IndexError
  [[nodiscard]] Tensor slice(Index begin, Index end) const {
    if (rank() == 0) throw errors::row_of_scalar();
    if (begin < 0 || end < begin || end > shape()[0]) throw errors::bad_slice(begin, end, shape().to_string());
    return view(shape().with(0, end - begin), begin * shape().product(1));
  }

  /// The same elements under another shape, sharing storage; one dimension may be -1.
  /// \throws ShapeError if the number of elements differs.
  [[nodiscard]] Tensor reshape(const Shape& wanted) const {
    Shape target = wanted;
    if (!wanted.is_known()) {
      Index known = 1, axis = -1, unknowns = 0;
      for (std::size_t i = 0; i < wanted.rank(); ++i) {
        const Index dim = wanted.dims()[i];
        if (dim == Shape::unknown) ++unknowns, axis = static_cast<Index>(i);
        else known *= dim;
      }
      if (unknowns != 1 || known == 0 || size() % known != 0)
        throw errors::cannot_reshape(shape().to_string(), wanted.to_string());
      target = wanted.with(axis, size() / known);
    }
    if (target.size() != size()) throw errors::cannot_reshape(shape().to_string(), wanted.to_string());
    return view(target, 0);
  }

  /// The one element of a tensor of size 1. \throws ShapeError otherwise.
  [[nodiscard]] Scalar item() const {
    if (size() != 1) throw errors::not_one_element(shape().to_string());
    return *raw();
  }

  /// The same values in storage of their own.
  [[nodiscard]] Tensor copy() const {
    if (!has_values()) return shape_only(shape());
    Tensor result = empty(shape());
    std::copy_n(raw(), size(), result.raw());
    return result;
  }

  /// The values converted to another scalar, in storage of their own.
  template <class To>
  [[nodiscard]] Tensor<To> cast() const {
    if (!has_values()) return Tensor<To>::shape_only(shape());
    Tensor<To> result = Tensor<To>::empty(shape());
    const Scalar* from = raw();
    std::transform(from, from + size(), result.mutable_data(), [](Scalar x) { return detail::convert<To>(x); });
    return result;
  }

  /// Writes one value, or the values of `other` (broadcast to this shape), into this storage.
  void fill(Scalar value) { std::fill_n(raw(), size(), value); }
  void assign(const Tensor& other) { combine("assign", other, [](Scalar, Scalar b) { return b; }); }

  template <Number T>
  Tensor& operator+=(T b) { return combine(b, [](auto x, auto y) { return x + y; }); }
  template <Number T>
  Tensor& operator-=(T b) { return combine(b, [](auto x, auto y) { return x - y; }); }
  template <Number T>
  Tensor& operator*=(T b) { return combine(b, [](auto x, auto y) { return x * y; }); }
  template <Number T>
  Tensor& operator/=(T b) { return combine(b, [](auto x, auto y) { return x / y; }); }
  /// In place, with `other` broadcast to this shape as NumPy does. \throws ShapeError if it does not fit.
  Tensor& operator+=(const Tensor& b) { return combine("+=", b, [](Scalar x, Scalar y) { return static_cast<Scalar>(x + y); }); }
  Tensor& operator-=(const Tensor& b) { return combine("-=", b, [](Scalar x, Scalar y) { return static_cast<Scalar>(x - y); }); }
  Tensor& operator*=(const Tensor& b) { return combine("*=", b, [](Scalar x, Scalar y) { return static_cast<Scalar>(x * y); }); }
  Tensor& operator/=(const Tensor& b) { return combine("/=", b, [](Scalar x, Scalar y) { return static_cast<Scalar>(x / y); }); }

  /// True if shapes and all values are equal (so a NaN makes it false).
  friend bool operator==(const Tensor& a, const Tensor& b) {
    return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
  }

  // Eigen views, sharing storage.

  /// An Eigen tensor of static rank. \throws ShapeError if the rank differs.
  template <int Rank>
  [[nodiscard]] auto tensor() {
    return Eigen::TensorMap<Eigen::Tensor<Scalar, Rank, Eigen::RowMajor>>(raw(), eigen_dims<Rank>());
  }
  template <int Rank>
  [[nodiscard]] auto tensor() const {
    return Eigen::TensorMap<const Eigen::Tensor<Scalar, Rank, Eigen::RowMajor>>(raw(), eigen_dims<Rank>());
  }
  /// A row-major matrix. \throws ShapeError unless the rank is 2.
  [[nodiscard]] Eigen::Map<RowMajorMatrix> matrix() {
    check_rank("matrix()", 2);
    return {raw(), shape()[0], shape()[1]};
  }
  [[nodiscard]] Eigen::Map<const RowMajorMatrix> matrix() const {
    check_rank("matrix()", 2);
    return {raw(), shape()[0], shape()[1]};
  }
  /// A column vector. \throws ShapeError unless the rank is 1.
  [[nodiscard]] Eigen::Map<VectorX> vector() {
    check_rank("vector()", 1);
    return flat();
  }
  [[nodiscard]] Eigen::Map<const VectorX> vector() const {
    check_rank("vector()", 1);
    return flat();
  }
  /// All elements in row-major order, whatever the rank: a vector, or a coefficient-wise array.
  [[nodiscard]] Eigen::Map<VectorX> flat() { return {raw(), size()}; }
  [[nodiscard]] Eigen::Map<const VectorX> flat() const { return {raw(), size()}; }
  [[nodiscard]] Eigen::Map<ArrayX> array() { return {raw(), size()}; }
  [[nodiscard]] Eigen::Map<const ArrayX> array() const { return {raw(), size()}; }

 private:
  static Tensor from(const detail::Braces<Scalar>& braces) {
    Tensor result = empty(braces.shape());
    std::copy(braces.begin(), braces.end(), result.raw());
    return result;
  }

  [[nodiscard]] Scalar* raw() const {
    if (!record_) return nullptr;
    if (!record_->buffer) throw errors::no_values();
    return static_cast<Scalar*>(record_->data);
  }

  [[nodiscard]] Tensor view(const Shape& shape, Index first) const {
    Tensor result;
    if (!record_) return empty(shape);
    if (!record_->buffer) return shape_only(shape);
    result.record_ = detail::TensorRecord::make(shape, record_->buffer, static_cast<Scalar*>(record_->data) + first);
    return result;
  }

  [[nodiscard]] Index offset(std::initializer_list<Index> indices) const {
    if (indices.size() != rank()) throw errors::wrong_index_count(indices.size(), shape().to_string());
    Index result = 0;
    std::size_t axis = 0;
    for (const Index index : indices) {
      const Index n = shape().dims()[axis];
      if (index < -n || index >= n) throw errors::index_out_of_range(index, axis, shape().to_string());
      result = result * n + (index < 0 ? index + n : index);
      ++axis;
    }
    return result;
  }

  void check_rank(std::string_view view, std::size_t expected) const {
    if (rank() != expected) throw errors::wrong_rank(view, expected, shape().to_string());
  }

  template <int Rank>
  [[nodiscard]] Eigen::DSizes<Eigen::DenseIndex, Rank> eigen_dims() const {
    check_rank("tensor<" + std::to_string(Rank) + ">()", static_cast<std::size_t>(Rank));
    Eigen::DSizes<Eigen::DenseIndex, Rank> dims;
    for (int i = 0; i < Rank; ++i) dims[i] = shape()[i];
    return dims;
  }

  template <Number T, class Function>
  Tensor& combine(T number, Function function) {
    // Computed in the wider of the two, so that `x *= 0.1` on halves rounds once.
    using Common = std::conditional_t<std::integral<Scalar> && std::integral<T>, Scalar, detail::Wide<Scalar>>;
    const auto b = detail::convert<Common>(number);
    std::for_each_n(raw(), size(), [&](Scalar& a) { a = detail::convert<Scalar>(static_cast<Common>(function(detail::convert<Common>(a), b))); });
    return *this;
  }

  template <class Function>
  Tensor& combine(std::string_view operation, const Tensor& other, Function function) {
    Scalar* to = raw();
    if (other.shape() == shape()) {
      const Scalar* from = other.raw();
      for (Index i = 0; i < size(); ++i) to[i] = function(to[i], from[i]);
      return *this;
    }
    // Walks this tensor with the strides that `other` has where its axes line up, 0 where it repeats.
    const std::size_t n = rank(), m = other.rank();
    std::array<Index, Shape::max_rank> stride{}, position{};
    Index step = 1;
    bool fits = m <= n;
    for (std::size_t i = 0; fits && i < m; ++i) {
      const Index dim = other.shape().dims()[m - 1 - i];
      fits = dim == 1 || dim == shape().dims()[n - 1 - i];
      stride[n - 1 - i] = dim == 1 ? 0 : step;
      step *= dim;
    }
    if (!fits) throw errors::shapes_differ(operation, shape().to_string(), other.shape().to_string());
    // A source inside this storage would change while it is read.
    const Tensor source = shares_storage_with(other) ? other.copy() : other;
    const Scalar* from = source.raw();
    for (Index i = 0; i < size(); ++i) {
      Index at = 0;
      for (std::size_t k = 0; k < n; ++k) at += position[k] * stride[k];
      to[i] = function(to[i], from[at]);
      for (std::size_t k = n; k-- > 0 && ++position[k] == shape().dims()[k];) position[k] = 0;
    }
    return *this;
  }

  detail::Counted<detail::TensorRecord> record_;
};

// Whole numbers in braces make floats, as `np.array([1, 2])` does in MXNet; `Tensor<int>{1, 2}` asks for integers.
namespace detail {
template <class T>
using BraceScalar = std::conditional_t<std::integral<T> && !std::same_as<T, bool>, float, T>;
}  // namespace detail

template <Number T>
Tensor(std::initializer_list<T>) -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<T>>) -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<std::initializer_list<T>>>) -> Tensor<detail::BraceScalar<T>>;
template <Number T>
Tensor(std::initializer_list<std::initializer_list<std::initializer_list<std::initializer_list<T>>>>) -> Tensor<detail::BraceScalar<T>>;
template <detail::EigenDense Expression>
Tensor(const Expression&) -> Tensor<typename Expression::Scalar>;
template <detail::EigenTensor Expression>
Tensor(const Expression&) -> Tensor<std::remove_const_t<typename Expression::Scalar>>;
template <std::ranges::contiguous_range Range>
  requires(!detail::EigenDense<Range> && !detail::EigenTensor<Range>)
Tensor(const Range&) -> Tensor<std::ranges::range_value_t<Range>>;

}  // namespace parton
