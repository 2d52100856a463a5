// SPDX-License-Identifier: MIT
#include <parton/loss/sigmoid_binary_cross_entropy.hpp>

#include <cmath>
#include <vector>

#include <parton_test/gradient.hpp>

#include "reference.hpp"

using namespace parton;
using namespace parton_test;

namespace {

double binary_cross_entropy(double probability, double z, double w = 1) {
  return -w * z * std::log(probability) - (1 - z) * std::log(1 - probability);
}

}  // namespace

TEST_CASE("SigmoidBinaryCrossEntropy from logits, with a weight of the positive term") {
  check_loss(
      [](const loss::Options& o) {
        return loss::SigmoidBinaryCrossEntropy(
            {.pos_weight = {2.5}, .weight = o.weight, .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return binary_cross_entropy(1 / (1 + std::exp(-p)), z, 2.5); },
      {.label_low = 0, .label_high = 1, .soft_label = true});
}

TEST_CASE("SigmoidBinaryCrossEntropy from probabilities") {
  check_loss(
      [](const loss::Options& o) {
        return loss::SigmoidBinaryCrossEntropy({.from_sigmoid = true,
                                                .pos_weight = {2.5},
                                                .weight = o.weight,
                                                .batch_axis = o.batch_axis});
      },
      [](double p, double z) { return binary_cross_entropy(p, z, 2.5); },
      {.low = 0.1, .high = 0.9, .label_low = 0, .label_high = 1, .soft_label = true});
  // 1e-12 keeps the certain mistake finite.
  const loss::SigmoidBinaryCrossEntropy loss({.from_sigmoid = true});
  check_values(loss(Tensor{0.f, 1.f, 1.f}, Tensor{1.f, 0.f, 1.f}), {3},
               {-std::log(1e-12), -std::log(1e-12), 0});
}

TEST_CASE("large logits of SigmoidBinaryCrossEntropy neither overflow nor vanish") {
  check_elements(loss::SigmoidBinaryCrossEntropy(), {1e4f, 1e4f, -1e4f, -1e4f, 0.f},
                 {1.f, 0.f, 1.f, 0.f, 0.5f}, {0, 1e4, 1e4, 0, std::log(2.)}, {0, 1, -1, 0, 0});
  check_elements(loss::SigmoidBinaryCrossEntropy({.pos_weight = {3}}), {1e4f, 1e4f, -1e4f, -1e4f},
                 {1.f, 0.f, 1.f, 0.f}, {0, 1e4, 3e4, 0}, {0, 1, -3, 0});
  // A small probability keeps its digits, other than 1 - (1 - s).
  Tensor pred{-20.f};
  pred.attach_grad();
  const autograd::Record recording;
  const Tensor result = loss::SigmoidBinaryCrossEntropy()(pred, Tensor{0.f});
  result.backward();
  CHECK(result.item() == Approx(std::exp(-20.)).epsilon(1e-5));
  CHECK(pred.grad().item() == Approx(std::exp(-20.)).epsilon(1e-5));
}

TEST_CASE("pos_weight may be one number for each class") {
  const std::vector<double> weights{1, 2, 0.5};
  const loss::SigmoidBinaryCrossEntropy loss({.pos_weight = weights});
  const Tensor<double> pred = random_input({2, 3}, 1), label = random_input({2, 3}, 2, 0, 1);
  check_values(loss(pred, label), {2},
               mean_by_sample({2, 3}, {}, Tensor<double>::full({}, 1), [&](Index i) {
                 return binary_cross_entropy(1 / (1 + std::exp(-pred.data()[i])), label.data()[i],
                                             weights[static_cast<std::size_t>(i % 3)]);
               }));
  check_gradients([&](const auto& in) { return loss(in[0], in[1]); }, {pred, label});
  const Tensor<double> other = Tensor<double>::zeros({2, 4});
  check_says(message_of<ShapeError>([&] { static_cast<void>(loss(other, other)); }),
             {"(3,)", "(2, 4)"});
  CHECK(message_of<ValueError>([] {
          loss::SigmoidBinaryCrossEntropy({.pos_weight = {1., -2.}});
        }) == "SigmoidBinaryCrossEntropy: pos_weight must be finite and 0 or more, not -2");
}
