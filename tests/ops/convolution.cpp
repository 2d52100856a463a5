// SPDX-License-Identifier: MIT
#include <parton/ops/convolution.hpp>

#include <cmath>
#include <vector>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Options = ConvolutionOptions<2>;

/// The sum of the definition, with every index written out.
std::vector<double> plain_convolution(const Tensor<double>& x, const Tensor<double>& w,
                                      const Tensor<double>* b, const Options& o,
                                      const Shape& result) {
  std::vector<double> all;
  const Index in = w.shape()[1], out = w.shape()[0] / o.groups;
  for (Index at = 0; at < result.size(); ++at) {
    const auto p = position(at, result);
    double sum = b == nullptr ? 0 : (*b)(p[1]);
    for (Index c = 0; c < in; ++c)
      for (Index i = 0; i < w.shape()[2]; ++i)
        for (Index j = 0; j < w.shape()[3]; ++j) {
          const Index row = p[2] * o.strides[0] - o.padding[0].begin + i * o.dilation[0];
          const Index column = p[3] * o.strides[1] - o.padding[1].begin + j * o.dilation[1];
          if (row < 0 || column < 0 || row >= x.shape()[2] || column >= x.shape()[3]) continue;
          sum += w(p[1], c, i, j) * x(p[0], p[1] / out * in + c, row, column);
        }
    all.push_back(sum);
  }
  return all;
}

struct Case {
  Shape x, w, y;
  Options options = {};
};

/// Small convolutions, each with something of its own.
const std::vector<Case>& conv_cases() {
  static const std::vector<Case> all = {
      {{2, 3, 5, 6}, {4, 3, 3, 2}, {2, 4, 3, 5}},
      {{1, 1, 4, 4}, {1, 1, 4, 4}, {1, 1, 1, 1}},
      {{2, 2, 4, 5}, {9, 2, 3, 3}, {2, 9, 4, 5}, {.padding = 1}},
      {{1, 2, 7, 6}, {3, 2, 3, 2}, {1, 3, 3, 3}, {.strides = 2}},
      {{1, 2, 6, 7}, {2, 2, 2, 3}, {1, 2, 5, 3}, {.strides = {1, 3}, .padding = {0, 1}}},
      {{1, 1, 5, 5}, {2, 1, 2, 2}, {1, 2, 6, 4}, {.padding = {{2, 0}, {0, 0}}}},
      {{1, 1, 5, 5}, {2, 1, 2, 3}, {1, 2, 5, 6}, {.padding = {{0, 1}, {1, 2}}}},
      {{1, 2, 7, 8}, {2, 2, 3, 2}, {1, 2, 3, 5}, {.dilation = {2, 3}}},
      {{1, 2, 9, 8}, {1, 2, 3, 3}, {1, 1, 4, 3}, {.strides = 2, .padding = 1, .dilation = 2}},
      {{1, 1, 9, 9}, {1, 1, 2, 2}, {1, 1, 3, 2}, {.strides = 4, .padding = {1, 0}}},
      {{2, 4, 4, 4}, {6, 2, 3, 3}, {2, 6, 4, 4}, {.padding = 1, .groups = 2}},
      {{2, 3, 4, 5}, {3, 1, 3, 3}, {2, 3, 2, 3}, {.groups = 3}},
      {{1, 2, 5, 5}, {4, 1, 3, 3}, {1, 4, 3, 3}, {.strides = 2, .padding = 1, .groups = 2}},
      {{2, 5, 3, 4}, {7, 5, 1, 1}, {2, 7, 3, 4}},
      {{2, 4, 3, 3}, {6, 2, 1, 1}, {2, 6, 3, 3}, {.groups = 2}},
      {{1, 2, 5, 5}, {2, 2, 1, 1}, {1, 2, 3, 3}, {.strides = 2}},
      {{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 7, 5}, {.padding = {3, 2}}},
      {{1, 1, 40, 30}, {2, 1, 3, 3}, {1, 2, 40, 30}, {.padding = 1}},
      {{0, 2, 4, 4}, {3, 2, 3, 3}, {0, 3, 2, 2}},
      {{2, 0, 4, 4}, {3, 0, 3, 3}, {2, 3, 2, 2}},
      {{2, 2, 4, 4}, {0, 2, 3, 3}, {2, 0, 2, 2}},
      {{1, 2, 0, 3}, {2, 2, 2, 2}, {1, 2, 1, 2}, {.padding = {1, 0}}},
  };
  return all;
}

}  // namespace

