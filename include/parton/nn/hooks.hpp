// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <parton/tensor/tensor.hpp>

namespace parton::nn {

namespace detail {

/// Functions under one roof, each with a number of its own: registering one twice makes two hooks.
class HookListBase {
 public:
  virtual ~HookListBase() = default;
  virtual void remove(std::uint64_t id) = 0;
};

template <class Function>
class HookList final : public HookListBase {
 public:
  std::uint64_t add(Function function) {
    const std::lock_guard lock(mutex_);
    hooks_.emplace_back(++last_, std::move(function));
    return last_;
  }
  void remove(std::uint64_t id) override {
    const std::lock_guard lock(mutex_);
    std::erase_if(hooks_, [id](const auto& hook) { return hook.first == id; });
  }
  /// Calls those that are registered now, in order; a hook may detach itself or others.
  template <class... Args>
  void call(const Args&... args) const {
    std::vector<std::pair<std::uint64_t, Function>> current;
    {
      const std::lock_guard lock(mutex_);
      current = hooks_;
    }
    for (const auto& [id, hook] : current) hook(args...);
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<std::uint64_t, Function>> hooks_;
  std::uint64_t last_ = 0;
};

}  // namespace detail

/// What registering a hook returns. The hook stays until detach(), or as long as its block lives;
/// the handle may be dropped.
class HookHandle {
 public:
  HookHandle() = default;
  HookHandle(std::weak_ptr<detail::HookListBase> list, std::uint64_t id)
      : list_(std::move(list)), id_(id) {}

  /// Takes the hook away; a second call does nothing.
  void detach() {
    if (const auto list = std::exchange(list_, {}).lock()) list->remove(id_);
  }

 private:
  std::weak_ptr<detail::HookListBase> list_;
  std::uint64_t id_ = 0;
};

/// A hook for the length of a scope: `nn::ScopedHook guard(net.register_forward_hook(...));`
class ScopedHook {
 public:
  explicit ScopedHook(HookHandle handle) : handle_(std::move(handle)) {}
  ScopedHook(const ScopedHook&) = delete;
  ScopedHook& operator=(const ScopedHook&) = delete;
  ~ScopedHook() { handle_.detach(); }

 private:
  HookHandle handle_;
};

}  // namespace parton::nn
