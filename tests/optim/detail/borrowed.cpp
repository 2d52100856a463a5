// SPDX-License-Identifier: MIT
#include <parton/optim/detail/borrowed.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a borrowed handle does not count itself, its copies do") {
  const Tensor<> owner{1, 2};
  auto& record = *detail::Access::record(owner);
  Tensor<> copy;
  {
    const optim::detail::Borrowed<float> borrowed(record);
    CHECK(record.references == 1);
    CHECK(borrowed.tensor() == owner);
    copy = borrowed.tensor();
    CHECK(record.references == 2);
  }
  CHECK(record.references == 2);
  CHECK(copy.shares_storage_with(owner));
}
