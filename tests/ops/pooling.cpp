// SPDX-License-Identifier: MIT
#include <parton/ops/pooling.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct PoolCase {
  Shape x, y;
  PerAxis<2> size;
  PoolingOptions<2> options = {};
};

const std::vector<PoolCase>& pool_cases() {
  static const std::vector<PoolCase> all = {
      {{2, 3, 4, 6}, {2, 3, 2, 3}, 2},
      {{1, 2, 5, 5}, {1, 2, 2, 2}, 2},
      {{1, 2, 5, 5}, {1, 2, 3, 3}, 2, {.ceil_mode = true}},
      {{1, 1, 5, 6}, {1, 1, 3, 4}, 3, {.strides = 1}},
      {{1, 1, 5, 6}, {1, 1, 3, 3}, {3, 2}, {.strides = 2, .padding = {1, 0}}},
      {{1, 1, 4, 4}, {1, 1, 3, 5}, 2, {.strides = {2, 1}, .padding = 1}},
      {{1, 1, 4, 7}, {1, 1, 2, 3}, 3, {.padding = {{2, 1}, {0, 2}}}},
      // The last window would begin in the padding after the input.
      {{1, 1, 4, 4}, {1, 1, 3, 3}, 2, {.padding = 1, .ceil_mode = true}},
      {{1, 1, 1, 1}, {1, 1, 1, 1}, 2, {.padding = 1, .ceil_mode = true}},
      {{1, 1, 7, 8}, {1, 1, 3, 2}, 2, {.strides = {2, 3}, .dilation = {2, 3}}},
      {{1, 2, 4, 5}, {1, 2, 1, 1}, {4, 5}},
      {{1, 1, 3, 5}, {1, 1, 3, 5}, 3, {.strides = 1, .padding = 1}},
      {{0, 2, 4, 4}, {0, 2, 2, 2}, 2},
      {{2, 0, 4, 4}, {2, 0, 2, 2}, 2},
  };
  return all;
}

/// f(sum, maximum, elements within the input, elements within the padded input) of each window.
template <class F>
std::vector<double> plain_pooling(const PoolCase& one, const Tensor<double>& x, const F& f) {
  const auto& o = one.options;
  const PerAxis<2> strides = o.strides == 0 ? one.size : o.strides;
  std::vector<double> all;
  for (Index at = 0; at < one.y.size(); ++at) {
    const auto p = position(at, one.y);
    double sum = 0, most = -std::numeric_limits<double>::infinity(), inside = 0, padded = 0;
    for (Index i = 0; i < one.size[0]; ++i)
      for (Index j = 0; j < one.size[1]; ++j) {
        const Index row = p[2] * strides[0] - o.padding[0].begin + i * o.dilation[0];
        const Index column = p[3] * strides[1] - o.padding[1].begin + j * o.dilation[1];
        const Index height = one.x[2], width = one.x[3];
        if (row < height + o.padding[0].end && column < width + o.padding[1].end) ++padded;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        ++inside;
        sum += x(p[0], p[1], row, column);
        most = std::max(most, x(p[0], p[1], row, column));
      }
    all.push_back(f(sum, most, inside, padded));
  }
  return all;
}

AveragePoolingOptions<2> averaged(const PoolingOptions<2>& o, bool count) {
  return {o.strides, o.padding, o.dilation, o.ceil_mode, count};
}

}  // namespace

TEST_CASE("pooling takes the maximum or the average of every window") {
  for (const PoolCase& one : pool_cases()) {
    INFO(one.x << " by " << one.size.to_string());
    const auto x = sample<double>(one.x);
    check_values(max_pool2d(x, one.size, one.options), one.y,
                 plain_pooling(one, x, [](double, double most, double, double) { return most; }));
    check_values(avg_pool2d(x, one.size, averaged(one.options, true)), one.y,
                 plain_pooling(one, x, [](double sum, double, double, double padded) {
                   return sum / padded;
                 }));
    check_values(avg_pool2d(x, one.size, averaged(one.options, false)), one.y,
                 plain_pooling(one, x, [](double sum, double, double inside, double) {
                   return sum / inside;
                 }));
    const auto none = Tensor<double>::shape_only(one.x);
    check_shape_only(max_pool2d(none, one.size, one.options), one.y);
    check_shape_only(avg_pool2d(none, one.size, averaged(one.options, true)), one.y);
  }
}

TEST_CASE("the gradients of pooling are those of finite differences") {
  for (const PoolCase& one : pool_cases()) {
    INFO(one.x << " by " << one.size.to_string());
    const std::vector<Tensor<double>> x = {random_input(one.x)};
    check_gradients([&](const auto& v) { return max_pool2d(v[0], one.size, one.options); }, x);
    for (const bool count : {true, false})
      check_gradients(
          [&](const auto& v) { return avg_pool2d(v[0], one.size, averaged(one.options, count)); },
          x);
  }
}

TEST_CASE("a plane of many blocks is pooled as a small one") {
  const PoolCase large{{1, 2, 90, 70}, {1, 2, 89, 69}, 2, {.strides = 1}};
  const auto x = sample<double>(large.x);
  const auto most = plain_pooling(large, x, [](double, double m, double, double) { return m; });
  check_values(max_pool2d(x, 2, large.options), large.y, most);
  check_values(max_pool2d(x.cast<float>(), 2, large.options), large.y, most, 1e-6);
}

TEST_CASE("the gradient of a maximum goes to the first of equal ones, in the order of the rows") {
  Tensor<> x({1, 3, 2, 5, 3, 5, 5, 0, 4, 4, 4, 4, 4, 4, 4, 4});
  x = x.reshape({1, 1, 4, 4});
  x.attach_grad();
  const autograd::Record recording;
  max_pool2d(x, 2).backward();
  // The windows are 1 3 3 5, 2 5 5 0, and twice 4 4 4 4.
  const Tensor<> expected({0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0});
  CHECK(x.grad() == expected.reshape({1, 1, 4, 4}));
}

