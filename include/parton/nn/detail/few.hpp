// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace parton::detail {

/// A vector whose first N elements lie in itself: for lists of which most are that short.
template <class T, std::size_t N>
class Few {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return many_ ? many_->size() : size_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] const T* begin() const noexcept { return many_ ? many_->data() : few_.data(); }
  [[nodiscard]] const T* end() const noexcept { return begin() + size(); }
  [[nodiscard]] const T& operator[](std::size_t at) const noexcept { return begin()[at]; }
  [[nodiscard]] const T& front() const noexcept { return *begin(); }
  [[nodiscard]] const T& back() const noexcept { return end()[-1]; }

  /// Makes room for one more, so that the next push_back() does not throw.
  void reserve_one() {
    if (many_)
      many_->reserve(many_->size() + 1);
    else if (size_ == N)
      grow();
  }
  void push_back(T value) {
    reserve_one();
    if (many_)
      many_->push_back(std::move(value));
    else
      few_[size_++] = std::move(value);
  }
  void pop_back() noexcept { erase(end() - 1); }
  void erase(const T* at) noexcept {
    const std::size_t position = static_cast<std::size_t>(at - begin());
    if (many_) {
      many_->erase(many_->begin() + static_cast<std::ptrdiff_t>(position));
      return;
    }
    for (std::size_t i = position; i + 1 < size_; ++i) few_[i] = std::move(few_[i + 1]);
    few_[--size_] = T();
  }

 private:
  void grow() {
    auto many = std::make_unique<std::vector<T>>();
    many->reserve(2 * N + 1);
    for (T& value : few_) many->push_back(std::move(value));
    few_ = {};
    size_ = 0;
    many_ = std::move(many);
  }

  std::array<T, N> few_{};
  std::size_t size_ = 0;  // of few_
  std::unique_ptr<std::vector<T>> many_;
};

}  // namespace parton::detail
