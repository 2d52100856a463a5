// SPDX-License-Identifier: MIT
// One step of an optimizer over 100 million parameters, in 1,000 tensors or in 100,000.
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
  long tensors, rows, columns;
  Rule rule;
};

/// Parameters of parton with gradients, as a backward leaves them.
class PartonParameters {
 public:
  explicit PartonParameters(const Task& task) {
    using namespace parton;
    const long branches = std::min(100L, task.tensors);
    for (long i = 0; i < branches; ++i) {
      nn::Sequential<> branch;
      for (long k = i; k < task.tensors; k += branches)
        branch.add(nn::Dense(task.rows, nn::linear, {.use_bias = false, .in_units = task.columns}));
      net_.add(std::move(branch));
    }
    net_.initialize({.seed = 1});
    parameters_ = net_.collect_params();
    for (auto& [name, parameter] : parameters_) {
      parameter.grad().fill(0.01F);
      auto* const node = parton::detail::Access::record(parameter.data())->node.get();
      leaves_.push_back(static_cast<parton::detail::Variable*>(node));
    }
  }
  [[nodiscard]] const parton::ParameterDict<>& parameters() const { return parameters_; }
  void make_gradients_fresh() const {
    for (parton::detail::Variable* leaf : leaves_) leaf->fresh = true;
  }

 private:
  parton::nn::Sequential<> net_;
  parton::ParameterDict<> parameters_;
  std::vector<parton::detail::Variable*> leaves_;
};

template <class Optimizer>
Body with_parton(const Task& task, const Optimizer& optimizer) {
  const auto parameters = std::make_shared<PartonParameters>(task);
  const auto trainer =
      std::make_shared<parton::optim::Trainer<float>>(parameters->parameters(), optimizer);
  return {[trainer] { trainer->step(1); }, [parameters] { parameters->make_gradients_fresh(); }};
}

std::function<void()> with_eigen(const Task& task) {
  using Parameter = EigenParameter<Eigen::ArrayXf>;
  const auto parameters = std::make_shared<std::vector<Parameter>>();
  for (long i = 0; i < task.tensors; ++i) {
    parameters->emplace_back(task.rows * task.columns, 1, 0.07F);
    parameters->back().gradient.setConstant(0.01F);
  }
  return [parameters, optimizer = EigenOptimizer(task.rule)]() mutable {
    optimizer.begin_step();
    for (Parameter& parameter : *parameters) parameter.update(optimizer);
  };
}

#ifdef PARTON_BENCH_TORCH
std::function<void()> with_torch(const Task& task, bool foreach) {
  std::vector<torch::Tensor> parameters;
  for (long i = 0; i < task.tensors; ++i) {
    parameters.push_back(torch::zeros({task.rows, task.columns}).requires_grad_());
    parameters.back().mutable_grad() = torch::full({task.rows, task.columns}, 0.01F);
  }
  const auto optimizer = std::make_shared<TorchOptimizer>(parameters, task.rule, foreach);
  return [optimizer] { optimizer->step(); };
}
#endif

template <class Optimizer>
void add_parton(const std::string& name, const Task& task, const Optimizer& optimizer) {
  for (const char* const implementation : {"parton", "parton@2"})
    add(name, implementation, [task, optimizer] { return with_parton(task, optimizer); });
}

void add_rule(const std::string& name, const Task& task) {
  add_parton(name, task, parton_optimizer(task.rule));
  add_simple(name, "eigen", [task] { return with_eigen(task); });
#ifdef PARTON_BENCH_TORCH
  add_simple(name, "torch:own", [task] { return with_torch(task, false); });
  add_simple(name, "torch:foreach", [task] { return with_torch(task, true); });
#endif
}

}  // namespace

void parton_bench::register_cases() {
  using namespace parton::optim;
  for (const Task& shape : {Task{scaled(1'000), 400, 250, {}}, Task{scaled(100'000), 40, 25, {}}}) {
    const auto name = [&](const std::string& rule) {
      return "step/" + rule + "/" + std::to_string(shape.tensors);
    };
    const auto with = [&](Rule rule) {
      Task task = shape;
      task.rule = rule;
      return task;
    };
    add_rule(name("sgd"), with(Rule::sgd));
    add_rule(name("momentum"), with(Rule::momentum));
    add_rule(name("adam"), with(Rule::adam));
    add_parton(name("adamw"), shape, AdamW());
    add_parton(name("rmsprop"), shape, RMSProp());
    add_parton(name("adagrad"), shape, AdaGrad());
  }
}
