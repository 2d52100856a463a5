// SPDX-License-Identifier: MIT
// Stacks of dense layers: inference and training steps.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <parton_bench/eigen_net.hpp>
#include <parton_bench/parton_net.hpp>
#ifdef PARTON_BENCH_TORCH
#include <parton_bench/torch_net.hpp>
#endif

using namespace parton_bench;

namespace {

struct Task {
  std::vector<long> widths;
  long batch;
  bool train;
  Rule rule;
  [[nodiscard]] Data data() const { return {batch, widths.front(), widths.back()}; }
};

std::function<void()> with_parton(const Task& task) {
  using namespace parton;
  nn::Sequential<> net;
  for (std::size_t i = 1; i + 1 < task.widths.size(); ++i)
    net.add(nn::Dense(task.widths[i], nn::relu));
  net.add(nn::Dense(task.widths.back()));
  const auto held = std::make_shared<PartonNet>(std::move(net), task.data(),
                                                Shape{task.batch, task.widths.front()});
  if (task.train) held->train_with(task.rule);
  return run_of(held, task.train);
}

template <int Order>
std::function<void()> with_eigen(const Task& task, bool by_column) {
  return run_of(std::make_shared<EigenMlp<Order>>(task.widths, task.data(), task.rule, by_column),
                task.train);
}

#ifdef PARTON_BENCH_TORCH
enum class Style { sequential, functional, out };

std::function<void()> with_torch(const Task& task, Style style, bool foreach) {
  torch::nn::Sequential net;
  std::vector<torch::nn::Linear> layers;
  for (std::size_t i = 0; i + 1 < task.widths.size(); ++i) {
    layers.emplace_back(task.widths[i], task.widths[i + 1]);
    net->push_back(layers.back());
    if (i + 2 < task.widths.size()) net->push_back(torch::nn::ReLU());
  }
  TorchNet::Forward forward;
  if (style == Style::sequential) {
    forward = [net](const torch::Tensor& x) mutable { return net->forward(x); };
  } else if (style == Style::functional) {
    forward = [layers](const torch::Tensor& x) {
      torch::Tensor y = x;
      for (std::size_t i = 0; i < layers.size(); ++i) {
        y = torch::addmm(layers[i]->bias, y, layers[i]->weight.t());
        if (i + 1 < layers.size()) y = torch::relu_(y);
      }
      return y;
    };
  } else {
    // Nothing is allocated, and nothing transposed.
    const torch::InferenceMode inference;
    std::vector<torch::Tensor> weights, biases, results;
    for (const auto& layer : layers) {
      weights.push_back(layer->weight.detach().t());
      biases.push_back(layer->bias.detach());
      results.push_back(torch::empty({task.batch, layer->weight.size(0)}));
    }
    forward = [weights, biases, results](const torch::Tensor& x) mutable {
      for (std::size_t i = 0; i < weights.size(); ++i) {
        torch::addmm_out(results[i], biases[i], i == 0 ? x : results[i - 1], weights[i]);
        if (i + 1 < weights.size()) results[i].relu_();
      }
      return results.back();
    };
  }
  const auto held =
      std::make_shared<TorchNet>(forward, net->parameters(), task.data(),
                                 std::vector<std::int64_t>{task.batch, task.widths.front()});
  if (task.train) held->train_with(task.rule, foreach);
  return run_of(held, task.train);
}
#endif

void add_task(const std::string& name, const Task& task) {
  add_simple(name, "parton", [task] { return with_parton(task); });
  if (task.widths.front() > 100) add_simple(name, "parton@2", [task] { return with_parton(task); });
  add_simple(name, "eigen:plain", [task] { return with_eigen<Eigen::ColMajor>(task, false); });
  add_simple(name, "eigen:rowmajor", [task] { return with_eigen<Eigen::RowMajor>(task, false); });
  if (task.batch <= 4)
    add_simple(name, "eigen:columns", [task] { return with_eigen<Eigen::ColMajor>(task, true); });
#ifdef PARTON_BENCH_TORCH
  add_simple(name, "torch:sequential",
             [task] { return with_torch(task, Style::sequential, false); });
  add_simple(name, "torch:functional",
             [task] { return with_torch(task, Style::functional, false); });
  if (task.train)
    add_simple(name, "torch:foreach", [task] { return with_torch(task, Style::functional, true); });
  else
    add_simple(name, "torch:out", [task] { return with_torch(task, Style::out, false); });
#endif
}

}  // namespace

void parton_bench::register_cases() {
  const std::vector<std::vector<long>> nets{{20, 256, 10}, {784, 512, 256, 10}};
  for (const auto& widths : nets)
    for (const long batch : {1L, 2L, 64L, 256L}) {
      std::string net;
      for (const long width : widths) net += (net.empty() ? "" : "-") + std::to_string(width);
      const std::string tail = "/" + net + "/" + std::to_string(batch);
      add_task("infer" + tail, {widths, batch, false, Rule::momentum});
      add_task("sgd" + tail, {widths, batch, true, Rule::momentum});
      add_task("adam" + tail, {widths, batch, true, Rule::adam});
    }
}
