// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <type_traits>

#include <parton/tensor/scalar.hpp>

namespace parton::io {

/// What the elements of a tensor in a file are, in the order in which safetensors sorts.
enum class Dtype : std::uint8_t {
  boolean,
  uint8,
  int8,
  float8_e5m2,  ///< listed, but no Tensor holds it
  float8_e4m3,  ///< listed, but no Tensor holds it
  int16,
  uint16,
  float16,
  bfloat16,
  int32,
  uint32,
  float32,
  complex64,  ///< listed, but no Tensor holds it
  float64,
  int64,
  uint64
};

namespace detail {

/// How a dtype is called, in Gluon and in the formats; an empty name is one that a format lacks.
struct DtypeRow {
  std::string_view name, safetensors, numpy;
  std::size_t bytes;
};

/// bfloat16 is in NumPy files what the package ml_dtypes writes: two bytes without a meaning.
inline constexpr std::array<DtypeRow, 16> dtype_table{{{"bool", "BOOL", "b1", 1},
                                                       {"uint8", "U8", "u1", 1},
                                                       {"int8", "I8", "i1", 1},
                                                       {"float8_e5m2", "F8_E5M2", "", 1},
                                                       {"float8_e4m3", "F8_E4M3", "", 1},
                                                       {"int16", "I16", "i2", 2},
                                                       {"uint16", "U16", "u2", 2},
                                                       {"float16", "F16", "f2", 2},
                                                       {"bfloat16", "BF16", "V2", 2},
                                                       {"int32", "I32", "i4", 4},
                                                       {"uint32", "U32", "u4", 4},
                                                       {"float32", "F32", "f4", 4},
                                                       {"complex64", "C64", "c8", 8},
                                                       {"float64", "F64", "f8", 8},
                                                       {"int64", "I64", "i8", 8},
                                                       {"uint64", "U64", "u8", 8}}};

constexpr const DtypeRow& row_of(Dtype dtype) {
  return dtype_table[static_cast<std::size_t>(dtype)];
}

/// The dtype that `column` calls so, if there is one.
constexpr std::optional<Dtype> find_dtype(std::string_view DtypeRow::*column,
                                          std::string_view name) {
  for (std::size_t i = 0; i < dtype_table.size(); ++i)
    if (!name.empty() && dtype_table[i].*column == name) return static_cast<Dtype>(i);
  return std::nullopt;
}

}  // namespace detail

/// The name as a Parameter prints it: `float32`.
[[nodiscard]] constexpr std::string_view to_string(Dtype dtype) {
  return detail::row_of(dtype).name;
}
/// The bytes of one element.
[[nodiscard]] constexpr std::size_t size_of(Dtype dtype) { return detail::row_of(dtype).bytes; }

inline std::ostream& operator<<(std::ostream& os, Dtype dtype) { return os << to_string(dtype); }

/// The dtype of a Tensor<Scalar>.
template <TensorScalar Scalar>
[[nodiscard]] constexpr Dtype dtype_of() {
  return *detail::find_dtype(&detail::DtypeRow::name, dtype_name<Scalar>());
}

[[nodiscard]] constexpr bool is_floating(Dtype dtype) {
  return dtype == Dtype::float16 || dtype == Dtype::bfloat16 || dtype == Dtype::float32 ||
         dtype == Dtype::float64;
}
/// False for what is listed but cannot be read into a Tensor.
[[nodiscard]] constexpr bool is_held(Dtype dtype) {
  return dtype != Dtype::float8_e5m2 && dtype != Dtype::float8_e4m3 && dtype != Dtype::complex64;
}
/// True if every value of the floating `from` is one of the floating `to`.
[[nodiscard]] constexpr bool widens(Dtype from, Dtype to) {
  if (from == to) return true;
  if (!is_floating(from) || !is_floating(to)) return false;
  return size_of(from) < size_of(to);
}

}  // namespace parton::io
