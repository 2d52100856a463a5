// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <parton/io/detail/mapped.hpp>

/// \file The JSON of a safetensors file. The one header of io/ that includes nlohmann_json.

namespace parton::io::detail {

/// What the header says, entry by entry, not yet checked against each other.
struct SafetensorsHeader {
  struct Entry {
    TensorInfo info;  // offset and bytes as data_offsets say
    std::uint64_t byte = 0;
    std::uint64_t shape_bytes = 0;
  };
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
};

/// Takes the header as it is parsed: nothing is built that is not needed, and the nesting is
/// limited.
class SafetensorsHeaderReader : public nlohmann::json_sax<nlohmann::json> {
  using Json = nlohmann::json;

  /// Walks the text and tells how far the parser has come.
  struct Cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    const char* at = nullptr;
    const char** reached = nullptr;

    const char& operator*() const { return *at; }
    Cursor& operator++() {
      *reached = ++at;
      return *this;
    }
    Cursor operator++(int) {
      Cursor before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Cursor& a, const Cursor& b) { return a.at == b.at; }
    friend bool operator!=(const Cursor& a, const Cursor& b) { return a.at != b.at; }
  };

 public:
  /// \param first_byte where in the file the text begins. \throws FormatError
  static SafetensorsHeader read(const std::string& file, std::string_view text,
                                std::uint64_t first_byte) {
    SafetensorsHeaderReader reader(file, text, first_byte);
    // The parser skips a byte order mark, and takes a zero byte for the end.
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || text[begin] != '{')
      throw errors::bad_header(
          {file, {}, first_byte + (begin == std::string_view::npos ? 0 : begin)},
          "it must begin with '{'");
    if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
      throw errors::bad_header({file, {}, first_byte + zero}, "there is a zero byte in it");
    const Cursor first{text.data(), &reader.reached_}, last{text.data() + text.size(), nullptr};
    Json::sax_parse(first, last, &reader);
    return std::move(reader.result_);
  }

  bool null() override {
    if (skipping()) return true;
    // Some writers put null where there is no metadata.
    if (level_ == Level::metadata_value) return leave(Level::top);
    return value("null");
  }
  bool boolean(bool) override { return value("a boolean"); }
  bool number_integer(number_integer_t) override { return value("a negative number"); }
  bool number_float(number_float_t, const string_t&) override {
    return value("a number that is not whole, or too large");
  }
  bool binary(binary_t&) override { return value("binary"); }
  bool number_unsigned(number_unsigned_t number) override {
    if (skipping()) return true;
    if (level_ == Level::dimensions) {
      // What is refused later shall not take memory now.
      if (dims_.size() > 64) throw errors::too_many_dimensions(place(), 65, Shape::max_rank);
      dims_.push_back(number);
      return true;
    }
    if (level_ == Level::offsets && offsets_.size() < 2) {
      offsets_.push_back(number);
      return true;
    }
    return value("a number");
  }
  bool string(string_t& text) override {
    if (skipping()) return true;
    if (level_ == Level::metadata) {
      if (!result_.metadata.emplace(std::move(key_), std::move(text)).second)
        throw errors::duplicate_key(place(), metadata_key_);
      return true;
    }
    if (level_ == Level::dtype) {
      dtype_ = std::move(text);
      return leave(Level::entry);
    }
    return value("a text");
  }

  bool start_object(std::size_t) override {
    deeper();
    if (skipping()) return ++skipped_, true;
    if (level_ == Level::outside) return leave(Level::top);
    if (level_ == Level::metadata_value) return leave(Level::metadata);
    if (level_ == Level::entry_value) {
      dtype_.reset(), has_shape_ = has_offsets_ = false;
      dims_.clear(), offsets_.clear();
      return leave(Level::entry);
    }
    if (level_ == Level::other) return ++skipped_, true;
    return value("an object");
  }
  bool end_object() override {
    --depth_;
    if (skipping()) return after_skipping();
    if (level_ == Level::metadata) return leave(Level::top);
    if (level_ == Level::entry) finish_entry();
    return leave(Level::top);
  }
  bool start_array(std::size_t) override {
    deeper();
    if (skipping()) return ++skipped_, true;
    if (level_ == Level::shape) return leave(Level::dimensions);
    if (level_ == Level::offsets_value) return leave(Level::offsets);
    if (level_ == Level::other) return ++skipped_, true;
    return value("an array");
  }
  bool end_array() override {
    --depth_;
    if (skipping()) return after_skipping();
    if (level_ == Level::offsets && offsets_.size() != 2) return value("an array of another size");
    return leave(Level::entry);
  }
  bool key(string_t& text) override {
    if (skipping()) return true;
    if (level_ == Level::metadata) {
      key_ = std::move(text), metadata_key_ = key_;
      return true;
    }
    if (level_ == Level::entry) return entry_key(text);
    name_ = std::move(text);
    entry_byte_ = here();
    if (name_ != "__metadata__") return leave(Level::entry_value);
    if (has_metadata_) throw errors::duplicate_key({file_, {}, here()}, "__metadata__");
    has_metadata_ = true;
    return leave(Level::metadata_value);
  }

  bool parse_error(std::size_t position, const std::string&,
                   const Json::exception& error) override {
    std::string reason = error.what();
    // The parser quotes what it read last, of any length.
    if (reason.size() > 300)
      reason = reason.substr(0, 150) + " ... " + reason.substr(reason.size() - 100);
    for (char& c : reason)
      if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126) c = '?';
    const bool between = level_ == Level::outside || level_ == Level::top;
    throw errors::bad_header(
        {file_, between ? std::string() : name_, first_byte_ + (position > 0 ? position - 1 : 0)},
        reason);
  }

 private:
  /// What is expected next.
  enum class Level {
    outside,
    top,
    metadata_value,
    metadata,
    entry_value,
    entry,
    dtype,
    shape,
    dimensions,
    offsets_value,
    offsets,
    other
  };
  static constexpr std::size_t max_depth = 64;

  SafetensorsHeaderReader(const std::string& file, std::string_view text, std::uint64_t first_byte)
      : file_(file), begin_(text.data()), reached_(text.data()), first_byte_(first_byte) {}

  [[nodiscard]] std::uint64_t here() const {
    return first_byte_ + static_cast<std::uint64_t>(reached_ - begin_);
  }
  [[nodiscard]] errors::FilePlace place() const { return {file_, name_, here()}; }
  bool leave(Level next) {
    level_ = next;
    return true;
  }
  void deeper() {
    if (++depth_ > max_depth)
      throw errors::bad_header({file_, {}, here()},
                               "it is nested deeper than " + std::to_string(max_depth) + " levels");
  }
  /// Inside the value of a key that means nothing to us.
  [[nodiscard]] bool skipping() const noexcept { return skipped_ > 0; }
  bool after_skipping() { return --skipped_ > 0 || leave(Level::entry); }

  /// A value of a kind that does not belong here, unless its key means nothing to us.
  bool value(std::string_view kind) {
    if (skipping()) return true;
    const std::string found = ", not " + std::string(kind);
    switch (level_) {
      case Level::other:
        return leave(Level::entry);
      case Level::metadata_value:
      case Level::metadata:
        throw errors::bad_field(place(), "__metadata__", "an object of texts" + found);
      case Level::entry_value:
        throw errors::bad_field(place(), name_.substr(0, 100), "an object" + found);
      case Level::dtype:
        throw errors::bad_field(place(), "dtype", "a text" + found);
      case Level::shape:
      case Level::dimensions:
        throw errors::bad_field(place(), "shape", "an array of whole numbers from 0" + found);
      case Level::offsets_value:
      case Level::offsets:
        throw errors::bad_field(place(), "data_offsets",
                                "an array of two whole numbers from 0" + found);
      default:
        throw errors::bad_header(place(), "there is " + std::string(kind) + " out of place");
    }
  }

  bool entry_key(const std::string& text) {
    if (text == "dtype") {
      if (dtype_) throw errors::duplicate_key(place(), text);
      return leave(Level::dtype);
    }
    if (text == "shape") {
      if (std::exchange(has_shape_, true)) throw errors::duplicate_key(place(), text);
      return leave(Level::shape);
    }
    if (text == "data_offsets") {
      if (std::exchange(has_offsets_, true)) throw errors::duplicate_key(place(), text);
      return leave(Level::offsets_value);
    }
    return leave(Level::other);
  }

  void finish_entry() {
    if (!dtype_) throw errors::missing_field(place(), "dtype");
    if (!has_shape_) throw errors::missing_field(place(), "shape");
    if (!has_offsets_) throw errors::missing_field(place(), "data_offsets");
    const auto dtype = find_dtype(&DtypeRow::safetensors, *dtype_);
    if (!dtype) throw errors::unknown_dtype(place(), *dtype_);
    if (offsets_[1] < offsets_[0])
      throw errors::reversed_offsets(place(), offsets_[0], offsets_[1]);
    SafetensorsHeader::Entry entry;
    entry.info.name = name_;
    entry.info.dtype = *dtype;
    set_shape(entry.info, dims_, place());
    entry.shape_bytes = entry.info.bytes;
    entry.info.offset = offsets_[0];
    entry.info.bytes = offsets_[1] - offsets_[0];
    entry.byte = entry_byte_;
    result_.entries.push_back(std::move(entry));
  }

  std::string file_;
  const char* begin_;
  const char* reached_;
  std::uint64_t first_byte_;
  SafetensorsHeader result_;
  Level level_ = Level::outside;
  std::size_t depth_ = 0;
  std::size_t skipped_ = 0;
  std::uint64_t entry_byte_ = 0;
  std::string name_, key_, metadata_key_;
  std::optional<std::string> dtype_;
  std::vector<std::uint64_t> dims_, offsets_;
  bool has_metadata_ = false, has_shape_ = false, has_offsets_ = false;
};

/// A text as JSON. \throws ValueError if it is not UTF-8.
inline std::string json_text(const std::string& file, const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw errors::bad_tensor_name(file, text, "it is not UTF-8");
  }
}

}  // namespace parton::io::detail
