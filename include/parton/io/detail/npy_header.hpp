// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/array.hpp>
#include <parton/io/detail/mapped.hpp>

/// \file The header of .npy data: a magic text, a version, a length, and a dictionary as Python
/// writes it. Source: numpy.lib.format.

namespace parton::io::detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";
/// No dictionary of ours or of NumPy's comes near it.
inline constexpr std::uint64_t max_npy_header = 65536;

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
class NpyHeaderReader {
 public:
  /// \param place where the dictionary begins.
  NpyHeaderReader(const errors::FilePlace& place, std::string_view text)
      : place_(place), text_(text) {}

  /// The dtype, the shape and the order; the name is that of the place. \throws FormatError
  TensorInfo read() {
    TensorInfo info;
    info.name = place_.tensor;
    bool has_descr = false, has_order = false, has_shape = false;
    std::vector<std::uint64_t> dims;
    expect('{');
    while (!take('}')) {
      const std::string key(quoted());
      bool& has = key == "descr" ? has_descr : key == "fortran_order" ? has_order : has_shape;
      if (key != "descr" && key != "fortran_order" && key != "shape")
        throw errors::bad_header(here(), "the key " + errors::shown_name(key) + " is not known");
      if (has) throw errors::duplicate_key(here(), key);
      has = true;
      expect(':');
      if (key == "descr")
        set_dtype(info);
      else if (key == "fortran_order")
        info.column_major = truth();
      else
        dims = tuple();
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (at_ != text_.size()) fail("the end of the text");
    if (!has_descr) throw errors::missing_field(place_, "descr");
    if (!has_order) throw errors::missing_field(place_, "fortran_order");
    if (!has_shape) throw errors::missing_field(place_, "shape");
    set_shape(info, dims, place_);
    return info;
  }

 private:
  [[nodiscard]] errors::FilePlace here() const {
    return {place_.file, place_.tensor, place_.byte + at_};
  }
  [[noreturn]] void fail(std::string_view expected) const {
    throw errors::bad_header(here(), "expected " + std::string(expected));
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t'))
      ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("'") + c + "'");
  }
  std::string_view quoted() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') fail("a text in quotes");
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote) ++at_;
    if (at_ == text_.size()) fail("the end of a text in quotes");
    return text_.substr(begin, at_++ - begin);
  }
  bool word(std::string_view wanted) {
    skip_space();
    if (!text_.substr(at_).starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  bool truth() {
    if (word("True")) return true;
    if (!word("False")) fail("True or False");
    return false;
  }
  void set_dtype(TensorInfo& info) {
    skip_space();
    if (at_ < text_.size() && text_[at_] == '[')
      throw errors::unknown_dtype(here(), "structured array");
    std::string_view name = quoted();
    const std::string_view whole = name;
    if (name.find_first_of("<>|=") == 0) {
      info.big_endian = name.front() == '>';
      name.remove_prefix(1);
    }
    if (name == "?") name = "b1";
    const auto dtype = find_dtype(&DtypeRow::numpy, name);
    if (!dtype) throw errors::unknown_dtype(here(), whole);
    info.dtype = *dtype;
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> dims;
    expect('(');
    while (!take(')')) {
      skip_space();
      const std::size_t begin = at_;
      std::uint64_t number = 0;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
        const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
        if (!multiply(number, 10) || number > UINT64_MAX - digit)
          throw errors::bad_field(here(), "shape", "of numbers that fit into 64 bits");
        number += digit;
      }
      if (at_ == begin) fail("a whole number from 0");
      static_cast<void>(word("L"));  // Python 2 wrote it
      if (dims.size() > 64) throw errors::too_many_dimensions(here(), 65, Shape::max_rank);
      dims.push_back(number);
      if (!take(',')) {
        // `(3)` is a number in Python, no tuple.
        if (dims.size() == 1) fail("','");
        expect(')');
        break;
      }
    }
    return dims;
  }

  errors::FilePlace place_;
  std::string_view text_;
  std::size_t at_ = 0;
};

/// Reads the header at the beginning of .npy data through `get(offset, count)`, which gives so many
/// bytes or throws. The result's offset is where the data begin. \throws FormatError
template <class Get>
TensorInfo read_npy_header(const errors::FilePlace& place, Get&& get) {
  const auto byte = [](std::string_view text, std::size_t i) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]));
  };
  const std::string magic(get(0, 8));
  if (!magic.starts_with(npy_magic))
    throw errors::bad_header(place, "it does not begin as .npy data do, with \\x93NUMPY");
  const auto major = byte(magic, 6), minor = byte(magic, 7);
  if (major < 1 || major > 3 || minor != 0)
    throw errors::bad_header({place.file, place.tensor, place.byte + 6},
                             "its version " + std::to_string(major) + "." + std::to_string(minor) +
                                 " is none of 1.0, 2.0 and 3.0");
  const std::size_t width = major == 1 ? 2 : 4;
  const std::string digits(get(8, width));
  std::uint64_t length = 0;
  for (std::size_t i = width; i-- > 0;) length = length * 256 + byte(digits, i);
  const errors::FilePlace begin{place.file, place.tensor, place.byte + 8 + width};
  if (length > max_npy_header)
    throw errors::header_too_long({place.file, place.tensor, place.byte + 8}, length,
                                  max_npy_header);
  const std::string text(get(8 + width, static_cast<std::size_t>(length)));
  TensorInfo info = NpyHeaderReader(begin, text).read();
  info.offset = 8 + width + length;
  return info;
}

/// The header of an array, version 1.0, padded so that the data are aligned to 64 bytes.
inline std::string npy_header(const Array& array) {
  std::string shape = "(";
  for (std::size_t i = 0; i < array.shape().rank(); ++i)
    shape += (i > 0 ? " " : "") + std::to_string(array.shape().dims()[i]) + ",";
  if (array.shape().rank() > 1) shape.pop_back();
  std::string text = "{'descr': '";
  text += size_of(array.dtype()) == 1 ? "|" : "<";
  text += row_of(array.dtype()).numpy;
  text += "', 'fortran_order': False, 'shape': " + shape + "), }";
  text.append(64 - (10 + text.size() + 1) % 64, ' ');
  text += '\n';
  std::string header(npy_magic);
  header +=
      {'\1', '\0', static_cast<char>(text.size() % 256), static_cast<char>(text.size() / 256)};
  return header + text;
}

}  // namespace parton::io::detail
