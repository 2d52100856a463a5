// SPDX-License-Identifier: MIT
#include <parton/autograd/backward.hpp>

#include <memory>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/ops/product.hpp>
#include <parton/parameter/parameter.hpp>
#include <parton/tensor/creation.hpp>
#include <parton_test/catch.hpp>
#include <parton_test/gradient.hpp>

using namespace parton;
using namespace parton_test;
using Catch::Matchers::ContainsSubstring;

namespace {

Tensor<> marked(Tensor<> x, GradReq req = GradReq::write) {
  x.attach_grad(req);
  return x;
}

}  // namespace

TEST_CASE("A gradient is zero until the first backward, and then that of the sum of the head") {
  const Tensor<> x = marked({1.f, 2.f, 3.f});
  CHECK(x.grad() == Tensor<>{0.f, 0.f, 0.f});
  Tensor<> y;
  {
    const autograd::Record recording;
    y = x * x;
  }
  y.backward();
  CHECK(x.grad() == Tensor<>{2.f, 4.f, 6.f});
}

TEST_CASE("Contributions are summed; write replaces what was there, add adds, null has none") {
  const GradReq req = GENERATE(GradReq::write, GradReq::add);
  const Tensor<> x = marked({2.f}, req), frozen = marked({5.f}, GradReq::null);
  const Tensor<> gradient = x.grad();
  for (int pass = 1; pass <= 2; ++pass) {
    const autograd::Record recording;
    const Tensor<> y = x * x + x * frozen + x;
    y.backward();
    CHECK(gradient.item() == 10.f * static_cast<float>(req == GradReq::add ? pass : 1));
  }
  CHECK(gradient.shares_storage_with(x.grad()));
  CHECK_THROWS_AS(frozen.grad(), GradientError);
}

TEST_CASE("Several heads, each with its gradient") {
  const Tensor<> x = marked({1.f, 2.f});
  Tensor<> a, b;
  {
    const autograd::Record recording;
    a = x * 3;
    b = x * x;
  }
  autograd::backward<float>({a, b}, {{10.f, 10.f}, {1.f, 0.f}}, {.retain_graph = true});
  CHECK(x.grad() == Tensor<>{32.f, 30.f});
  autograd::backward<float>({a, b});
  CHECK(x.grad() == Tensor<>{5.f, 7.f});
  CHECK_THROWS_WITH(autograd::backward<float>({a, b}, {{1.f, 1.f}}),
                    ContainsSubstring("1 head gradients for 2 heads"));
  CHECK_THROWS_WITH(autograd::backward<float>({}), ContainsSubstring("without a head"));
}

TEST_CASE("A recording is freed by its backward, unless it is retained") {
  const Tensor<> x = marked({3.f}, GradReq::add);
  Tensor<> y;
  {
    const autograd::Record recording;
    y = x * x;
  }
  y.backward({1.f}, true);
  y.backward({1.f}, true);
  CHECK(x.grad().item() == 12);
  y.backward();
  CHECK(x.grad().item() == 18);
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("'*'") && ContainsSubstring("is freed"));
  CHECK(x.grad().item() == 18);
}

TEST_CASE("Nothing is recorded outside a recording, in a pause, and without a marked input") {
  const Tensor<> x = marked({3.f}), plain{4.f};
  const Tensor<> outside = x * x;
  CHECK_THROWS_WITH(outside.backward(), ContainsSubstring("was not recorded"));
  const autograd::Record recording;
  CHECK_THROWS_AS((plain * plain).backward(), GradientError);
  Tensor<> paused;
  {
    const autograd::Pause pause;
    paused = x * x;
  }
  CHECK_THROWS_AS(paused.backward(), GradientError);
  CHECK_THROWS_AS((x.detach() * 2).backward(), GradientError);
  CHECK(x.detach().shares_storage_with(x));
  const Tensor<> y = x * x;
  (y.detach() * x).backward();
  CHECK(x.grad().item() == 9);
  const Tensor<> other = marked(plain.detach());
  (plain * other).backward();
  CHECK(other.grad().item() == 4);
}

