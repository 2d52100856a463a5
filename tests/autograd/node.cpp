// SPDX-License-Identifier: MIT
#include <parton/autograd/node.hpp>

#include <utility>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton::detail::Access;
using parton::detail::Counted;
using parton::detail::TensorRecord;

TEST_CASE("Gradients are summed without changing a tensor that somebody else holds") {
  const Tensor<> first{1.f, 2.f}, second{10.f, 20.f};
  Counted<TensorRecord> sum;
  parton::detail::accumulate(sum, first);
  CHECK(Access::tensor<float>(sum).shares_storage_with(first));
  parton::detail::accumulate(sum, second);
  CHECK(Access::tensor<float>(sum) == Tensor<>{11.f, 22.f});
  CHECK(first == Tensor<>{1.f, 2.f});
  CHECK(second == Tensor<>{10.f, 20.f});
  const void* const place = sum->data;
  parton::detail::accumulate(sum, first);
  CHECK(sum->data == place);
  CHECK(Access::tensor<float>(sum) == Tensor<>{12.f, 24.f});
}

TEST_CASE("Of two summands the one that nobody else holds takes the sum") {
  const Tensor<> held{1.f};
  Tensor<> free{5.f};
  const void* const place = free.data();
  Counted<TensorRecord> sum;
  parton::detail::accumulate(sum, held);
  parton::detail::accumulate(sum, std::move(free));
  CHECK(sum->data == place);
  CHECK(held.item() == 1);
}
