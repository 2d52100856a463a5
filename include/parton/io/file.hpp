// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/io/detail/elements.hpp>
#include <parton/io/dtype.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::io {

/// The longest name of a tensor in a file, in bytes: it keeps every pattern on names safe.
inline constexpr std::size_t max_tensor_name = 4096;

/// A tensor in a file, as the file lists it.
struct TensorInfo {
  std::string name = {};
  Dtype dtype = Dtype::float32;
  Shape shape = {};
  /// Where its data lie: in the file, or in the unpacked member of an .npz.
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  /// The first axis changes fastest (NumPy's fortran_order); it is turned when it is read.
  bool column_major = false;
  bool big_endian = false;
};

namespace detail {

/// The data of a tensor as they lie in a file; `owner` keeps them in memory.
struct Bytes {
  std::byte* data = nullptr;
  std::shared_ptr<void> owner;
};

/// Where a file's data come from: a map, or what unpacks them.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;
  /// The data of the tensor that the file lists at this position. May be called by many threads.
  [[nodiscard]] virtual Bytes bytes(std::size_t position, const TensorInfo& info) const = 0;
};

/// What a reader of a format finds.
struct Contents {
  std::vector<TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const Source> source;
};

/// \throws FormatError if a bool is neither 0 nor 1.
inline void check_bools(const std::string& file, const TensorInfo& info, const std::byte* data) {
  if (info.dtype != Dtype::boolean) return;
  for (std::uint64_t i = 0; i < info.bytes; ++i)
    if (const auto value = std::to_integer<unsigned>(data[i]); value > 1)
      throw errors::not_a_bool({file, info.name, info.offset + i}, value);
}

/// Writes a tensor's elements to `to`, row-major, its axes in reverse if `transpose` is set, and
/// converted to the floating dtype `as` if that is another one.
/// \throws ValueError for a number that would be rounded to infinity.
inline void read_elements(const std::string& file, const TensorInfo& info, const std::byte* from,
                          bool transpose, Dtype as, std::byte* to) {
  const std::size_t element = size_of(info.dtype), bytes = static_cast<std::size_t>(info.bytes);
  if (bytes == 0) return;
  const bool turn = info.column_major != transpose && info.shape.rank() > 1;
  std::vector<std::byte> swapped, turned;
  if (info.big_endian && element > 1) {
    swapped.assign(from, from + bytes);
    swap_bytes(swapped.data(), bytes / element, element);
    from = swapped.data();
  }
  if (turn) {
    // Column-major data of a shape are row-major data of the reversed shape.
    const Shape stored = info.column_major ? reversed(info.shape) : info.shape;
    if (as == info.dtype) return reverse_axes(element, from, stored, to);
    turned.resize(bytes);
    reverse_axes(element, from, stored, turned.data());
    from = turned.data();
  }
  if (as == info.dtype) {
    std::memcpy(to, from, bytes);
    return;
  }
  convert_elements(
      info.dtype, from, bytes / element, as,
      [&](const std::byte* piece, std::size_t count) {
        std::memcpy(to, piece, count);
        to += count;
      },
      [&](std::size_t position, double value) {
        throw errors::too_large_to_read(file, info.name, position, value, to_string(as));
      });
}

}  // namespace detail

/// A file of named tensors, open for reading; open() makes one. Listing it reads no data, and a
/// tensor's data are read when it is asked for. A const File may be used by many threads.
class File {
 public:
  File(std::string path, detail::Contents contents)
      : path_(std::move(path)), contents_(std::move(contents)) {
    order_.resize(contents_.tensors.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
    const auto& tensors = contents_.tensors;
    std::sort(order_.begin(), order_.end(),
              [&](std::size_t a, std::size_t b) { return tensors[a].name < tensors[b].name; });
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const TensorInfo& info = tensors[order_[i]];
      if (info.name.size() > max_tensor_name)
        throw errors::name_in_file_too_long({path_, info.name, info.offset}, info.name.size(),
                                            max_tensor_name);
      if (i > 0 && tensors[order_[i - 1]].name == info.name)
        throw errors::duplicate_key({path_, {}, info.offset}, info.name);
    }
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// In the order of the file.
  [[nodiscard]] const std::vector<TensorInfo>& tensors() const noexcept {
    return contents_.tensors;
  }
  /// What the file says about itself; empty in the formats that have none.
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const noexcept {
    return contents_.metadata;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const TensorInfo& info : tensors()) result.push_back(info.name);
    return result;
  }
  [[nodiscard]] const TensorInfo* find(std::string_view name) const noexcept {
    const auto at = std::lower_bound(
        order_.begin(), order_.end(), name,
        [&](std::size_t i, std::string_view wanted) { return tensors()[i].name < wanted; });
    return at == order_.end() || tensors()[*at].name != name ? nullptr : &tensors()[*at];
  }
  [[nodiscard]] bool contains(std::string_view name) const noexcept {
    return find(name) != nullptr;
  }
  /// \throws KeyError with the nearest names if there is none.
  [[nodiscard]] const TensorInfo& info(std::string_view name) const {
    if (const TensorInfo* found = find(name)) return *found;
    std::vector<std::string> some = names();
    if (some.size() > 1000) some.resize(1000);
    throw errors::no_such_tensor(path_, name, parton::detail::nearest_names(name, some),
                                 tensors().size());
  }

