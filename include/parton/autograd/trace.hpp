// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <parton/tensor/detail/tensor_class.hpp>

/// \file What a forward does, told step by step to whoever listens: the seam that an exporter is
/// built on. Every op reports itself once, after it has run, whether or not it is recorded:
///
///     if (tracer != nullptr) trace("softmax", {x}, {y}, {{"axis", axis}});
///
/// An op that uses other ops for a part of its work silences them by `TraceScope silent(nullptr)`.
/// Nothing is reported of backward(), nor of tensors without values.

namespace parton::detail {

class BlockBase;

/// A tensor as an op hands it over: the tensor, or a pointer to it that may be null.
struct TraceOperand {
  template <class Scalar>
  TraceOperand(const Tensor<Scalar>& x) noexcept  // NOLINT: implicit on purpose
      : record(Access::record(x)), dtype(dtype_name<Scalar>()) {}
  template <class Scalar>
  TraceOperand(const Tensor<Scalar>* x) noexcept  // NOLINT
      : record(x == nullptr ? nullptr : Access::record(*x)), dtype(dtype_name<Scalar>()) {}
  TensorRecord* record;
  std::string_view dtype;
};

/// An attribute as an op hands it over: no memory is taken before somebody listens.
struct TraceOption {
  template <std::same_as<bool> T>
  constexpr TraceOption(const char* key, T value) : name(key), kind(Kind::truth), whole(value) {}
  template <std::same_as<Index> T>
  constexpr TraceOption(const char* key, T value) : name(key), kind(Kind::whole), whole(value) {}
  template <std::floating_point T>
  constexpr TraceOption(const char* key, T value)
      : name(key), kind(Kind::real), real(static_cast<double>(value)) {}
  constexpr TraceOption(const char* key, std::string_view value)
      : name(key), kind(Kind::text), text(value) {}
  constexpr TraceOption(const char* key, std::span<const Index> value)
      : name(key), kind(Kind::list), list(value) {}

  const char* name;
  enum class Kind : unsigned char { truth, whole, real, text, list } kind;
  Index whole = 0;
  double real = 0;
  std::string_view text = {};
  std::span<const Index> list = {};
};

/// Who is told: what a Tracer is to the ops. Ops hand over pointers, and so nothing of what keeps
/// them is compiled where nobody listens.
class TraceListener {
 public:
  virtual ~TraceListener() = default;
  virtual void told(const char* op, std::span<const TraceOperand> inputs,
                    std::span<const TraceOperand> outputs,
                    std::span<const TraceOption> options) = 0;
  /// The step that comes next is about to write to this tensor in place.
  virtual void told_writing(const TraceOperand& to) = 0;
  /// The call of a block begins, and ends, also by an exception; calls nest.
  virtual void enter(const BlockBase& block) = 0;
  virtual void leave() noexcept = 0;
};

/// Tells the tracer of this thread, which there is, of a step.
[[gnu::cold, gnu::noinline]] inline void trace(const char* op, std::span<const TraceOperand> inputs,
                                               std::span<const TraceOperand> outputs,
                                               std::span<const TraceOption> options) {
  TraceListener* const listener = tracer;
  const TraceScope silent(nullptr);
  listener->told(op, inputs, outputs, options);
}
inline void trace(const char* op, std::initializer_list<TraceOperand> inputs,
                  std::initializer_list<TraceOperand> outputs,
                  std::initializer_list<TraceOption> options = {}) {
  trace(op, std::span<const TraceOperand>(inputs.begin(), inputs.size()),
        std::span<const TraceOperand>(outputs.begin(), outputs.size()),
        std::span<const TraceOption>(options.begin(), options.size()));
}

/// Tells the tracer of this thread, which there is, what is about to be written to.
[[gnu::cold, gnu::noinline]] inline void trace_writing(const TraceOperand& to) {
  TraceListener* const listener = tracer;
  const TraceScope silent(nullptr);
  listener->told_writing(to);
}

/// As many tensors as there are, for trace().
template <class Scalar>
[[gnu::cold]] std::vector<TraceOperand> operands_of(std::span<const Tensor<Scalar>> all) {
  return std::vector<TraceOperand>(all.begin(), all.end());
}

/// Tells the tracer, if there is one, that a block is called.
class TracedCall {
 public:
  explicit TracedCall(const BlockBase& block) : tracer_(tracer) {
    if (tracer_ != nullptr) enter(block);
  }
  TracedCall(const TracedCall&) = delete;
  TracedCall& operator=(const TracedCall&) = delete;
  ~TracedCall() {
    if (tracer_ != nullptr) leave();
  }

 private:
  [[gnu::cold, gnu::noinline]] void enter(const BlockBase& block) const {
    const TraceScope silent(nullptr);
    tracer_->enter(block);
  }
  [[gnu::cold, gnu::noinline]] void leave() const noexcept {
    const TraceScope silent(nullptr);
    tracer_->leave();
  }
  TraceListener* tracer_;
};

/// A tensor of a step. One record is one tensor, however many handles it has; a listener that maps
/// records to something must hold them, since an address may be used again.
struct TracedTensor {
  Counted<TensorRecord> record;  ///< null for an optional input that was not given
  std::string_view dtype;        ///< as dtype_name()
};

using TraceValue =
    std::variant<bool, Index, double, std::string, std::vector<Index>, std::vector<double>>;

/// An option of a step; axes count from 0, and sizes that an option left to be found are found.
/// (Templates, so that a program without a tracer compiles none of this.)
template <class Value>
struct TraceAttributeOf {
  const char* name;
  Value value;
};
using TraceAttribute = TraceAttributeOf<TraceValue>;

/// Listens to the ops and blocks that run in a thread, see TraceScope. What it calls itself is not
/// traced.
template <class Value>
class TracerOf : public TraceListener {
 public:
  /// An op has run. An output that is also the first input was written to in place.
  virtual void step(const char* op, std::span<const TracedTensor> inputs,
                    std::span<const TracedTensor> outputs,
                    std::span<const TraceAttributeOf<Value>> attributes) = 0;
  /// The step that comes next is about to write to this tensor in place.
  virtual void writing(const TracedTensor& to) { static_cast<void>(to); }

 private:
  void told(const char* op, std::span<const TraceOperand> inputs,
            std::span<const TraceOperand> outputs, std::span<const TraceOption> options) final {
    std::vector<TraceAttributeOf<Value>> attributes;
    for (const TraceOption& one : options) attributes.push_back({one.name, value_of(one)});
    step(op, held(inputs), held(outputs), attributes);
  }
  void told_writing(const TraceOperand& to) final { writing(held({&to, 1})[0]); }
  static std::vector<TracedTensor> held(std::span<const TraceOperand> all) {
    std::vector<TracedTensor> result;
    for (const TraceOperand& one : all) {
      if (one.record != nullptr) one.record->references.fetch_add(1, std::memory_order_relaxed);
      result.push_back({Counted<TensorRecord>(one.record), one.dtype});
    }
    return result;
  }
  static Value value_of(const TraceOption& option) {
    using Kind = TraceOption::Kind;
    if (option.kind == Kind::truth) return option.whole != 0;
    if (option.kind == Kind::whole) return option.whole;
    if (option.kind == Kind::real) return option.real;
    if (option.kind == Kind::text) return std::string(option.text);
    return std::vector<Index>(option.list.begin(), option.list.end());
  }
};
using Tracer = TracerOf<TraceValue>;

}  // namespace parton::detail
