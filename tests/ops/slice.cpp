// SPDX-License-Identifier: MIT
#include <parton/ops/slice.hpp>

#include <limits>

#include <parton/tensor/creation.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

/// The positions of Python's slice, by the rule of its reference: clip the ends, then count.
std::vector<Index> python_slice(const Slice& s, Index n) {
  const Index low = s.step < 0 ? -1 : 0, high = s.step < 0 ? n - 1 : n;
  const auto clip = [&](Index at) {
    if (at < 0) at = at + n < low ? low : at + n;
    return at < low ? low : at > high ? high : at;
  };
  const Index start = s.start ? clip(*s.start) : s.step < 0 ? high : low;
  const Index stop = s.stop ? clip(*s.stop) : s.step < 0 ? low : high;
  std::vector<Index> result;
  for (Index i = start; s.step > 0 ? i < stop : i > stop; i += s.step) result.push_back(i);
  return result;
}

}  // namespace

TEST_CASE("one axis is sliced as Python slices a list, for every start, stop and step") {
  std::vector<std::optional<Index>> bounds = {std::nullopt};
  for (Index i = -6; i <= 6; ++i) bounds.push_back(i);
  for (const Index n : {0, 1, 4}) {
    const Tensor<int> x = arange<int>(n);
    for (const auto& start : bounds)
      for (const auto& stop : bounds)
        for (const Index step : {-5, -3, -2, -1, 1, 2, 3, 5}) {
          const Slice s{start, stop, step};
          const auto expected = python_slice(s, n);
          const Tensor<int> y = slice(x, {s});
          bool same = y.size() == static_cast<Index>(expected.size());
          for (Index i = 0; same && i < y.size(); ++i)
            same = y(i) == expected[static_cast<std::size_t>(i)];
          INFO(n << ": " << start.value_or(99) << ' ' << stop.value_or(99) << ' ' << step);
          CHECK(same);
        }
  }
}

TEST_CASE("bounds and steps of any size stay within the axis") {
  constexpr Index most = std::numeric_limits<Index>::max(),
                  least = std::numeric_limits<Index>::min();
  const Tensor<int> x = arange<int>(5);
  CHECK(slice(x, {{least, most}}) == x);
  CHECK(slice(x, {{most, least, -1}}) == Tensor<int>{4, 3, 2, 1, 0});
  CHECK(slice(x, {{1, most, most}}) == Tensor<int>{1});
  CHECK(slice(x, {{3, least, least}}) == Tensor<int>{3});
  CHECK(slice(x, {{most, most}}).size() == 0);
}

TEST_CASE("several axes are sliced at once; those left out stay whole") {
  const Tensor<int> x = {{{1, 2, 3}, {4, 5, 6}}, {{7, 8, 9}, {10, 11, 12}}};
  CHECK(slice(x, {{1, 2}, {}, {.step = -2}}) == Tensor<int>{{{9, 7}, {12, 10}}});
  CHECK(slice(x, {{.step = -1}, {.start = 1}}) == Tensor<int>{{{10, 11, 12}}, {{4, 5, 6}}});
  CHECK(slice_axis(x, -1, {.stop = 1}) == Tensor<int>{{{1}, {4}}, {{7}, {10}}});
  CHECK(slice(x, std::vector<Slice>{}) == x);
  CHECK_FALSE(slice(x, {Slice{}}).shares_storage_with(x));
  CHECK(slice(Tensor<int>::full({}, 3), std::vector<Slice>{}) == Tensor<int>::full({}, 3));
  CHECK(slice(Eigen::Vector3f(1, 2, 3), {{.step = 2}}) == Tensor{1.f, 3.f});
  check_shape_only(slice(Tensor<>::shape_only({4, 5}), {{1, 3}, {.step = -2}}), {2, 3});
}

TEST_CASE("the gradient goes back to where the elements came from; the others get 0") {
  const auto in = sample<double>({3, 4, 2});
  check_gradients([](const auto& x) { return slice(x[0], {{1, 3}, {.step = -2}}); }, {in});
  check_gradients([](const auto& x) { return slice(x[0], {{}, {2, 2}}); }, {in});
  check_gradients([](const auto& x) { return slice_axis(x[0], 1, {-1, std::nullopt, -3}); }, {in});
  check_gradients([](const auto& x) { return slice(x[0], {Slice{}}); }, {sample<double>({0, 2})});
}

TEST_CASE("a step of 0 and slices of axes that are not there are errors") {
  const Tensor x = sample({3, 2});
  check_says(message_of<ValueError>([&] {
               static_cast<void>(slice(x, {{}, {0, 1, 0}}));
             }),
             {"slice: the step of axis 1 is 0", "backwards"});
  check_says(message_of<IndexError>([&] {
               static_cast<void>(slice(x, {{}, {}, {}}));
             }),
             {"slice: 3 slices for the shape (3, 2)"});
  CHECK_THROWS_AS(slice_axis(x, 2, {}), IndexError);
  CHECK_THROWS_AS(slice_axis(sample({}), 0, {}), IndexError);
}