TEST_CASE("Nothing is kept alive when no input needs a gradient") {
  auto owner = std::make_shared<std::vector<float>>(4, 1.f);
  const std::weak_ptr<std::vector<float>> watch = owner;
  Tensor<> result;
  {
    const autograd::Record recording;
    const Tensor<> x = Tensor<>::adopt(owner->data(), {4}, owner);
    owner.reset();
    result = x * x + x;
  }
  CHECK(watch.expired());
}

TEST_CASE("A head gradient has the shape of its head") {
  const Tensor<> x = marked({3.f, 4.f});
  const autograd::Record recording;
  const Tensor<> y = x * 2;
  CHECK_THROWS_WITH(y.backward(Tensor<>{1.f}),
                    ContainsSubstring("(1,)") && ContainsSubstring("(2,)"));
  y.backward({1.f, -1.f});
  CHECK(x.grad() == Tensor<>{2.f, -2.f});
}

TEST_CASE("A leaf as a head gets the head gradient") {
  const Tensor<> x = marked({3.f, 4.f});
  x.backward();
  CHECK(x.grad() == Tensor<>{1.f, 1.f});
}

TEST_CASE("A leaf that the heads do not reach keeps its gradient") {
  const Tensor<> x = marked({3.f}), other = marked({1.f});
  const autograd::Record recording;
  (other * 7).backward();
  (x * 2).backward();
  CHECK(other.grad().item() == 7);
}

TEST_CASE("grad() returns gradients of marked tensors and of recorded results, and stores none") {
  const Tensor<> x = marked({2.f}), unused = marked({1.f, 1.f});
  const autograd::Record recording;
  const Tensor<> square = x * x, y = square * x;
  const auto found = autograd::grad<float>({y}, {x, square, unused, x}, {}, {.retain_graph = true});
  CHECK(found[0].item() == 12);
  CHECK(found[1].item() == 2);
  CHECK(found[2] == Tensor<>{0.f, 0.f});
  CHECK(found[3].item() == 12);
  CHECK(x.grad().item() == 0);
  CHECK_THROWS_WITH(autograd::grad<float>({y}, {x, Tensor<>{1.f}}),
                    ContainsSubstring("variable 1 of grad()"));
  CHECK_THROWS_AS(autograd::grad<float>({y}, {}), ValueError);
  y.backward();
  CHECK(x.grad().item() == 12);
}

TEST_CASE("attach_grad on a recorded result cuts it off") {
  const Tensor<> x = marked({2.f});
  const autograd::Record recording;
  Tensor<> y = x * x;
  CHECK_THROWS_WITH(y.grad(), ContainsSubstring("a recorded result"));
  y.attach_grad();
  (y * 3).backward();
  CHECK(y.grad().item() == 3);
  CHECK(x.grad().item() == 0);
  CHECK_THROWS_WITH(x.detach().grad(), ContainsSubstring("has no gradient"));
}

