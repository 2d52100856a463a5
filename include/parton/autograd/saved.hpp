// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

#include <parton/autograd/variable.hpp>
#include <parton/error.hpp>

/// \file Values that a backward will need, and the proof that they are still there.

namespace parton::detail {

/// A tensor that a backward will read, as it is now: without its own history, so that a result can
/// be saved by the step that made it.
template <class Scalar>
class Saved {
 public:
  /// Nothing: the backward gets an empty tensor.
  Saved() = default;
  explicit Saved(const Tensor<Scalar>& x) {
    TensorRecord* const record = Access::record(x);
    if (record == nullptr || !record->buffer) return;
    Buffer& buffer = *record->buffer;
    if (record->node && record->node->leaf) leaf_ = record->node;
    values_ = Access::tensor<Scalar>(
        record->node ? TensorRecord::make(record->shape, record->buffer, record->data)
                     : Access::counted(x));
    version_ = buffer.version;
    hashed_ = buffer.exposed.load(std::memory_order_relaxed);
    if (hashed_) hash_ = hash(buffer);
    buffer.needed.fetch_add(1, std::memory_order_relaxed);
  }
  Saved(Saved&& other) noexcept
      : values_(std::exchange(other.values_, {})),
        leaf_(std::move(other.leaf_)),
        version_(other.version_),
        hashed_(other.hashed_),
        hash_(other.hash_) {}
  Saved(const Saved&) = delete;
  Saved& operator=(const Saved&) = delete;
  ~Saved() {
    TensorRecord* const record = Access::record(values_);
    if (record == nullptr) return;
    if (record->buffer->needed.fetch_sub(1, std::memory_order_acq_rel) == 1)
      record->buffer->past.reset();
  }

  /// \throws GradientError if the values were written to, other than by set_data().
  void check(const char* operation) const {
    TensorRecord* const record = Access::record(values_);
    if (record == nullptr) return;
    const Buffer* const before = past();
    const Buffer& buffer = before != nullptr ? *before : *record->buffer;
    if (buffer.version == version_ && is_as_saved(buffer)) return;
    throw errors::written_since(
        leaf_ ? static_cast<const Variable&>(*leaf_).name() : std::string("a tensor"),
        values_.shape().to_string(), operation);
  }

  /// The values as they were saved.
  [[nodiscard]] Tensor<Scalar> get() const {
    const Buffer* const before = past();
    if (before == nullptr) return values_;
    const TensorRecord& record = *Access::record(values_);
    for (const Counted<Buffer>* at = &record.buffer->past; *at; at = &(*at)->past)
      if (at->get() == before)
        return Access::tensor<Scalar>(
            TensorRecord::make(record.shape, *at, static_cast<std::byte*>((*at)->data) + offset()));
    return values_;
  }

 private:
  /// No unseen write, if somebody could have made one.
  [[nodiscard]] bool is_as_saved(const Buffer& buffer) const {
    if (hashed_) return hash(buffer) == hash_;
    return !buffer.exposed.load(std::memory_order_relaxed) ||
           fingerprint(buffer.data, buffer.bytes) == buffer.hash.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t hash(const Buffer& buffer) const {
    const auto size = static_cast<std::size_t>(values_.shape().size()) * sizeof(Scalar);
    return fingerprint(static_cast<const std::byte*>(buffer.data) + offset(), size);
  }
  /// Where the values begin in their buffer, in bytes.
  [[nodiscard]] std::ptrdiff_t offset() const {
    const TensorRecord& record = *Access::record(values_);
    return static_cast<const std::byte*>(record.data) -
           static_cast<const std::byte*>(record.buffer->data);
  }
  /// The copy that set_data() kept of this version; null while the values are those that were
  /// saved.
  [[nodiscard]] const Buffer* past() const noexcept {
    const TensorRecord* const record = Access::record(values_);
    if (record == nullptr || record->buffer->version == version_) return nullptr;
    for (const Buffer* at = record->buffer->past.get(); at != nullptr; at = at->past.get())
      if (at->version == version_) return at;
    return nullptr;
  }

  Tensor<Scalar> values_;
  Counted<GraphNode> leaf_;  // for its name
  std::uint32_t version_ = 0;
  bool hashed_ = false;
  std::uint64_t hash_ = 0;
};

/// The list of saved values of a step.
template <class... Scalars>
std::tuple<Saved<Scalars>...> saved(const Tensor<Scalars>&... tensors) {
  return {Saved<Scalars>(tensors)...};
}

/// x if the condition holds, else nothing is saved in its place. Bind it to `saved(...)` at once.
template <class Scalar>
Tensor<Scalar> save_if(bool condition, const Tensor<Scalar>& x) {
  return condition ? x : Tensor<Scalar>();
}

}  // namespace parton::detail
