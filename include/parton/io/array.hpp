// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/io/dtype.hpp>
#include <parton/io/file.hpp>

namespace parton::io {

/// A named tensor on its way into a file. It shares the tensor's values: what they are when the
/// file is written counts.
class Array {
 public:
  /// \param as the dtype in the file, by which the values are rounded: both floating, or equal.
  /// \throws ValueError for a tensor without values, or a dtype that it cannot become.
  template <TensorScalar Scalar>
  Array(std::string name, const Tensor<Scalar>& tensor, Dtype as = dtype_of<Scalar>())
      : name_(std::move(name)),
        shape_(tensor.shape()),
        data_(reinterpret_cast<const std::byte*>(tensor.data())),
        held_(dtype_of<Scalar>()),
        dtype_(as),
        owner_(std::make_shared<const Tensor<Scalar>>(tensor)) {
    if (as != held_ && !(is_floating(as) && is_floating(held_)))
      throw errors::cannot_convert(name_, to_string(held_), to_string(as));
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  /// What it is in the file.
  [[nodiscard]] Dtype dtype() const noexcept { return dtype_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return static_cast<std::size_t>(shape_.size()) * size_of(dtype_);
  }

  /// Whether its values are rounded on the way; if not, they are written in one piece.
  [[nodiscard]] bool converts() const noexcept { return held_ != dtype_; }

  /// Gives the bytes of the file, in order, a piece at a time: `sink(data, bytes)`.
  /// \throws ValueError for a number that would be rounded to infinity.
  template <class Sink>
  void write(Sink&& sink) const {
    if (!converts()) {
      if (bytes() > 0) sink(data_, bytes());
      return;
    }
    detail::convert_elements(held_, data_, static_cast<std::size_t>(shape_.size()), dtype_, sink,
                             [&](std::size_t position, double value) {
                               throw errors::too_large_to_write(name_, position, value,
                                                                to_string(dtype_));
                             });
  }

 private:
  std::string name_;
  Shape shape_;
  const std::byte* data_;
  Dtype held_, dtype_;
  std::shared_ptr<const void> owner_;
};

/// What a file says about itself beside its tensors.
using Metadata = std::map<std::string, std::string>;

namespace detail {

/// \throws ValueError for a name twice or one that is too long.
inline void check_names(const std::string& file, const std::vector<Array>& arrays) {
  std::vector<std::string_view> names;
  for (const Array& array : arrays) {
    names.push_back(array.name());
    if (array.name().size() > max_tensor_name)
      throw errors::bad_tensor_name(
          file, array.name(), "it is longer than " + std::to_string(max_tensor_name) + " bytes");
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
    throw errors::tensor_name_twice(file, *twice);
}

}  // namespace detail

}  // namespace parton::io