TEST_CASE("A hundred thousand ops deep, backwards and in destruction") {
  const Tensor<> x = marked({1.f});
  const autograd::Record recording;
  Tensor<> y = x;
  for (int i = 0; i < 100'000; ++i) y = y + 1;
  Tensor<> abandoned = y;
  for (int i = 0; i < 100'000; ++i) abandoned = abandoned + 1;
  abandoned = Tensor<>();
  y.backward();
  CHECK(x.grad().item() == 1);
}

TEST_CASE("Control flow: the gradient is that of what ran") {
  check_gradients(
      [](const std::vector<Tensor<double>>& in) {
        Tensor<double> x = in[0];
        while (x.item() < 10) x = x * in[1] + x;
        return x;
      },
      {{1.5}, {0.7}});
}

TEST_CASE("In-place writes to recorded results, or of them, are errors while recording") {
  Tensor<> x = marked({2.f});
  Tensor<> y, total{0.f};
  {
    const autograd::Record recording;
    y = x * x;
    CHECK_THROWS_WITH(y += 1, ContainsSubstring("x = x + y instead of x += y"));
    CHECK_THROWS_WITH(y.fill(1), ContainsSubstring("recorded result"));
    CHECK_THROWS_WITH(total += y, ContainsSubstring("no gradient finds it"));
    CHECK_THROWS_AS(total.assign(y), GradientError);
    total += y.detach();
  }
  y.backward();
  CHECK(x.grad().item() == 4);
  total += y;
  CHECK(total.item() == 8);
}

TEST_CASE("A write to what a gradient needs is found at backward, however it was made") {
  Tensor<> x = marked({2.f, 3.f});
  const Tensor<> before = x.grad();
  Tensor<> y;
  {
    const autograd::Record recording;
    y = x * x;
  }
  switch (GENERATE(0, 1, 2, 3, 4)) {
    case 0:
      x += 1;
      break;
    case 1:
      x.fill(9);
      break;
    case 2:
      x(0) = 9;
      break;
    case 3:
      x.array()[1] = 9;
      break;
    default:
      x.slice(1, 2) *= 2;
      break;
  }
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("was written to after '*'"));
  CHECK(before == Tensor<>{0.f, 0.f});
}

TEST_CASE("Access that could write but does not is no write") {
  Tensor<> x = marked({2.f, 3.f});
  x(0) = 4;
  const autograd::Record recording;
  const Tensor<> y = x * x;
  CHECK(x(0) + x.array()[1] == 7);
  y.backward();
  CHECK(x.grad() == Tensor<>{8.f, 6.f});
}

TEST_CASE("A write through a view taken before the recording is found") {
  Tensor<> x = marked({2.f, 3.f});
  auto view = x.array();
  Tensor<> y;
  {
    const autograd::Record recording;
    y = x * x;
  }
  view[1] = 5;
  CHECK_THROWS_AS(y.backward(), GradientError);
}

TEST_CASE("A write to what no gradient needs is no error") {
  Tensor<> x = marked({2.f}), y = marked({3.f});
  const autograd::Record recording;
  const Tensor<> sum = x + y;
  x += 1;
  sum.backward();
  CHECK(x.grad().item() == 1);
}

TEST_CASE("set_data never changes a gradient that is being recorded; other writes are named") {
  Parameter<> w("weight", ParameterOptions<float>{.shape = {2}});
  w.set_data({2.f, 3.f});
  const Tensor<> view = w.data();
  Tensor<> y, z;
  {
    const autograd::Record recording;
    y = w.data() * w.data();
    w.set_data({10.f, 20.f});
    z = w.data() * w.data();
    w.set_data({-1.f, -1.f});
  }
  CHECK(view == Tensor<>{-1.f, -1.f});
  y.backward();
  CHECK(w.grad() == Tensor<>{4.f, 6.f});
  z.backward();
  CHECK(w.grad() == Tensor<>{20.f, 40.f});
  CHECK(w.has_fresh_grad());
  {
    const autograd::Record recording;
    y = w.data() * w.data();
  }
  w.data() += 1;
  w.set_data({10.f, 20.f});
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("the parameter 'weight'"));
  CHECK_THROWS_WITH(w.data().attach_grad(), ContainsSubstring("set_grad_req()"));
}

TEST_CASE("A frozen parameter takes no gradient, and its values are watched all the same") {
  Parameter<> w("weight", ParameterOptions<float>{.shape = {1}, .grad_req = GradReq::null});
  w.set_data({2.f});
  const Tensor<> x = marked({3.f});
  Tensor<> y;
  {
    const autograd::Record recording;
    y = x * w.data();
  }
  w.data()(0) = 7;
  CHECK_THROWS_WITH(y.backward(), ContainsSubstring("the parameter 'weight'"));
  CHECK_FALSE(w.has_fresh_grad());
}

TEST_CASE("A gradient may outlive its parameter, and a recording too") {
  Tensor<> y, gradient;
  {
    Parameter<> w("weight", ParameterOptions<float>{.shape = {1}});
    w.set_data({2.f});
    gradient = w.grad();
    const autograd::Record recording;
    y = w.data() * w.data();
  }
  y.backward();
  CHECK(gradient.item() == 4);
}

