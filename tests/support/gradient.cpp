// SPDX-License-Identifier: MIT
#include <parton_test/gradient.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <parton/autograd/mode.hpp>
#include <parton/random/generator.hpp>
#include <parton_test/catch.hpp>

namespace parton_test {

using namespace parton;

namespace {

double weighted_sum(const Tensor<double>& y, const Tensor<double>& head) {
  double sum = 0;
  for (Index i = 0; i < y.size(); ++i) sum += y.data()[i] * head.data()[i];
  return sum;
}

}  // namespace

Tensor<double> random_input(const Shape& shape, std::uint64_t seed, double low, double high) {
  random::Generator rng(seed, static_cast<std::uint64_t>(shape.size()));
  Tensor<double> result = Tensor<double>::empty(shape);
  rng.uniform(result, low, high);
  return result;
}

void check_gradients(const DoubleFunction& f, const std::vector<Tensor<double>>& given,
                     double tolerance, double step) {
  std::vector<Tensor<double>> inputs;
  for (const Tensor<double>& one : given) inputs.push_back(one.copy());
  const Tensor<double> plain = f(inputs);
  const Tensor<double> head = random_input(plain.shape(), 77, 0.5, 1.5);

  for (Tensor<double>& one : inputs) one.attach_grad(GradReq::add);
  for (int pass = 0; pass < 2; ++pass) {
    const autograd::Record recording(autograd::is_training());
    const Tensor<double> recorded = f(inputs);
    CHECK(recorded.shape() == plain.shape());
    for (Index i = 0; i < plain.size(); ++i) CHECK(recorded.data()[i] == plain.data()[i]);
    recorded.backward(head);
  }
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Tensor<double> gradient = inputs[k].grad();
    REQUIRE(gradient.shape() == inputs[k].shape());
    std::vector<Tensor<double>> moved;
    for (const Tensor<double>& one : inputs) moved.push_back(one.detach().copy());
    for (Index i = 0; i < gradient.size(); ++i) {
      double* const at = moved[k].mutable_data() + i;
      const double x = *at;
      *at = x + step;
      const double above = weighted_sum(f(moved), head);
      *at = x - step;
      const double below = weighted_sum(f(moved), head);
      *at = x;
      const double expected = (above - below) / (2 * step), found = gradient.data()[i] / 2;
      INFO("input " << k << " of shape " << inputs[k].shape().to_string() << ", element " << i
                    << ": x = " << x << ", found " << found << ", expected " << expected);
      CHECK(std::abs(found - expected) <= tolerance * std::max(1.0, std::abs(expected)));
    }
  }
}

}  // namespace parton_test
