// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>
#include <utility>

#include <parton/error.hpp>
#include <parton/tensor/storage.hpp>

/// \file How writes to recorded values are noticed: a version counted up by every write that the
/// library does, and a fingerprint where the user has a way to write by himself. And what each
/// thread is doing: whether it records, and who listens.

namespace parton::detail {

/// What this thread does: read by every op, so it lies where no call is needed.
struct Mode {
  bool recording = false;
  bool training = false;
};
inline thread_local constinit Mode mode{};

class TraceListener;
/// Who is told what this thread's ops do; usually nobody. See autograd/trace.hpp.
inline thread_local constinit TraceListener* tracer = nullptr;

/// Sets this thread's tracer, null for none, and restores the one before.
class TraceScope {
 public:
  explicit TraceScope(TraceListener* now) noexcept : before_(std::exchange(tracer, now)) {}
  TraceScope(const TraceScope&) = delete;
  TraceScope& operator=(const TraceScope&) = delete;
  ~TraceScope() { tracer = before_; }

 private:
  TraceListener* before_;
};

/// True if a gradient with respect to it is wanted.
inline bool in_graph(const TensorRecord* record) noexcept {
  return record != nullptr && record->node && record->node->wants_gradient();
}

/// Before a write in place. \throws GradientError while recording, if it would change a recorded
/// result, or put one where no gradient would find it.
inline void before_write(const TensorRecord& to, const TensorRecord* from = nullptr) {
  if (mode.recording) {
    if (to.node && !to.node->writable) throw errors::write_to_recorded();
    if (in_graph(from)) throw errors::write_of_recorded();
  }
  if (to.buffer) ++to.buffer->version;
}

/// Memory for what keep_past() keeps; empty if no recorded value needs it. \throws std::bad_alloc
inline Counted<Buffer> room_for_past(const Buffer& buffer) {
  if (buffer.needed.load(std::memory_order_relaxed) == 0) return {};
  return Buffer::allocate(buffer.bytes);
}

/// Before the values of a parameter are replaced: recorded values keep what they were, in `room`.
inline void keep_past(Buffer& buffer, Counted<Buffer> room) noexcept {
  if (room) {
    std::memcpy(room->data, buffer.data, buffer.bytes);
    room->version = buffer.version;
    // An unseen write before this is still to be found.
    room->exposed.store(buffer.exposed.load(std::memory_order_relaxed), std::memory_order_relaxed);
    room->hash.store(buffer.hash.load(std::memory_order_relaxed), std::memory_order_relaxed);
    room->past = std::move(buffer.past);
    buffer.past = std::move(room);
  }
  ++buffer.version;
}
inline void keep_past(Buffer& buffer) { keep_past(buffer, room_for_past(buffer)); }

}  // namespace parton::detail
