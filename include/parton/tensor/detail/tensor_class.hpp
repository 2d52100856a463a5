// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <parton/fwd.hpp>
#include <parton/tensor/braces.hpp>
#include <parton/tensor/detail/from_eigen.hpp>
#include <parton/tensor/detail/in_place.hpp>
#include <parton/tensor/detail/indexing.hpp>
#include <parton/tensor/detail/write_watch.hpp>
#include <parton/tensor/grad_req.hpp>
#include <parton/tensor/scalar.hpp>
#include <parton/tensor/shape.hpp>
#include <parton/tensor/storage.hpp>

namespace parton {

namespace detail {

struct Access;

// The tape's side of the members below; autograd/ has the definitions.
template <class Scalar>
void record_view(std::string_view kind, Tensor<Scalar>& result, const Tensor<Scalar>& source,
                 Index first);
template <class To, class Scalar>
void record_cast(Tensor<To>& result, const Tensor<Scalar>& source);
template <class Scalar>
void trace_writing(const Tensor<Scalar>& to);
template <class Scalar>
void trace_detached(const Tensor<Scalar>& result, const Tensor<Scalar>& source);
template <class Scalar>
void trace_in_place(const char* op, const Tensor<Scalar>& to, const Tensor<Scalar>& from);
template <class Scalar, class T>
void trace_in_place(const char* op, const Tensor<Scalar>& to, T number);

}  // namespace detail

/// An array of any rank: a handle to row-major, 64-byte aligned, reference-counted storage.
///
/// A copy of a Tensor shares its storage, like a row, a slice, a reshape and an Eigen view;
/// `copy()` does not. Const is the handle: a copy of a const Tensor may write to the same storage.
/// A default-constructed Tensor has the shape `(0,)`. Access by index is checked, in every build;
/// the Eigen views are as fast and as unchecked as Eigen, and like a span or an element they do not
/// keep the storage alive. A Tensor that only has a shape (see `shape_only`) throws ValueError
/// where values are read and ignores what is written.
template <class Scalar>
class Tensor {
  static_assert(TensorScalar<Scalar>,
                "a Tensor holds float, double, Eigen::half, Eigen::bfloat16, integers or bool");

 public:
  using value_type = Scalar;
  using RowMajorMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using VectorX = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  using ArrayX = Eigen::Array<Scalar, Eigen::Dynamic, 1>;

  Tensor() = default;

  /// From nested braces: `Tensor<> b = {{1, 2}, {3, 4}}`. \throws ShapeError for ragged ones.
  Tensor(std::initializer_list<detail::Braces<Scalar>> items)
      : Tensor(from(detail::Braces<Scalar>(items))) {}

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
      Tensor(const Expression& expression)  // NOLINT: implicit on purpose
      : Tensor(detail::copy_tensor<Tensor>(expression)) {}

  /// A copy of a run of values, as rank 1: a std::vector, std::array or std::span.
  template <detail::Values Range>
  requires(std::same_as<std::ranges::range_value_t<const Range>, Scalar>)
      Tensor(const Range& values)  // NOLINT: implicit on purpose
      : Tensor(empty({std::ranges::size(values)})) {
    std::copy_n(std::ranges::data(values), size(), raw());
  }

  /// Uninitialized values of a known shape.
  /// \throws ShapeError if a dimension is not known, MemoryError if memory is short.
  [[nodiscard]] static Tensor empty(const Shape& shape) {
    Tensor result;
    result.record_ = detail::TensorRecord::fresh(shape, sizeof(Scalar));
    return result;
  }
  template <NumberFor<Scalar> T>
  [[nodiscard]] static Tensor full(const Shape& shape, T value) {
    Tensor result = empty(shape);
    std::fill_n(result.raw(), result.size(), detail::narrow<Scalar>(value));
    return result;
  }
  [[nodiscard]] static Tensor zeros(const Shape& shape) { return full(shape, Scalar(0)); }

  /// A shape without values: what the ops compute with while shapes are inferred.
  [[nodiscard]] static Tensor shape_only(const Shape& shape) {
    detail::TensorRecord::check_known(shape);
    Tensor result;
    result.record_ = detail::TensorRecord::make(shape, {}, nullptr);
    return result;
  }
  /// A tensor over memory that belongs to `owner`, which it keeps alive: row-major.
  /// \throws ValueError if `data` is null or not aligned for Scalar.
  [[nodiscard]] static Tensor adopt(Scalar* data, const Shape& shape, std::shared_ptr<void> owner) {
    detail::TensorRecord::check_known(shape);
    const bool aligned = reinterpret_cast<std::uintptr_t>(data) % alignof(Scalar) == 0;
    if ((data == nullptr && shape.size() > 0) || !aligned)
      throw errors::cannot_adopt(shape.to_string(), alignof(Scalar));
    Tensor result;
    result.record_ = detail::TensorRecord::make(
        shape,
        detail::Buffer::adopt(data, static_cast<std::size_t>(shape.size()) * sizeof(Scalar),
                              std::move(owner)),
        data);
    return result;
  }

  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  ~Tensor() = default;
  // For lvalues only: `p.data() = x` would silently re-seat a temporary handle.
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;

