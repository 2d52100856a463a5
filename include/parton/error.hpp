// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// \file Every error class and every text of the library: one named factory for each message, so
/// that all of them can be read here. A text says what was wrong, with the expected and the found
/// value and the parameter's path, and then how to mend it.

namespace parton {

/// The base of everything that parton throws.
class Error : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Shapes that do not fit each other, or a shape that cannot be.
class ShapeError : public Error {
  using Error::Error;
};
/// An index, axis or position outside its range.
class IndexError : public Error {
  using Error::Error;
};
/// An argument outside its domain: a negative deviation, a rate above 1.
class ValueError : public Error {
  using Error::Error;
};
/// A name that is not there.
class KeyError : public Error {
  using Error::Error;
};
/// A name that cannot be given: taken, empty, too long, or with a character that paths use.
class NameError : public Error {
  using Error::Error;
};
/// A pattern that is not a regular expression.
class PatternError : public Error {
  using Error::Error;
};
/// A block or a parameter of another type than the one asked for.
class TypeError : public Error {
  using Error::Error;
};
/// A tie that cannot be made.
class TieError : public Error {
  using Error::Error;
};
/// A block that cannot be cloned or cast.
class CloneError : public Error {
  using Error::Error;
};
/// Data or gradient asked of a parameter that nobody has initialized.
class UninitializedError : public Error {
  using Error::Error;
};
/// Data or gradient asked of a parameter whose initialization waits for its shape.
class DeferredInitializationError : public Error {
  using Error::Error;
};
/// A gradient asked of a parameter that has none.
class GradientError : public Error {
  using Error::Error;
};
/// An initializer that does not fit the parameter, is unknown, or has a bad option.
class InitializerError : public Error {
  using Error::Error;
};

namespace detail {

inline std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// "'a', 'b'"; from eight names on the first three, an ellipsis and the last four.
inline std::string brief_list(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t n = names.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (n > 7 && i == 3) {
      text += ", ...";
      i = n - 5;
      continue;
    }
    text += (i > 0 ? ", " : "") + quoted(names[i]);
  }
  return text;
}

inline std::string did_you_mean(const std::vector<std::string>& nearest) {
  return nearest.empty() ? std::string() : " Did you mean " + brief_list(nearest) + "?";
}

}  // namespace detail

namespace errors {

using Text = std::string_view;
using detail::quoted;
using std::string;
using std::to_string;

// shapes and tensors

inline ShapeError dimension_too_large() {
  return ShapeError("a dimension is larger than the largest Index: was a negative number converted to unsigned?");
}
inline ShapeError rank_too_large(std::size_t rank, std::size_t limit) {
  return ShapeError("a shape of " + to_string(rank) + " dimensions: a Tensor has at most " + to_string(limit));
}
inline ShapeError negative_dimension(Text shape) {
  return ShapeError("the shape " + string(shape) + " has a negative dimension: use 0 or more, or -1 for one that is not known yet");
}
inline ShapeError shape_overflows(Text shape) {
  return ShapeError("the shape " + string(shape) + " has more elements than memory can address");
}
inline ShapeError unknown_dimension(Text shape) {
  return ShapeError("a Tensor of shape " + string(shape) + ": every dimension of a Tensor must be known");
}
inline IndexError axis_out_of_range(std::ptrdiff_t axis, Text shape) {
  return IndexError("axis " + to_string(axis) + " is out of range for the shape " + string(shape));
}
inline IndexError index_out_of_range(std::ptrdiff_t index, std::size_t axis, Text shape) {
  return IndexError("index " + to_string(index) + " is out of range for axis " + to_string(axis) + " of a tensor of shape " +
                    string(shape));
}
inline IndexError wrong_index_count(std::size_t given, Text shape) {
  return IndexError(to_string(given) + " indices for a tensor of shape " + string(shape) + ": element access takes one for each axis");
}
inline IndexError row_of_scalar() {
  return IndexError("a tensor of rank 0 has no rows: use item()");
}
inline IndexError bad_slice(std::ptrdiff_t begin, std::ptrdiff_t end, Text shape) {
  return IndexError("the slice [" + to_string(begin) + ", " + to_string(end) + ") does not lie within axis 0 of the shape " +
                    string(shape));
}
inline ShapeError wrong_rank(Text view, std::size_t expected, Text shape) {
  return ShapeError(string(view) + " needs a tensor of rank " + to_string(expected) + ", but the shape is " + string(shape) +
                    ": reshape it first, or use flat()");
}
inline ShapeError shapes_differ(Text operation, Text a, Text b) {
  return ShapeError(string(operation) + ": the shapes " + string(a) + " and " + string(b) + " do not fit together");
}
inline ShapeError not_one_element(Text shape) {
  return ShapeError("item() needs exactly one element, but the shape is " + string(shape));
}
inline ShapeError cannot_reshape(Text from, Text to) {
  return ShapeError("cannot reshape " + string(from) + " into " + string(to) + ": the number of elements differs");
}
inline ShapeError ragged_braces(std::size_t expected, std::size_t found) {
  return ShapeError("nested braces of different lengths: a list of " + to_string(expected) + " and one of " + to_string(found) +
                    " on the same level");
}
inline ValueError no_values() {
  return ValueError("this tensor has a shape but no values, because shapes are being inferred without arithmetic: a forward "
                    "that branches on values needs a real input, so run net(x) once instead of infer_shapes");
}

}  // namespace errors

}  // namespace parton
