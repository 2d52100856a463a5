// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>

namespace parton::detail {

/// Goes through the entries of a dictionary, which lie one after the other, and asks for the names
/// of those to come, which need not: in a net that has lived for a while they are all over the
/// heap, and whoever looks at 200,000 of them would wait for memory at each.
template <class Entry>
class EntryIterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = Entry;
  using difference_type = std::ptrdiff_t;
  using pointer = const Entry*;
  using reference = const Entry&;

  EntryIterator() = default;
  EntryIterator(pointer at, pointer end) noexcept : at_(at), end_(end) {}

  reference operator*() const noexcept { return *at_; }
  pointer operator->() const noexcept { return at_; }
  reference operator[](difference_type n) const noexcept { return at_[n]; }

  EntryIterator& operator++() noexcept {
    ++at_;
#if defined(__GNUC__)
    constexpr difference_type ahead = 12;
    if (end_ - at_ > ahead) __builtin_prefetch(at_[ahead].name().data());
#endif
    return *this;
  }
  EntryIterator operator++(int) noexcept {
    EntryIterator before = *this;
    ++*this;
    return before;
  }
  EntryIterator& operator--() noexcept { return *this += -1; }
  EntryIterator operator--(int) noexcept {
    EntryIterator before = *this;
    --*this;
    return before;
  }
  EntryIterator& operator+=(difference_type n) noexcept {
    at_ += n;
    return *this;
  }
  EntryIterator& operator-=(difference_type n) noexcept { return *this += -n; }
  friend EntryIterator operator+(EntryIterator i, difference_type n) noexcept { return i += n; }
  friend EntryIterator operator+(difference_type n, EntryIterator i) noexcept { return i += n; }
  friend EntryIterator operator-(EntryIterator i, difference_type n) noexcept { return i -= n; }
  friend difference_type operator-(EntryIterator a, EntryIterator b) noexcept {
    return a.at_ - b.at_;
  }
  friend bool operator==(EntryIterator a, EntryIterator b) noexcept { return a.at_ == b.at_; }
  friend std::strong_ordering operator<=>(EntryIterator a, EntryIterator b) noexcept {
    return a.at_ <=> b.at_;
  }

 private:
  pointer at_ = nullptr;
  pointer end_ = nullptr;
};

}  // namespace parton::detail
