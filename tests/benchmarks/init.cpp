// SPDX-License-Identifier: MIT
// Filling 100 million floats by each rule of initialization.
#include <array>
#include <memory>
#include <random>
#include <string>

#include <Eigen/Core>

#include <parton/parton.hpp>
#include <parton_bench/bench.hpp>
#ifdef PARTON_BENCH_TORCH
#include <torch/torch.h>
#endif

using namespace parton_bench;

namespace {

/// A matrix of 100 million elements, so that rules which look at fans have them.
std::array<long, 2> shape_of_case(long side) { return {scaled(side), side}; }

/// `side`: the matrix has 10,000 rows and columns, or fewer for a rule that costs more than a pass.
template <class Rule>
void add_rule(const std::string& name, const Rule& rule, long side = 10'000) {
  const auto [rows, columns] = shape_of_case(side);
  for (const char* const implementation : {"parton", "parton@2"})
    add_simple("init/" + name, implementation, [rule, rows = rows, columns = columns] {
      using namespace parton;
      auto parameter = std::make_shared<Parameter<>>("weight", Shape{rows, columns});
      parameter->initialize(rule, {.seed = 1});
      return [parameter, rule] { parameter->initialize(rule, {.force_reinit = true, .seed = 1}); };
    });
}

/// A Tensor that is filled by a Generator, without a parameter.
template <class Fill>
void add_generator(const std::string& name, const Fill& fill) {
  const auto [rows, columns] = shape_of_case(10'000);
  for (const char* const implementation : {"parton", "parton@2"})
    add_simple("random/" + name, implementation, [fill, rows = rows, columns = columns] {
      auto data = std::make_shared<parton::Tensor<>>(parton::Tensor<>::empty({rows, columns}));
      return [data, fill] {
        parton::random::Generator rng(1);
        fill(rng, *data);
      };
    });
}

template <class Fill>
void add_eigen(const std::string& name, const std::string& implementation, const Fill& fill,
               long side = 10'000) {
  const auto [rows, columns] = shape_of_case(side);
  add_simple(name, implementation, [fill, count = rows * columns] {
    auto data = std::make_shared<Eigen::ArrayXf>(Eigen::ArrayXf::Zero(count));
    return [data, fill] { fill(*data); };
  });
}

template <class Fill>
void add_torch([[maybe_unused]] const std::string& name, [[maybe_unused]] const Fill& fill,
               [[maybe_unused]] long side = 10'000) {
#ifdef PARTON_BENCH_TORCH
  const auto [rows, columns] = shape_of_case(side);
  add_simple(name, "torch", [fill, rows = rows, columns = columns] {
    const torch::Tensor data = torch::zeros({rows, columns});
    return [data, fill] {
      const torch::NoGradGuard no_grad;
      fill(data);
    };
  });
#endif
}

}  // namespace

#ifdef PARTON_BENCH_TORCH
#define PARTON_BENCH_FILL(...) [](torch::Tensor w) { __VA_ARGS__; }
#else
#define PARTON_BENCH_FILL(...) 0
#endif

void parton_bench::register_cases() {
  using namespace parton::init;
  add_rule("uniform", Uniform(0.07));
  add_eigen("init/uniform", "eigen", [](auto& w) { w = 0.07F * Eigen::ArrayXf::Random(w.size()); });
  add_torch("init/uniform", PARTON_BENCH_FILL(torch::nn::init::uniform_(w, -0.07, 0.07)));

  add_rule("normal", Normal(0.01));
  add_eigen("init/normal", "eigen", [](auto& w) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 0.01F);
    w = Eigen::ArrayXf::NullaryExpr(w.size(), [&] { return normal(random); });
  });
  add_torch("init/normal", PARTON_BENCH_FILL(torch::nn::init::normal_(w, 0, 0.01)));

  add_rule("constant", Constant(0.5));
  add_eigen("init/constant", "eigen", [](auto& w) { w.setConstant(0.5F); });
  add_torch("init/constant", PARTON_BENCH_FILL(torch::nn::init::constant_(w, 0.5)));
  add_rule("zero", Zero());
  add_torch("init/zero", PARTON_BENCH_FILL(torch::nn::init::zeros_(w)));
  add_rule("one", One());
  add_torch("init/one", PARTON_BENCH_FILL(torch::nn::init::ones_(w)));

  add_rule("xavier", Xavier());
  add_torch("init/xavier", PARTON_BENCH_FILL(torch::nn::init::xavier_uniform_(w)));
  add_rule("he", He());
  add_torch("init/he", PARTON_BENCH_FILL(torch::nn::init::kaiming_normal_(w)));
  add_rule("truncated_normal", TruncatedNormal(0.01));
  add_rule("identity", Identity());
  add_torch("init/identity", PARTON_BENCH_FILL(torch::nn::init::eye_(w)));
  add_rule("sparse", Sparse(0.9), 1'000);
  add_torch("init/sparse", PARTON_BENCH_FILL(torch::nn::init::sparse_(w, 0.9)), 1'000);
  add_rule("orthogonal", Orthogonal(), 1'000);
  add_torch("init/orthogonal", PARTON_BENCH_FILL(torch::nn::init::orthogonal_(w)), 1'000);

  add_generator("uniform", [](auto& rng, auto& w) { rng.uniform(w, -0.07, 0.07); });
  add_torch("random/uniform", PARTON_BENCH_FILL(w.uniform_(-0.07, 0.07)));
  add_generator("normal", [](auto& rng, auto& w) { rng.normal(w, 0, 0.01); });
  add_torch("random/normal", PARTON_BENCH_FILL(w.normal_(0, 0.01)));
}
