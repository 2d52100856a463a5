// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/block.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a block is named by its path, if it has one") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::moved_from_block("0.1")).starts_with("the block at '0.1' was moved from"));
  CHECK(text(errors::moved_from_block("")).starts_with("this block was moved from"));
  CHECK(text(errors::block_has_no_parameter("w", "dense0", "Dense", {})).ends_with("it has none"));
}
