// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace parton {

/// The name in an entry of a list of parameters: a constant string that may be used as a
/// std::string or a std::string_view.
///
/// All but very long names lie in the object itself, so that whoever goes through the names of a
/// large net reads one stretch of memory, and a list of them takes one allocation.
class EntryName : public std::string_view {
 public:
  explicit EntryName(std::string_view text) { refer({own(text), text.size()}); }
  EntryName(const EntryName& other) : EntryName(other.view()) {}
  EntryName(EntryName&& other) noexcept { take(other); }
  EntryName& operator=(const EntryName& other) {
    if (this != &other) *this = EntryName(other);
    return *this;
  }
  EntryName& operator=(EntryName&& other) noexcept {
    if (this == &other) return *this;
    drop();
    take(other);
    return *this;
  }
  ~EntryName() { drop(); }

  /// The name with a zero after its end.
  [[nodiscard]] const char* c_str() const noexcept { return data(); }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  operator std::string() const { return str(); }  // NOLINT: implicit on purpose

  friend std::string operator+(const EntryName& a, std::string_view b) { return a.str().append(b); }
  friend std::string operator+(std::string_view a, const EntryName& b) {
    return std::string(a).append(b);
  }
  friend std::string operator+(const EntryName& a, const EntryName& b) { return a + b.view(); }
  friend std::string operator+(const EntryName& a, char b) { return a.str() + b; }
  friend std::string operator+(char a, const EntryName& b) { return a + b.str(); }

  // A name is replaced as a whole.
  void remove_prefix(std::size_t count) = delete;
  void remove_suffix(std::size_t count) = delete;
  void swap(std::string_view& other) = delete;

 private:
  [[nodiscard]] std::string_view view() const noexcept { return *this; }
  void refer(std::string_view text) noexcept { static_cast<std::string_view&>(*this) = text; }
  [[nodiscard]] bool is_long() const noexcept { return size() >= room_.size(); }

  /// Where a copy of `text` lies: here if it fits.
  const char* own(std::string_view text) {
    char* const to = text.size() < room_.size() ? room_.data() : new char[text.size() + 1];
    to[text.copy(to, text.size())] = '\0';
    return to;
  }
  /// What `other` has; that has the empty name then. Whatever was here is dropped already.
  void take(EntryName& other) noexcept {
    room_ = other.room_;
    refer({other.is_long() ? other.data() : room_.data(), other.size()});
    other.refer({"", 0});
  }
  void drop() noexcept {
    if (is_long()) delete[] data();
  }

  std::array<char, 32> room_ = {};
};

}  // namespace parton
