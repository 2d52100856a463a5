// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <parton/error.hpp>
#include <parton/io/array.hpp>

/// \file How a checkpoint names what is no parameter, and writes its numbers: as decimal text,
/// which gives each of them back to the bit.

namespace parton::io::detail {

/// Before the name of each state tensor and metadata key of a checkpoint. No path has a colon.
inline constexpr std::string_view checkpoint_prefix = "parton.checkpoint:";
inline constexpr std::string_view checkpoint_version = "1";
/// What the version 1 has in the metadata beside the fingerprints: one of each,
inline constexpr std::string_view version_key = "version", optimizer_key = "optimizer",
                                  steps_key = "steps", learning_rate_key = "learning_rate",
                                  seed_key = "random.seed", position_key = "random.position",
                                  seeded_key = "random.seeded",
                                  initializations_key = "random.initializations",
                                  metadata_fingerprint_key = "metadata_fingerprint";
/// and one for the path of each parameter.
inline constexpr std::string_view updates_key = "updates:", draws_key = "draws:";

inline std::string checkpoint_key(std::string_view key, std::string_view path = {}) {
  return std::string(checkpoint_prefix).append(key).append(path);
}

template <class Number>
std::string number_text(Number value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// The numbers in the metadata of a checkpoint.
class CheckpointReader {
 public:
  CheckpointReader(const std::string& file, const Metadata& metadata)
      : file_(file), metadata_(metadata) {}

  /// \throws LoadError naming file and key, if it is not there.
  [[nodiscard]] const std::string& text(std::string_view key, std::string_view expected) const {
    const auto at = metadata_.find(checkpoint_key(key));
    if (at == metadata_.end())
      throw errors::bad_checkpoint_number(file_, checkpoint_key(key), "", expected);
    return at->second;
  }

  /// \throws LoadError naming file and key, if it is no such number.
  [[nodiscard]] std::uint64_t whole(std::string_view key) const {
    return parsed<std::uint64_t>(checkpoint_key(key), text(key, whole_number), whole_number);
  }
  [[nodiscard]] std::uint64_t whole(const std::string& full_key, const std::string& text) const {
    return parsed<std::uint64_t>(full_key, text, whole_number);
  }
  [[nodiscard]] double real(std::string_view key) const {
    constexpr std::string_view number = "a number";
    return parsed<double>(checkpoint_key(key), text(key, number), number);
  }

 private:
  static constexpr std::string_view whole_number = "a whole number below 2^64";

  template <class Number>
  [[nodiscard]] Number parsed(const std::string& key, const std::string& text,
                              std::string_view expected) const {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw errors::bad_checkpoint_number(file_, key, text, expected);
    return value;
  }

  const std::string& file_;
  const Metadata& metadata_;
};

}  // namespace parton::io::detail
