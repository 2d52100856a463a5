// SPDX-License-Identifier: MIT
#pragma once

#include <parton/tensor/tensor.hpp>

namespace parton::optim::detail {

/// A handle to what somebody else holds for as long as this lives: it does not count itself, which
/// would wait for all earlier writes of the thread.
template <class Scalar>
class Borrowed {
 public:
  explicit Borrowed(parton::detail::TensorRecord& record) noexcept
      : tensor_(parton::detail::Access::tensor<Scalar>(
            parton::detail::Counted<parton::detail::TensorRecord>(&record))) {}
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {}  // NOLINT: the tensor is not destroyed

  [[nodiscard]] const Tensor<Scalar>& tensor() const noexcept { return tensor_; }

 private:
  union {
    Tensor<Scalar> tensor_;
  };
};

}  // namespace parton::optim::detail
