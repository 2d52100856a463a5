// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

/// \file The error classes; error.hpp has their texts.

namespace parton {

/// The base of everything that parton throws.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  [[nodiscard]] const char* what() const noexcept override {
    return placed_ ? placed_->c_str() : std::runtime_error::what();
  }

  /// Adds the place in the tree of blocks, as ` (path 0.1)`, unless the text has one already. For
  /// those who let the error pass and know where they are.
  void say_where(const std::string& path) noexcept {
    if (path.empty() || placed_) return;
    try {
      const std::string text = what();
      // The path itself, or that of something below it.
      for (const char* start : {"path ", "at '"})
        if (text.find(start + path) != std::string::npos) return;
      placed_ = std::make_shared<const std::string>(text + " (path " + path + ")");
    } catch (...) {  // without memory, the error is passed on as it is
    }
  }

 private:
  std::shared_ptr<const std::string> placed_;
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
/// A tensor that does not fit into memory.
class MemoryError : public Error {
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
/// A file that cannot be opened, read or written.
class FileError : public Error {
  using Error::Error;
};
/// A file whose content is not what its format asks for.
class FormatError : public Error {
  using Error::Error;
};
/// A file that does not fit the net that it is loaded into.
class LoadError : public Error {
  using Error::Error;
};
/// A net that cannot be written for other software.
class ExportError : public Error {
  using Error::Error;
};

}  // namespace parton