TEST_CASE("a convolution is the sum of its definition over every shape and option") {
  for (const Case& one : conv_cases()) {
    INFO(one.x << " through " << one.w);
    const auto x = sample<double>(one.x), w = sample<double>(one.w, 0.5);
    const auto b = sample<double>({one.w[0]}, 1);
    const auto plain = plain_convolution(x, w, nullptr, one.options, one.y);
    check_values(conv2d(x, w, nullptr, one.options), one.y, plain);
    auto expected = plain_convolution(x, w, &b, one.options, one.y);
    check_values(conv2d(x, w, &b, one.options), one.y, expected);
    const auto single = b.cast<float>();
    check_values(conv2d(x.cast<float>(), w.cast<float>(), &single, one.options), one.y, expected,
                 1e-4);
    Options fused = one.options;
    fused.activation = {ActivationKind::tanh};
    for (double& value : expected) value = std::tanh(value);
    check_values(conv2d(x, w, &b, fused), one.y, expected);
    check_shape_only(conv2d(Tensor<double>::shape_only(one.x), w, &b, one.options), one.y);
  }
}

TEST_CASE("the gradients of a convolution are those of finite differences") {
  for (const Case& one : conv_cases()) {
    INFO(one.x << " through " << one.w);
    if (one.x.size() > 1000) continue;
    const auto f = [&](const std::vector<Tensor<double>>& v) {
      return conv2d(v[0], v[1], &v[2], one.options);
    };
    check_gradients(f,
                    {random_input(one.x, 1), random_input(one.w, 2), random_input({one.w[0]}, 3)});
  }
}

TEST_CASE("the activation of a convolution has its gradient too") {
  for (const ActivationKind kind :
       {ActivationKind::relu, ActivationKind::tanh, ActivationKind::gelu}) {
    const auto f = [&](const std::vector<Tensor<double>>& v) {
      return conv2d(v[0], v[1], &v[2], {.padding = 1, .activation = {kind}});
    };
    check_gradients(
        f, {random_input({2, 2, 4, 3}, 1), random_input({3, 2, 3, 3}, 2), random_input({3}, 3)});
  }
}

TEST_CASE("the gradient of a wide convolution is that of plain loops") {
  // Large enough for every block of the loops and several chunks of images.
  const Shape shape{5, 6, 13, 11}, weight{13, 6, 3, 3};
  const auto g = random_input({5, 13, 13, 11}, 4);
  auto x = random_input(shape, 1), w = random_input(weight, 2);
  x.attach_grad();
  w.attach_grad();
  {
    const autograd::Record recording;
    const Tensor<double> y = conv2d(x, w, nullptr, {.padding = 1});
    y.backward(g);
  }
  Tensor<double> dx = Tensor<double>::zeros(shape), dw = Tensor<double>::zeros(weight);
  for (Index at = 0; at < g.size(); ++at) {
    const auto p = position(at, g.shape());
    for (Index k = 0; k < weight.product(1); ++k) {
      const auto q = position(k, {6, 3, 3});
      const Index row = p[2] + q[1] - 1, column = p[3] + q[2] - 1;
      if (row < 0 || column < 0 || row >= 13 || column >= 11) continue;
      dx(p[0], q[0], row, column) += g.data()[at] * w(p[1], q[0], q[1], q[2]);
      dw(p[1], q[0], q[1], q[2]) += g.data()[at] * x(p[0], q[0], row, column);
    }
  }
  check_values(x.grad(), shape, {dx.span().begin(), dx.span().end()}, 1e-10);
  check_values(w.grad(), weight, {dw.span().begin(), dw.span().end()}, 1e-10);
}

TEST_CASE("only what is needed gets a gradient") {
  auto x = random_input({1, 1, 4, 4}), w = random_input({1, 1, 2, 2}, 2);
  w.attach_grad();
  const autograd::Record recording;
  Tensor<double> y = conv2d(x, w);
  x *= 0.0;  // the backward needs it
  CHECK_THROWS_AS(y.backward(), GradientError);
  w = w.detach();
  x.attach_grad();
  y = conv2d(x, w);
  x *= 0.0;  // the gradient of x does not need x
  y.backward();
  CHECK(x.grad()(0, 0, 0, 0) == w(0, 0, 0, 0));
}

TEST_CASE("one dimension is two with a single row") {
  const auto x = sample<double>({2, 4, 9}), w = sample<double>({6, 2, 3}, 0.5);
  const auto b = sample<double>({6}, 1);
  const Tensor<double> y =
      conv1d(x, w, &b, {.strides = 2, .padding = {{2, 1}}, .dilation = 2, .groups = 2});
  CHECK(y.shape() == Shape{2, 6, 4});
  CHECK(y.reshape({2, 6, 1, 4}) ==
        conv2d(x.reshape({2, 4, 1, 9}), w.reshape({6, 2, 1, 3}), &b,
               {.strides = {1, 2}, .padding = {0, {2, 1}}, .dilation = {1, 2}, .groups = 2}));
  check_gradients(
      [](const std::vector<Tensor<double>>& v) {
        return conv1d(v[0], v[1], nullptr, {.strides = 2, .padding = 1});
      },
      {random_input({2, 2, 7}, 1), random_input({3, 2, 3}, 2)});
}

