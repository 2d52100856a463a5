// SPDX-License-Identifier: MIT
#include <parton_test/catch.hpp>

#include <memory>
#include <parton/nn/detail/few.hpp>
#include <utility>
#include <vector>

using parton::detail::Few;

namespace {

std::vector<int> values_of(const Few<std::shared_ptr<int>, 2>& few) {
  std::vector<int> values;
  for (const auto& one : few) values.push_back(*one);
  return values;
}

}  // namespace

TEST_CASE("a short list lies in itself, a long one beside it, and both behave as a vector") {
  Few<std::shared_ptr<int>, 2> few;
  CHECK(few.empty());
  std::vector<int> expected;
  for (int i = 0; i < 7; ++i) {
    few.push_back(std::make_shared<int>(i));
    expected.push_back(i);
    CHECK(values_of(few) == expected);
    CHECK(few.size() == expected.size());
    CHECK(*few.front() == 0);
    CHECK(*few.back() == i);
    CHECK(*few[few.size() - 1] == i);
  }
  for (const std::ptrdiff_t at : {3, 0, 4, 1}) {
    few.erase(few.begin() + at);
    expected.erase(expected.begin() + at);
    CHECK(values_of(few) == expected);
  }
  few.pop_back();
  expected.pop_back();
  CHECK(values_of(few) == expected);
}

TEST_CASE("what is erased or popped of a short list is let go of") {
  const auto one = std::make_shared<int>(1), two = std::make_shared<int>(2);
  Few<std::shared_ptr<int>, 2> few;
  few.push_back(one);
  few.push_back(two);
  few.erase(few.begin());
  CHECK(one.use_count() == 1);
  CHECK(two.use_count() == 2);
  CHECK(values_of(few) == std::vector<int>{2});
  Few<std::shared_ptr<int>, 2> taken = std::exchange(few, {});
  CHECK(few.empty());
  CHECK(values_of(taken) == std::vector<int>{2});
  taken.pop_back();
  CHECK(two.use_count() == 1);
  taken.reserve_one();
  CHECK(taken.empty());
}
