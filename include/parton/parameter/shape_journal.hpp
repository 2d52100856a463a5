// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include <parton/parameter/initialize.hpp>

namespace parton::detail {

/// True while shapes are inferred: then data() of a parameter without values is a shape alone.
inline bool& inferring_shapes() {
  thread_local bool inferring = false;
  return inferring;
}

/// Takes back the shapes that a forward told to parameters, if it fails: all or nothing.
///
/// Each call of a block in this thread opens one; those inside another one write to the outermost
/// one, and each takes back its own part unless keep() was called.
class ShapeJournal {
 public:
  ShapeJournal() noexcept : outermost_(current() == nullptr) {
    if (outermost_) current() = this;
    begin_ = current()->entries_.size();
  }
  ShapeJournal(const ShapeJournal&) = delete;
  ShapeJournal& operator=(const ShapeJournal&) = delete;
  ~ShapeJournal() {
    auto& entries = current()->entries_;
    if (!kept_ && entries.size() > begin_) {
      const std::lock_guard lock(initialization_mutex());
      for (; entries.size() > begin_; entries.pop_back())
        if (entries.back().take_back) entries.back().take_back();
    }
    if (outermost_) current() = nullptr;
  }

  /// The call has succeeded.
  void keep() noexcept { kept_ = true; }

  [[nodiscard]] static bool is_open() noexcept { return current() != nullptr; }

  /// Remembers how to take back what is about to be told to `parameter`.
  static void note(const void* parameter, std::function<void()> take_back) {
    current()->entries_.push_back({parameter, std::move(take_back)});
  }

  /// For a parameter that ceases to be.
  static void forget(const void* parameter) noexcept {
    if (!is_open()) return;
    for (Entry& entry : current()->entries_)
      if (entry.parameter == parameter) entry.take_back = nullptr;
  }

 private:
  struct Entry {
    const void* parameter;
    std::function<void()> take_back;
  };

  static ShapeJournal*& current() noexcept {
    thread_local ShapeJournal* open = nullptr;
    return open;
  }

  std::vector<Entry> entries_;
  std::size_t begin_ = 0;
  bool outermost_;
  bool kept_ = false;
};

}  // namespace parton::detail