TEMPLATE_TEST_CASE("half and bfloat16 are convolved in float and rounded once", "", Eigen::half,
                   Eigen::bfloat16) {
  auto x = sample<TestType>({1, 3, 5, 5}), w = sample<TestType>({2, 3, 3, 3}, 0.5);
  auto b = sample<TestType>({2}, 1);
  const Tensor<float> wide_b = b.template cast<float>();
  const Tensor<float> y = conv2d(x.template cast<float>(), w.template cast<float>(), &wide_b);
  CHECK(conv2d(x, w, &b) == y.cast<TestType>());
  Tensor<float> wide_w = w.template cast<float>();
  w.attach_grad();
  wide_w.attach_grad();
  const autograd::Record recording;
  conv2d(x, w, &b).backward();
  conv2d(x.template cast<float>(), wide_w, &wide_b).backward();
  CHECK(w.grad() == wide_w.grad().template cast<TestType>());
}

TEST_CASE("a convolution takes Eigen tensors") {
  Eigen::Tensor<float, 4, Eigen::RowMajor> x(1, 2, 3, 3), w(1, 2, 2, 2);
  x.setConstant(1);
  w.setConstant(0.5f);
  CHECK(conv2d(x, w) == Tensor<>::full({1, 1, 2, 2}, 4));
}

TEST_CASE("a convolution refuses what does not fit, and says what") {
  const Tensor<> x = Tensor<>::zeros({1, 4, 5, 6}), w = Tensor<>::zeros({2, 4, 3, 3});
  const Tensor<> bias = Tensor<>::zeros({3}), none = Tensor<>::shape_only({1, 4, 5});
  CHECK_THROWS_WITH(conv2d(none, w), ContainsSubstring("conv2d") &&
                                         ContainsSubstring("(N, C, H, W)") &&
                                         ContainsSubstring("(1, 4, 5)"));
  CHECK_THROWS_WITH(conv1d(x, Tensor<>::zeros({2, 4, 3})),
                    ContainsSubstring("(N, C, W)") && ContainsSubstring("reshape"));
  CHECK_THROWS_WITH(
      conv2d(x, Tensor<>::zeros({2, 4, 3})),
      ContainsSubstring("(out_channels, in_channels / groups, kH, kW), not (2, 4, 3)"));
  CHECK_THROWS_WITH(conv1d(none, w), ContainsSubstring("(out_channels, in_channels / groups, kW)"));
  CHECK_THROWS_WITH(conv2d(x, Tensor<>::zeros({2, 3, 3, 3})),
                    ContainsSubstring("(1, 4, 5, 6)") && ContainsSubstring("(2, 3, 3, 3)") &&
                        ContainsSubstring("1 times"));
  CHECK_THROWS_AS(conv2d(x, w, nullptr, {.groups = 3}), ShapeError);
  CHECK_THROWS_WITH(conv2d(x, Tensor<>::zeros({3, 2, 3, 3}), nullptr, {.groups = 2}),
                    ContainsSubstring("not a multiple of groups = 2"));
  CHECK_THROWS_WITH(conv2d(x, w, &bias),
                    ContainsSubstring("(3,)") && ContainsSubstring("(out_channels,)"));
  CHECK_THROWS_WITH(conv2d(x, Tensor<>::zeros({1, 4, 6, 6})),
                    ContainsSubstring("height") && ContainsSubstring("is 5 with its padding") &&
                        ContainsSubstring("over 6"));
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.dilation = {1, 3}}),
                    ContainsSubstring("width") && ContainsSubstring("over 7"));
  CHECK_THROWS_AS(conv2d(x, Tensor<>::zeros({1, 4, 0, 3})), ValueError);
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.strides = 0}),
                    ContainsSubstring("a stride must be at least 1, not 0"));
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.padding = -1}),
                    ContainsSubstring("the padding must be at least 0, not -1"));
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.dilation = 0}), ContainsSubstring("the dilation"));
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.groups = 0}), ContainsSubstring("groups"));
  CHECK_THROWS_WITH(conv2d(x, w, nullptr, {.padding = {Index{1} << 40, 0}}),
                    ContainsSubstring("below 2^31"));
}
