// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <parton/io/detail/file_map.hpp>
#include <parton/io/file.hpp>

namespace parton::io::detail {

/// Data that lie in a mapped file as they are.
class MappedSource final : public Source {
 public:
  explicit MappedSource(std::shared_ptr<FileMap> map) : map_(std::move(map)) {}
  [[nodiscard]] Bytes bytes(std::size_t, const TensorInfo& info) const override {
    map_->check_whole();
    return {map_->data() + info.offset, map_};
  }

 private:
  std::shared_ptr<FileMap> map_;
};

/// Works out a tensor's shape and bytes from dimensions that a file gives, which may be anything.
/// \throws FormatError
inline void set_shape(TensorInfo& info, const std::vector<std::uint64_t>& dims,
                      const errors::FilePlace& place) {
  if (dims.size() > Shape::max_rank)
    throw errors::too_many_dimensions(place, dims.size(), Shape::max_rank);
  std::string text = "(";
  for (const std::uint64_t dim : dims) text += std::to_string(dim) + ",";
  text += ")";
  // As Shape does: a dimension of 0 hides no overflow of the others.
  constexpr auto limit = static_cast<std::uint64_t>(PTRDIFF_MAX) / 16;
  std::uint64_t product = 1;
  bool empty = false;
  for (const std::uint64_t dim : dims) {
    empty = empty || dim == 0;
    if (dim > limit || (dim > 0 && (!multiply(product, dim) || product > limit)))
      throw errors::shape_too_large(place, text);
  }
  std::vector<Index> signed_dims(dims.begin(), dims.end());
  info.shape = Shape(signed_dims);
  info.bytes = empty ? 0 : product * size_of(info.dtype);
}

}  // namespace parton::io::detail
