// SPDX-License-Identifier: MIT
#include <parton/loss/logistic.hpp>

#include <cmath>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

TEST_CASE("Logistic of labels -1 and 1") {
  check_loss(
      [](const loss::Options& o) {
        return loss::Logistic({.weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return std::log1p(std::exp(-p * z)); }, {.signs = true});
  check_elements(loss::Logistic(), {0.f, 1e4f, 1e4f, -1e4f, 20.f}, {1.f, 1.f, -1.f, 1.f, 1.f},
                 {std::log(2.), 0, 1e4, 1e4, std::log1p(std::exp(-20.))}, {-0.5, 0, 1, -1, 0});
}

TEST_CASE("Logistic of labels 0 and 1 is the same") {
  const Tensor pred = random_input({4, 3}, 5, -3, 3).cast<float>();
  Tensor binary = Tensor<>::zeros({4, 3}), two = Tensor<>::full({4, 3}, -1);
  for (const Index i : {0, 2, 3, 7, 10}) binary.flat()[i] = two.flat()[i] = 1;
  const loss::Logistic from_binary({.label_format = loss::LabelFormat::binary});
  CHECK(from_binary(pred, binary) == loss::Logistic()(pred, two));
}
