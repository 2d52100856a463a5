// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

/// \file Texts in many parts that cost little to compile.

namespace parton::detail {

/// A std::string that a message is put together from. Its sums are calls: those of std::string are
/// expanded at each `+`, which makes the hundreds of messages a large part of what a program
/// compiles, though hardly one is ever built.
class Phrase : public std::string {
 public:
  [[gnu::noinline]] Phrase() {}
  [[gnu::noinline]] Phrase(const char* text) : std::string(text) {}                     // NOLINT
  [[gnu::noinline]] explicit Phrase(std::string_view text) : std::string(text) {}       // NOLINT
  [[gnu::noinline]] Phrase(Phrase&& other) noexcept : std::string(std::move(other)) {}  // NOLINT
  [[gnu::noinline]] Phrase(const Phrase&) = default;
  [[gnu::noinline]] ~Phrase() {}
  Phrase& operator=(const Phrase&) = default;
  Phrase& operator=(Phrase&&) = default;

  [[gnu::noinline]] static Phrase of(long long number) { return Phrase(std::to_string(number)); }
  [[gnu::noinline]] static Phrase of(unsigned long long number) {
    return Phrase(std::to_string(number));
  }

  // A sum is the first phrase in it, longer: to be taken in the same expression.
  [[gnu::noinline]] friend Phrase&& operator+(Phrase&& left, std::string_view right) {
    left.append(right);
    return std::move(left);
  }
  [[gnu::noinline]] friend Phrase&& operator+(Phrase&& left, const char* right) {
    left.append(right);
    return std::move(left);
  }
  [[gnu::noinline]] friend Phrase&& operator+(Phrase&& left, const std::string& right) {
    left.append(right);
    return std::move(left);
  }
  friend Phrase&& operator+(Phrase&& left, std::string&& right) {
    return std::move(left) + std::as_const(right);
  }
  [[gnu::noinline]] friend Phrase&& operator+(Phrase&& left, Phrase&& right) {
    left.append(right);
    return std::move(left);
  }
  [[gnu::noinline]] friend Phrase&& operator+(const char* left, Phrase&& right) {
    right.insert(0, left);
    return std::move(right);
  }
  [[gnu::noinline]] friend Phrase&& operator+(const std::string& left, Phrase&& right) {
    right.insert(0, left);
    return std::move(right);
  }
  friend Phrase&& operator+(std::string&& left, Phrase&& right) {
    return std::as_const(left) + std::move(right);
  }
  [[gnu::noinline]] friend Phrase operator+(const char* left, const Phrase& right) {
    return Phrase(left) + std::string_view(right);
  }
  [[gnu::noinline]] friend Phrase operator+(const Phrase& left, const char* right) {
    return Phrase(std::string_view(left)) + right;
  }
};

}  // namespace parton::detail