  [[nodiscard]] const Shape& shape() const noexcept {
    static constexpr Shape none{0};
    return record_ ? record_->shape : none;
  }
  [[nodiscard]] std::size_t rank() const noexcept { return shape().rank(); }
  [[nodiscard]] Index size() const noexcept { return shape().size(); }
  /// False while shapes are inferred without arithmetic.
  [[nodiscard]] bool has_values() const noexcept { return !record_ || record_->buffer; }
  [[nodiscard]] bool shares_storage_with(const Tensor& other) const noexcept {
    return record_ && other.record_ && record_->buffer &&
           record_->buffer.get() == other.record_->buffer.get();
  }

  /// The elements in row-major order. \throws ValueError if there are no values.
  [[nodiscard]] const Scalar* data() const { return raw(); }
  [[nodiscard]] Scalar* mutable_data() { return exposed(); }
  [[nodiscard]] std::span<const Scalar> span() const {
    return {raw(), static_cast<std::size_t>(size())};
  }
  [[nodiscard]] std::span<Scalar> span() { return {exposed(), static_cast<std::size_t>(size())}; }

  /// One element; an index may count from the end. \throws IndexError outside the shape.
  template <WholeNumber... Indices>
  [[nodiscard]] Scalar& operator()(Indices... indices) {
    return exposed()[offset({detail::to_index(indices)...})];
  }
  template <WholeNumber... Indices>
  [[nodiscard]] const Scalar& operator()(Indices... indices) const {
    return raw()[offset({detail::to_index(indices)...})];
  }

  // Rows, slices and reshapes share storage; those of a const Tensor come const, so that
  // `input[0] += 1` does not write through a const reference.

  /// The sub-tensor at `index` along axis 0 (a row of a matrix). \throws IndexError
  [[nodiscard]] Tensor operator[](WholeNumber auto index) { return row(detail::to_index(index)); }
  [[nodiscard]] const Tensor operator[](WholeNumber auto index) const {
    return row(detail::to_index(index));
  }

  /// The sub-tensors [begin, end) along axis 0; a negative bound counts from the end.
  /// \throws IndexError if they do not lie within the axis.
  [[nodiscard]] Tensor slice(WholeNumber auto begin, WholeNumber auto end) {
    return rows(detail::to_index(begin), detail::to_index(end));
  }
  [[nodiscard]] const Tensor slice(WholeNumber auto begin, WholeNumber auto end) const {
    return rows(detail::to_index(begin), detail::to_index(end));
  }

  /// The same elements under another shape; one dimension may be -1.
  /// \throws ShapeError if the number of elements differs.
  [[nodiscard]] Tensor reshape(const Shape& wanted) {
    return view("reshape", detail::checked_reshape(wanted, shape()), 0);
  }
  [[nodiscard]] const Tensor reshape(const Shape& wanted) const {
    return view("reshape", detail::checked_reshape(wanted, shape()), 0);
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
    detail::record_view("identity", result, *this, 0);
    return result;
  }

  /// The values converted to another scalar, in storage of their own. A float that an integer
  /// cannot hold becomes its nearest end, NaN becomes 0; an integer wraps to a narrower one.
  template <TensorScalar To>
  [[nodiscard]] Tensor<To> cast() const {
    if (!has_values()) return Tensor<To>::shape_only(shape());
    Tensor<To> result = Tensor<To>::empty(shape());
    const Scalar* from = raw();
    std::transform(from, from + size(), result.mutable_data(),
                   [](Scalar x) { return detail::convert<To>(x); });
    detail::record_cast(result, *this);
    return result;
  }

  /// Writes one value, or the values of `other` (broadcast to this shape), into this storage.
  /// \throws ShapeError if `other` does not fit.
  template <NumberFor<Scalar> T>
  void fill(T number) {
    const auto value = detail::narrow<Scalar>(number);
    if (!has_values() || size() == 0) return;
    if (detail::tracer != nullptr) detail::trace_writing(*this);
    detail::before_write(*record_);
    std::fill_n(raw(), size(), value);
    if (detail::tracer != nullptr) detail::trace_in_place("fill", *this, value);
  }
  void assign(const Tensor& other) { combine("assign", other, detail::Second{}); }