TEST_CASE("Fresh is a gradient that a backward reached since the values were initialized") {
  Parameter<> w("weight", ParameterOptions<float>{.shape = {1}});
  w.initialize();
  const auto reach = [&] {
    const autograd::Record recording;
    (w.data() * 2).backward();
  };
  CHECK_FALSE(w.has_fresh_grad());
  reach();
  CHECK(w.has_fresh_grad());
  w.zero_grad();
  w.set_data({3.f});
  CHECK(w.has_fresh_grad());
  w.initialize({.force_reinit = true});
  CHECK_FALSE(w.has_fresh_grad());
  reach();
  w.mark_grad_stale();
  CHECK_FALSE(w.has_fresh_grad());
  reach();
  w.set_grad_req(GradReq::add);
  CHECK_FALSE(w.has_fresh_grad());
}

TEST_CASE("The gradients of arithmetic and dot, with broadcasting, by finite differences") {
  const auto binary = [](const Shape& a, const Shape& b) {
    const std::vector<Tensor<double>> in{random_input(a, 1), random_input(b, 2, 0.5, 2)};
    INFO(a.to_string() << " and " << b.to_string());
    check_gradients([](const auto& x) { return x[0] + x[1]; }, in);
    check_gradients([](const auto& x) { return x[0] - x[1]; }, in);
    check_gradients([](const auto& x) { return x[0] * x[1]; }, in);
    check_gradients([](const auto& x) { return x[0] / x[1]; }, in);
  };
  binary({3}, {3});
  binary({}, {});
  binary({2, 3}, {3});
  binary({4, 1, 2}, {3, 1});
  binary({2, 3}, {});
  binary({1, 1}, {2, 1, 3});
  binary({0, 3}, {3});
  const Tensor<double> x = random_input({2, 3}, 5, 0.5, 2);
  check_gradients(
      [](const auto& in) { return 3 / in[0] - (2 - in[0]) * 5 + in[0] / 4 - (in[0] - 1); }, {x});
  check_gradients([](const auto& in) { return in[0] * in[0] + in[0] / in[0] - (-in[0]); }, {x});

  const auto product = [](const Shape& a, const Shape& b) {
    INFO(a.to_string() << " and " << b.to_string());
    check_gradients([](const auto& in) { return dot(in[0], in[1]); },
                    {random_input(a, 3), random_input(b, 4)});
  };
  product({3, 4}, {4, 2});
  product({7, 3}, {3, 9});
  product({2, 3, 4}, {4, 5});
  product({3}, {3, 2});
  product({2, 3}, {3});
  product({3}, {3});
  product({}, {2, 3});
  product({0, 3}, {3, 2});
  product({2, 0}, {0, 3});
}

TEST_CASE("half and bfloat16 sum gradients of a broadcast in float") {
  Tensor<Eigen::bfloat16> x = Tensor<Eigen::bfloat16>::full({}, 1);
  x.attach_grad();
  const autograd::Record recording;
  // 1000 ones: adding them one by one in bfloat16 would stop at 256.
  (x * Tensor<Eigen::bfloat16>::full({1000}, 1)).backward();
  CHECK(static_cast<float>(x.grad().item()) == 1000);
}

TEST_CASE("A gradient may be the head gradient of its own leaf, or have been recorded") {
  const Tensor<> w{{0.f, 1.f}, {1.f, 1.f}};
  const auto with_gradient = [](GradReq req) {
    const Tensor<> x = marked({{1.f, 2.f}, {3.f, 4.f}}, req);
    x.backward(Tensor<>{{1.f, 2.f}, {3.f, 4.f}});
    return x;
  };
  const Tensor<> x = with_gradient(GradReq::write), more = with_gradient(GradReq::add);
  const autograd::Record recording;
  dot(x, w).backward(x.grad());
  CHECK(x.grad() == Tensor<>{{2.f, 3.f}, {4.f, 7.f}});
  dot(more, w).backward(more.grad());
  CHECK(more.grad() == Tensor<>{{3.f, 5.f}, {7.f, 11.f}});

  const Tensor<> z = with_gradient(GradReq::write), g = z.grad();
  autograd::backward<float>({z * z * g, dot(z, g)});
  CHECK(g == Tensor<>{{5.f, 15.f}, {21.f, 39.f}});
}
