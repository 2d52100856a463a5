// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/error.hpp>

/// \file The number of threads that one operation may use. Results never depend on it.

namespace parton {

namespace detail {

inline std::atomic<int>& thread_limit() noexcept {
  static std::atomic<int> limit{1};
  return limit;
}

}  // namespace detail

/// How many threads a large operation may use; 1 until set_num_threads() says otherwise.
[[nodiscard]] inline int num_threads() noexcept {
  return detail::thread_limit().load(std::memory_order_relaxed);
}

/// Lets large operations of the whole process use this many threads. \throws ValueError below 1.
inline void set_num_threads(int count) {
  if (count < 1) throw errors::bad_thread_count(count);
  detail::thread_limit().store(count, std::memory_order_relaxed);
}

namespace detail {

/// Calls run(context, i) for all i in [0, parts), each in a thread of its own.
void run_in_threads(std::uint64_t parts, void (*run)(const void* context, std::uint64_t i),
                    const void* context);

#if PARTON_DETAIL_BODIES
PARTON_DETAIL_INLINE void run_in_threads(std::uint64_t parts,
                                         void (*run)(const void* context, std::uint64_t i),
                                         const void* context) {
  std::vector<std::exception_ptr> errors(parts);
  const auto guarded = [&](std::uint64_t i) {
    try {
      run(context, i);
    } catch (...) {
      errors[i] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(parts - 1);
  std::uint64_t next = 1;
  try {
    for (; next < parts; ++next) threads.emplace_back(guarded, next);
  } catch (const std::system_error&) {
    // No more threads to be had: this one does the rest.
  }
  guarded(0);
  for (; next < parts; ++next) guarded(next);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}
#endif

/// Calls `work(begin, end)` on runs that cover [0, count), in several threads if each gets at least
/// `grain` of it; the first exception of any of them is rethrown. Runs begin at multiples of
/// `align`.
template <class Work>
void parallel_for(std::uint64_t count, std::uint64_t grain, std::uint64_t align, const Work& work) {
  const std::uint64_t limit = static_cast<std::uint64_t>(num_threads());
  const std::uint64_t parts = std::clamp<std::uint64_t>(count / grain, 1, limit);
  if (parts == 1) return work(std::uint64_t{0}, count);
  const std::uint64_t part = (count / parts + align) / align * align;
  const auto run = [&](std::uint64_t i) {
    if (i * part < count) work(i * part, std::min(count, (i + 1) * part));
  };
  run_in_threads(
      parts,
      [](const void* context, std::uint64_t i) { (*static_cast<decltype(&run)>(context))(i); },
      &run);
}

}  // namespace detail

}  // namespace parton