  /// In place with a number; integers wrap around. \throws ValueError for an integer divided by 0,
  /// or a number that an integer tensor cannot hold.
  template <NumberFor<Scalar> T>
  Tensor& operator+=(T b) {
    return combine(b, std::plus<>{});
  }
  template <NumberFor<Scalar> T>
  requires(!std::same_as<Scalar, bool>) Tensor& operator-=(T b) {
    return combine(b, std::minus<>{});
  }
  template <NumberFor<Scalar> T>
  Tensor& operator*=(T b) {
    return combine(b, std::multiplies<>{});
  }
  template <NumberFor<Scalar> T>
  requires(!std::same_as<Scalar, bool>) Tensor& operator/=(T b) {
    return combine(b, std::divides<>{});
  }
  /// In place with a tensor, broadcast to this shape as NumPy does. For bools `+=` is or, `*=` and.
  /// \throws ShapeError if it does not fit. \throws ValueError for an integer divided by 0.
  Tensor& operator+=(const Tensor& b) { return combine("+=", b, std::plus<>{}); }
  Tensor& operator-=(const Tensor& b) requires(!std::same_as<Scalar, bool>) {
    return combine("-=", b, std::minus<>{});
  }
  Tensor& operator*=(const Tensor& b) { return combine("*=", b, std::multiplies<>{}); }
  Tensor& operator/=(const Tensor& b) requires(!std::same_as<Scalar, bool>) {
    return combine("/=", b, std::divides<>{});
  }

  /// True if shapes and all values are equal (so a NaN makes it false).
  [[nodiscard]] friend bool operator==(const Tensor& a, const Tensor& b) {
    return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
  }

  // Eigen views, sharing storage.

  /// An Eigen tensor of static rank. \throws ShapeError if the rank differs.
  template <int Rank>
  [[nodiscard]] auto tensor() {
    using Plain = Eigen::Tensor<Scalar, Rank, Eigen::RowMajor>;
    return Eigen::TensorMap<Plain>(exposed(), eigen_dims<Rank>());
  }
  template <int Rank>
  [[nodiscard]] auto tensor() const {
    using Plain = Eigen::Tensor<Scalar, Rank, Eigen::RowMajor>;
    return Eigen::TensorMap<const Plain>(raw(), eigen_dims<Rank>());
  }
  /// A row-major matrix. \throws ShapeError unless the rank is 2.
  [[nodiscard]] Eigen::Map<RowMajorMatrix> matrix() {
    detail::check_rank("matrix()", 2, shape());
    return {exposed(), shape()[0], shape()[1]};
  }
  [[nodiscard]] Eigen::Map<const RowMajorMatrix> matrix() const {
    detail::check_rank("matrix()", 2, shape());
    return {raw(), shape()[0], shape()[1]};
  }
  /// A column vector. \throws ShapeError unless the rank is 1.
  [[nodiscard]] Eigen::Map<VectorX> vector() {
    detail::check_rank("vector()", 1, shape());
    return flat();
  }
  [[nodiscard]] Eigen::Map<const VectorX> vector() const {
    detail::check_rank("vector()", 1, shape());
    return flat();
  }
  /// All elements in row-major order, whatever the rank: a vector, or a coefficient-wise array.
  [[nodiscard]] Eigen::Map<VectorX> flat() { return {exposed(), size()}; }
  [[nodiscard]] Eigen::Map<const VectorX> flat() const { return {raw(), size()}; }
  [[nodiscard]] Eigen::Map<ArrayX> array() { return {exposed(), size()}; }
  [[nodiscard]] Eigen::Map<const ArrayX> array() const { return {raw(), size()}; }

  // Gradients; autograd/ has the definitions.

  /// Marks this tensor as one whose gradient is wanted, which is zero until the first backward. A
  /// recorded result is cut off from what it came from.
  /// \throws GradientError for the values of a Parameter, which has set_grad_req().
  void attach_grad(GradReq req = GradReq::write) requires FloatingScalar<Scalar>;
  /// The gradient, of this shape, of a marked tensor or of the values of a Parameter.
  /// \throws GradientError if there is none.
  [[nodiscard]] Tensor grad() const requires FloatingScalar<Scalar>;
  /// Computes the gradients of this tensor's sum with respect to all marked tensors and parameters
  /// that it came from, and frees the recording.
  /// \throws GradientError if this tensor was not recorded, or something that the gradient needs
  /// was written to since; no gradient has changed then.
  void backward() const requires FloatingScalar<Scalar>;
  /// The same of the sum of `this * head_gradient`; `retain_graph` keeps the recording for another
  /// backward. \throws ShapeError if `head_gradient` has another shape.
  void backward(const Tensor& head_gradient,
                bool retain_graph = false) const requires FloatingScalar<Scalar>;
  /// The same values, sharing storage, as a tensor that no gradient flows through.
  [[nodiscard]] Tensor detach() const {
    if (!record_) return *this;
    // With a record of its own, so that attach_grad() of one does not mark the other.
    Tensor result;
    result.record_ = detail::TensorRecord::make(shape(), record_->buffer, record_->data);
    if (detail::tracer != nullptr) detail::trace_detached(result, *this);
    return result;
  }