  /// The tensor of this name. It lies in the file's map, without a copy, where byte order,
  /// alignment and memory order allow; writing to it does not change the file, but may be seen by
  /// who asks this File for it again: copy() is for those who write.
  /// \throws KeyError; TypeError if its elements are no Scalar; FormatError for damaged data.
  template <TensorScalar Scalar>
  [[nodiscard]] Tensor<Scalar> tensor(std::string_view name) const {
    const TensorInfo& info = this->info(name);
    if (info.dtype != dtype_of<Scalar>())
      throw errors::tensor_dtype(path_, name, to_string(info.dtype), dtype_name<Scalar>());
    return give<Scalar>(info, bytes(info));
  }

  /// Calls `f` with the tensor of this name, whatever its dtype is: with a Tensor<half>, say. A
  /// bool one is given as a Tensor<std::uint8_t>, and so are, in one row, the bytes of one that no
  /// Tensor holds. \throws KeyError, FormatError
  template <class F>
  void visit(std::string_view name, F&& f) const {
    const TensorInfo& info = this->info(name);
    if (!is_held(info.dtype)) {
      const detail::Bytes found = contents_.source->bytes(position_of(info), info);
      const TensorInfo row{info.name, Dtype::uint8, Shape{info.bytes}, info.offset, info.bytes};
      f(give<std::uint8_t>(row, found));
      return;
    }
    const detail::Bytes found = bytes(info);
    TensorInfo plain = info;
    if (info.dtype == Dtype::boolean) plain.dtype = Dtype::uint8;
    detail::with_scalar(info.dtype, [&](auto zero) { f(give<decltype(zero)>(plain, found)); });
  }

  /// The tensor of this name in a floating scalar, converted from whatever it is in the file.
  /// \throws KeyError; TypeError for a dtype that cannot be read; ValueError for a number that
  /// would be rounded to infinity; FormatError
  template <FloatingScalar Scalar>
  [[nodiscard]] Tensor<Scalar> converted(std::string_view name) const {
    return read<Scalar>(info(name), false);
  }

  /// A copy of a listed tensor, converted to a floating scalar, its axes in reverse if `transpose`
  /// is set. \throws TypeError, ValueError, FormatError
  template <FloatingScalar Scalar>
  [[nodiscard]] Tensor<Scalar> read(const TensorInfo& info, bool transpose) const {
    return copy<Scalar>(info, bytes(info), transpose);
  }

  /// A listed tensor's data as they lie in the file. \throws TypeError, FormatError
  [[nodiscard]] detail::Bytes bytes(const TensorInfo& info) const {
    if (!is_held(info.dtype))
      throw errors::dtype_not_held({path_, info.name, info.offset}, to_string(info.dtype));
    detail::Bytes found = contents_.source->bytes(position_of(info), info);
    detail::check_bools(path_, info, found.data);
    return found;
  }

 private:
  [[nodiscard]] std::size_t position_of(const TensorInfo& info) const noexcept {
    return static_cast<std::size_t>(&info - contents_.tensors.data());
  }

  /// As it lies in the map, if it can be used so; else a copy.
  template <class Scalar>
  [[nodiscard]] Tensor<Scalar> give(const TensorInfo& info, const detail::Bytes& found) const {
    const bool as_it_lies = !(info.big_endian && sizeof(Scalar) > 1) &&
                            !(info.column_major && info.shape.rank() > 1) && info.bytes > 0 &&
                            reinterpret_cast<std::uintptr_t>(found.data) % alignof(Scalar) == 0;
    if (as_it_lies)
      return Tensor<Scalar>::adopt(reinterpret_cast<Scalar*>(found.data), info.shape, found.owner);
    return copy<Scalar>(info, found, false);
  }

  template <class Scalar>
  [[nodiscard]] Tensor<Scalar> copy(const TensorInfo& info, const detail::Bytes& found,
                                    bool transpose) const {
    auto result = Tensor<Scalar>::empty(transpose ? detail::reversed(info.shape) : info.shape);
    try {
      detail::read_elements(path_, info, found.data, transpose, dtype_of<Scalar>(),
                            reinterpret_cast<std::byte*>(parton::detail::fresh_data(result)));
    } catch (const std::bad_alloc&) {
      throw parton::errors::out_of_memory(info.shape.to_string(),
                                          static_cast<std::size_t>(info.bytes));
    }
    return result;
  }

  std::string path_;
  detail::Contents contents_;
  std::vector<std::size_t> order_;  // by name
};

}  // namespace parton::io
