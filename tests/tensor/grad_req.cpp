// SPDX-License-Identifier: MIT
#include <parton/tensor/grad_req.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a gradient request has Gluon's names") {
  CHECK(to_string(GradReq::null) == "null");
  CHECK(to_string(GradReq::write) == "write");
  CHECK(to_string(GradReq::add) == "add");
}
