// SPDX-License-Identifier: MIT
// A tree of 100,000 dense leaves, weight and bias each: what one does with it but arithmetic.
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <parton/parton.hpp>
#include <parton_bench/bench.hpp>
#ifdef PARTON_BENCH_TORCH
#include <torch/torch.h>
#endif

using namespace parton_bench;

namespace {

// 100 branches of 10 twigs of 100 leaves.
constexpr long twigs = 10, leaves = 100;
long branches() { return scaled(100); }
long leaf_count() { return branches() * twigs * leaves; }

parton::nn::Sequential<> parton_tree() {
  using namespace parton::nn;
  Sequential<> net;
  for (long i = 0; i < branches(); ++i) {
    Sequential<> branch;
    for (long j = 0; j < twigs; ++j) {
      Sequential<> twig;
      for (long k = 0; k < leaves; ++k) twig.add(Dense(1, linear, {.in_units = 1}));
      branch.add(std::move(twig));
    }
    net.add(std::move(branch));
  }
  return net;
}

parton::nn::Sequential<> parton_filled_tree() {
  parton::nn::Sequential<> net = parton_tree();
  net.initialize({.seed = 1});
  return net;
}

parton::nn::Sequential<> parton_flat() {
  using namespace parton::nn;
  Sequential<> net;
  for (long i = 0; i < leaf_count(); ++i) net.add(Dense(1, linear, {.in_units = 1}));
  return net;
}

/// A body that works on a tree which is built once.
template <class Use>
void add_parton(const std::string& name, const std::string& implementation, const Use& use) {
  add_simple("tree/" + name, implementation, [use] {
    const auto net = std::make_shared<parton::nn::Sequential<>>(parton_filled_tree());
    static_cast<void>(net->collect_params());  // names are worked out once
    return [net, use] { use(*net); };
  });
}

/// Bodies that build a tree, and that destroy it.
template <class Build>
void add_life(const std::string& construct, const std::string& destroy,
              const std::string& implementation, const Build& build) {
  using Tree = decltype(build());
  if (!construct.empty())
    add("tree/" + construct, implementation, [build] {
      const auto tree = std::make_shared<std::optional<Tree>>();
      return Body{[tree, build] { tree->emplace(build()); }, [tree] { tree->reset(); }};
    });
  if (!destroy.empty())
    add("tree/" + destroy, implementation, [build] {
      const auto tree = std::make_shared<std::optional<Tree>>();
      return Body{[tree] { tree->reset(); }, [tree, build] { tree->emplace(build()); }};
    });
}

template <class Build>
void add_bytes(const std::string& implementation, const Build& build) {
  add_value("tree/bytes_per_leaf", implementation, [build] {
    parton::release_memory_cache();  // or blocks that are used again would count for nothing
    const double before = bytes_in_use();
    const auto tree = build();
    keep(&tree);
    return (bytes_in_use() - before) / static_cast<double>(leaf_count());
  });
}

/// All names of the tree, each with its parameter.
std::shared_ptr<parton::ParameterDict<>> all_names() {
  static const auto names = [] {
    static const parton::nn::Sequential<> net = parton_tree();
    return std::make_shared<parton::ParameterDict<>>(net.collect_params());
  }();
  return names;
}

/// One pattern over all names: by a Filter, and by std::regex as the rule of patterns says.
void add_pattern(const std::string& name, const std::string& pattern) {
  add_simple("tree/filter/" + name, "parton", [pattern] {
    const auto names = all_names();
    const parton::Filter<float> filter(pattern);
    return [names, filter] {
      long found = 0;
      for (const auto& entry : *names) found += filter(entry.name(), entry.parameter());
      keep(&found);
    };
  });
  add_simple("tree/filter/" + name, "std", [pattern] {
    const auto names = all_names();
    const std::regex regex(pattern);
    return [names, regex] {
      long found = 0;
      for (const auto& entry : *names)
        found += std::regex_search(entry.name(), regex, std::regex_constants::match_continuous);
      keep(&found);
    };
  });
}

#ifdef PARTON_BENCH_TORCH
torch::nn::ModuleList torch_tree() {
  using namespace torch::nn;
  // A Sequential of LibTorch holds no Sequential.
  ModuleList net;
  for (long i = 0; i < branches(); ++i) {
    ModuleList branch;
    for (long j = 0; j < twigs; ++j) {
      ModuleList twig;
      for (long k = 0; k < leaves; ++k) twig->push_back(Linear(1, 1));
      branch->push_back(twig);
    }
    net->push_back(branch);
  }
  return net;
}

torch::nn::Sequential torch_flat() {
  torch::nn::Sequential net;
  for (long i = 0; i < leaf_count(); ++i) net->push_back(torch::nn::Linear(1, 1));
  return net;
}

template <class Use>
void add_torch(const std::string& name, const Use& use) {
  add_simple("tree/" + name, "torch",
             [use] { return [net = torch_tree(), use]() mutable { use(net); }; });
}
#endif

}  // namespace

void parton_bench::register_cases() {
  // LibTorch's constructor fills the parameters too.
  add_life("construct", "destroy", "parton", parton_filled_tree);
  add_life("declare", "", "parton", parton_tree);
  add_life("construct_flat", "", "parton", parton_flat);
  add_bytes("parton", parton_filled_tree);
#ifdef PARTON_BENCH_TORCH
  add_life("construct", "destroy", "torch", torch_tree);
  add_life("construct_flat", "", "torch", torch_flat);
  add_bytes("torch", torch_tree);
#endif

  using Net = parton::nn::Sequential<>;
  add_parton("collect_params", "parton", [](const Net& net) {
    const auto all = net.collect_params();
    keep(&all);
  });
  add_parton("visit", "parton", [](const Net& net) {
    std::size_t length = 0;
    net.visit_parameters([&length](std::string_view path, const parton::Parameter<>& parameter) {
      length += path.size() + parameter.shape().rank();
    });
    keep(&length);
  });
  add_parton("name", "parton", [](const Net& net) {
    std::size_t length = 0;
    for (long i = 0; i < 1'000; ++i)
      length += net[i % branches()][i % twigs][i % leaves].weight().name().size();
    keep(&length);
  });
  add_parton("clone", "parton", [](const Net& net) {
    const Net copy = net.clone();
    keep(&copy);
  });
#ifdef PARTON_BENCH_TORCH
  using TorchNet = torch::nn::ModuleList;
  const auto list = [](TorchNet& net) {
    const auto all = net->named_parameters();
    keep(&all);
  };
  add_torch("collect_params", list);
  add_torch("visit", [](TorchNet& net) {
    std::size_t length = 0;
    for (const auto& entry : net->named_parameters())
      length += entry.key().size() + static_cast<std::size_t>(entry.value().dim());
    keep(&length);
  });
  add_torch("clone", [](TorchNet& net) {
    const auto copy = net->clone();
    keep(copy.get());
  });
#endif

  add_parton("filter/collect", "parton", [](const Net& net) {
    const auto weights = net.collect_params(".*weight");
    keep(&weights);
  });
  add_pattern("literal", "dense12345_weight");
  add_pattern("alternatives", "dense7|dense8_bias");
  add_pattern("ending", ".*weight");
  add_pattern("wild", "dense1.*3.*bias");
  add_pattern("any", "dense[0-9]*5_(weight|bias)");
}
