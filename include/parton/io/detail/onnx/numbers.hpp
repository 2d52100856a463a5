// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <Eigen/Core>

#include <parton/io/dtype.hpp>
#include <parton/tensor/scalar.hpp>

/// \file Numbers as the bytes of a file.

namespace parton::io::detail::to_onnx {

namespace numbers {

template <class T>
std::string bytes_of(double value, std::size_t count) {
  const T one = parton::detail::convert<T>(value);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i)
    bytes.append(reinterpret_cast<const char*>(&one), sizeof one);
  return bytes;
}

/// `count` times a number, as bytes of a dtype.
inline std::string bytes_of(double value, Dtype dtype, std::size_t count) {
  switch (dtype) {
    case Dtype::boolean:
      return bytes_of<bool>(value, count);
    case Dtype::uint8:
      return bytes_of<std::uint8_t>(value, count);
    case Dtype::int8:
      return bytes_of<std::int8_t>(value, count);
    case Dtype::int16:
      return bytes_of<std::int16_t>(value, count);
    case Dtype::uint16:
      return bytes_of<std::uint16_t>(value, count);
    case Dtype::float16:
      return bytes_of<Eigen::half>(value, count);
    case Dtype::bfloat16:
      return bytes_of<Eigen::bfloat16>(value, count);
    case Dtype::int32:
      return bytes_of<std::int32_t>(value, count);
    case Dtype::uint32:
      return bytes_of<std::uint32_t>(value, count);
    case Dtype::float64:
      return bytes_of<double>(value, count);
    case Dtype::int64:
      return bytes_of<std::int64_t>(value, count);
    case Dtype::uint64:
      return bytes_of<std::uint64_t>(value, count);
    default:
      return bytes_of<float>(value, count);
  }
}

}  // namespace numbers

}  // namespace parton::io::detail::to_onnx