 private:
  friend struct detail::Access;

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

  /// The elements for somebody who may write to them unseen.
  [[nodiscard]] Scalar* exposed() const {
    Scalar* const elements = raw();
    if (elements != nullptr) record_->buffer->expose();
    return elements;
  }

  [[nodiscard]] Tensor view(std::string_view kind, const Shape& shape, Index first) const {
    if (!record_) return empty(shape);
    if (!record_->buffer) return shape_only(shape);
    Tensor result;
    result.record_ = detail::TensorRecord::make(shape, record_->buffer, raw() + first);
    detail::record_view(kind, result, *this, first);
    return result;
  }

  [[nodiscard]] Tensor row(Index index) const {
    if (rank() == 0) throw errors::row_of_scalar();
    const Index at = detail::checked_index(index, 0, shape());
    const Shape inner(shape().dims().subspan(1));
    return view("row", inner, at * inner.size());
  }

  [[nodiscard]] Tensor rows(Index begin, Index end) const {
    const auto [from, to] = detail::checked_slice(begin, end, shape());
    return view("slice", shape().with(0, to - from), from * shape().product(1));
  }

  [[nodiscard]] Index offset(std::initializer_list<Index> indices) const {
    return detail::checked_offset(indices, shape());
  }

  template <int Rank>
  [[nodiscard]] Eigen::DSizes<Eigen::DenseIndex, Rank> eigen_dims() const {
    detail::check_tensor_rank(Rank, shape());
    Eigen::DSizes<Eigen::DenseIndex, Rank> dims;
    std::copy_n(shape().begin(), Rank, dims.begin());
    return dims;
  }

  template <class T, class Function>
  Tensor& combine(T b, Function f) {
    const auto number = detail::narrow<detail::InPlace<Scalar>>(b);
    detail::check_divisors<Function>(&number, 1);
    if (!has_values() || size() == 0) return *this;
    if (detail::tracer != nullptr) detail::trace_writing(*this);
    detail::before_write(*record_);
    detail::combine_run(f, raw(), number, size());
    if (detail::tracer != nullptr)
      detail::trace_in_place(detail::arithmetic_name<Function>(), *this, number);
    return *this;
  }

  template <class Function>
  Tensor& combine(std::string_view operation, const Tensor& other, Function f) {
    const detail::Broadcast broadcast(operation, shape(), other.shape());
    if (!has_values() || size() == 0) return *this;
    Scalar* to = raw();
    const Scalar* from = other.raw();
    detail::check_divisors<Function>(from, other.size());
    if (detail::tracer != nullptr) detail::trace_writing(*this);
    detail::before_write(*record_, other.record_.get());
    // A source that overlaps this storage, other than element on element, would change while read.
    const bool same = to == from && size() == other.size();
    Tensor source;
    if (!same && detail::overlap(to, size(), from, other.size())) {
      const detail::TraceScope silent(nullptr);
      source = other.copy();
      from = source.raw();
    }
    detail::combine_runs(f, broadcast, to, from);
    if (detail::tracer != nullptr)
      detail::trace_in_place(detail::arithmetic_name<Function>(), *this, other);
    return *this;
  }

  detail::Counted<detail::TensorRecord> record_;
};

namespace detail {

/// The record behind a handle, for the tape and for kernels.
struct Access {
  template <class Scalar>
  static TensorRecord* record(const Tensor<Scalar>& x) noexcept {
    return x.record_.get();
  }
  template <class Scalar>
  static const Counted<TensorRecord>& counted(const Tensor<Scalar>& x) noexcept {
    return x.record_;
  }
  template <class Scalar>
  static Tensor<Scalar> tensor(Counted<TensorRecord> record) noexcept {
    Tensor<Scalar> result;
    result.record_ = std::move(record);
    return result;
  }
};

/// The elements of a tensor that nobody else has seen yet.
template <class Scalar>
Scalar* fresh_data(Tensor<Scalar>& x) noexcept {
  TensorRecord* const record = Access::record(x);
  return record == nullptr ? nullptr : static_cast<Scalar*>(record->data);
}

/// The elements for one write in place, now. \throws GradientError for a recorded result.
template <class Scalar>
Scalar* data_for_write(Tensor<Scalar>& x) {
  TensorRecord* const record = Access::record(x);
  if (record == nullptr) return nullptr;
  before_write(*record);
  return static_cast<Scalar*>(record->data);
}

}  // namespace detail

}  // namespace parton