TEST_CASE("NaN is the maximum of its window, and -inf of one that holds nothing else") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float inf = std::numeric_limits<float>::infinity();
  Tensor<> x({1, nan, 3, -inf, -inf, -inf, 2, 1, nan});
  x = x.reshape({1, 1, 9});
  const Tensor<> y = max_pool1d(x, 3);
  CHECK(std::isnan(y(0, 0, 0)));
  CHECK(y(0, 0, 1) == -inf);
  CHECK(std::isnan(y(0, 0, 2)));
  x.attach_grad();
  const autograd::Record recording;
  max_pool1d(x, 3).backward();
  CHECK(x.grad().reshape({9}) == Tensor<>({0, 1, 0, 1, 0, 0, 0, 0, 1}));
}

TEST_CASE("one dimension is two with a single row, and a whole image is one window") {
  const auto x = sample<double>({2, 3, 7});
  const Tensor<double> image = x.reshape({2, 3, 1, 7});
  CHECK(max_pool1d(x, 3, {.strides = 2, .padding = {{0, 1}}}).reshape({2, 3, 1, 3}) ==
        max_pool2d(image, {1, 3}, {.strides = {1, 2}, .padding = {0, {0, 1}}}));
  CHECK(avg_pool1d(x, 3, {.strides = 2, .padding = 1, .count_include_pad = false})
            .reshape({2, 3, 1, 4}) ==
        avg_pool2d(image, {1, 3},
                   {.strides = {1, 2}, .padding = {0, 1}, .count_include_pad = false}));
  const auto y = sample<double>({2, 3, 2, 4});
  CHECK(global_max_pool(y) == max_pool2d(y, {2, 4}));
  CHECK(global_avg_pool(y) == avg_pool2d(y, {2, 4}));
  CHECK(global_max_pool(x).shape() == Shape{2, 3, 1});
  CHECK(global_avg_pool(sample({2, 3, 2, 2, 2})).shape() == Shape{2, 3, 1, 1, 1});
  CHECK(global_avg_pool(Tensor<>::zeros({0, 3, 2})).shape() == Shape{0, 3, 1});
  check_shape_only(global_max_pool(Tensor<>::shape_only({2, 3, 4})), {2, 3, 1});
  check_gradients([](const auto& v) { return global_avg_pool(v[0]); }, {random_input({2, 3, 4})});
  check_gradients([](const auto& v) { return global_max_pool(v[0]); }, {random_input({2, 2, 3})});
}

TEST_CASE("half is pooled in float and rounded once, and an Eigen tensor is an input") {
  auto x = sample<Eigen::half>({1, 2, 6, 6});
  const Tensor<float> wide = x.cast<float>();
  CHECK(max_pool2d(x, 3) == max_pool2d(wide, 3).cast<Eigen::half>());
  CHECK(avg_pool2d(x, 3) == avg_pool2d(wide, 3).cast<Eigen::half>());
  x.attach_grad();
  {
    const autograd::Record recording;
    max_pool2d(x, 3, {.strides = 1}).backward();
  }
  CHECK(parton::detail::convert<float>(*std::max_element(x.grad().data(), x.grad().data() + 72)) >
        1);
  Eigen::Tensor<float, 3, Eigen::RowMajor> eigen(1, 1, 2);
  eigen.setValues({{{1, 3}}});
  CHECK(avg_pool1d(eigen, 2) == Tensor<>::full({1, 1, 1}, 2));
}

TEST_CASE("pooling refuses what does not fit, and says what") {
  const Tensor<> x = Tensor<>::zeros({1, 2, 4, 5});
  CHECK_THROWS_WITH(max_pool1d(x, 2),
                    ContainsSubstring("max_pool1d") && ContainsSubstring("(N, C, W)"));
  CHECK_THROWS_AS(avg_pool2d(Tensor<>::zeros({2, 4, 5}), 2), ShapeError);
  CHECK_THROWS_WITH(max_pool2d(x, 5), ContainsSubstring("height") && ContainsSubstring("over 5"));
  CHECK_THROWS_WITH(avg_pool2d(x, 0), ContainsSubstring("the kernel size must be at least 1"));
  CHECK_THROWS_WITH(max_pool2d(x, 2, {.strides = {1, 0}}), ContainsSubstring("a stride"));
  CHECK_THROWS_WITH(max_pool2d(x, 2, {.padding = {0, 2}}),
                    ContainsSubstring("a padding of 2") && ContainsSubstring("over 2") &&
                        ContainsSubstring("smaller than the window"));
  CHECK_THROWS_WITH(max_pool2d(Tensor<>::zeros({1, 1, 0, 4}), 2, {.padding = 1}),
                    ContainsSubstring("(1, 1, 0, 4)") && ContainsSubstring("empty"));
  CHECK_THROWS_WITH(global_avg_pool(Tensor<>::zeros({2, 3})),
                    ContainsSubstring("global_avg_pool") && ContainsSubstring("(N, C, ...)"));
  CHECK_THROWS_WITH(global_max_pool(Tensor<>::zeros({2, 3, 0})), ContainsSubstring("empty"));
  CHECK_THROWS_WITH(global_max_pool(Tensor<>::shape_only({1, 1, 1 << 16, 1 << 16})),
                    ContainsSubstring("2^31 - 1") && ContainsSubstring("two steps"));
  CHECK_THROWS_WITH(max_pool2d(Tensor<>::shape_only({1, 1, 1 << 16, 1 << 16}), 1 << 13),
                    ContainsSubstring("max_pool2d") && ContainsSubstring("2^24"));
}
