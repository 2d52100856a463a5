// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <parton_test/catch.hpp>

namespace {

using parton::Index;
using parton::Tensor;
using parton::detail::TracedTensor;
using parton::detail::TraceScope;
using parton::detail::TraceValue;
namespace nn = parton::nn;

struct TracedStep {
  std::string op;
  std::vector<TracedTensor> inputs, outputs;
  std::vector<std::pair<std::string, TraceValue>> attributes;

  [[nodiscard]] const TraceValue& at(std::string_view name) const {
    for (const auto& one : attributes)
      if (one.first == name) return one.second;
    throw std::runtime_error(op + " has no attribute " + std::string(name));
  }
};

/// Keeps all that it is told.
class TraceLog final : public parton::detail::Tracer {
 public:
  void step(const char* op, std::span<const TracedTensor> inputs,
            std::span<const TracedTensor> outputs,
            std::span<const parton::detail::TraceAttribute> attributes) override {
    TracedStep& one = steps.emplace_back();
    one.op = op;
    one.inputs.assign(inputs.begin(), inputs.end());
    one.outputs.assign(outputs.begin(), outputs.end());
    for (const auto& attribute : attributes)
      one.attributes.emplace_back(attribute.name, attribute.value);
    calls += std::string(op) + ' ';
    // What a tracer does itself is not traced.
    static_cast<void>(Tensor<>::zeros({1}) + 1);
  }
  void enter(const parton::detail::BlockBase& block) override {
    calls += block.class_name() + "@" + block.node().path() + "( ";
  }
  void leave() noexcept override { calls += ") "; }

  std::vector<TracedStep> steps;
  std::string calls;
};

/// What f() reports.
template <class Function>
TraceLog traced(const Function& f) {
  TraceLog log;
  const TraceScope scope(&log);
  f();
  return log;
}

template <class Scalar>
const void* identity_of(const Tensor<Scalar>& x) {
  return parton::detail::Access::record(x);
}

/// The one step that f(), which returns its result, reports: these inputs gave that result.
template <class Function, class... Inputs>
TracedStep only_step(const Function& f, const Inputs&... inputs) {
  TraceLog log;
  const auto y = [&] {
    const TraceScope scope(&log);
    return f();
  }();
  REQUIRE(log.steps.size() == 1);
  const TracedStep& step = log.steps[0];
  INFO(step.op);
  CHECK(step.inputs.size() == sizeof...(inputs));
  std::size_t i = 0;
  const auto check = [&](const auto& x) {
    if (i < step.inputs.size()) CHECK(step.inputs[i].record.get() == identity_of(x));
    ++i;
  };
  (check(inputs), ...);
  REQUIRE(step.outputs.size() == 1);
  CHECK(step.outputs[0].record.get() == identity_of(y));
  CHECK(step.outputs[0].dtype ==
        parton::dtype_name<typename std::remove_cvref_t<decltype(y)>::value_type>());
  return step;
}

using Whole = std::vector<Index>;

Tensor<> traced_input(const parton::Shape& shape) {
  Tensor<> x = Tensor<>::empty(shape);
  for (Index i = 0; i < x.size(); ++i) x.flat()[i] = 0.1f + 0.05f * static_cast<float>(i);
  return x;
}

}  // namespace

TEST_CASE("A trace tells each op once, with its tensors and options", "[trace]") {
  const Tensor<> x = traced_input({2, 3}), w = traced_input({4, 3}), b = traced_input({4});
  const Tensor<> row = traced_input({3}), none;

  SECTION("dense") {
    auto step = only_step([&] { return dense(x, w, &b, {parton::ActivationKind::elu}); }, x, w, b);
    CHECK(step.op == "dense");
    CHECK(step.at("activation") == TraceValue("elu"));
    CHECK(step.at("slope") == TraceValue(1.0));
    CHECK(step.at("flatten") == TraceValue(true));
    // An input that is not given is null.
    step = only_step([&] { return dense(x, w); }, x, w, none);
    CHECK(step.inputs[2].record.get() == nullptr);
    // Through float, and recorded with an activation that keeps its input: still one step.
    using Half = Eigen::half;
    const Tensor<Half> hx = x.cast<Half>(), hw = w.cast<Half>();
    const Tensor<Half> hnone;
    step = only_step([&] { return dense(hx, hw); }, hx, hw, hnone);
    CHECK(step.inputs[0].dtype == "float16");
    Tensor<> leaf = w.copy();
    leaf.attach_grad();
    const parton::autograd::Record recording;
    only_step([&] { return dense(x, leaf, nullptr, {parton::ActivationKind::gelu}); }, x, leaf,
              none);
  }
  SECTION("arithmetic") {
    CHECK(only_step([&] { return x + row; }, x, row).op == "+");
    CHECK(only_step([&] { return x - row; }, x, row).op == "-");
    CHECK(only_step([&] { return x * row; }, x, row).op == "*");
    CHECK(only_step([&] { return x / row; }, x, row).op == "/");
    auto step = only_step([&] { return 2 / x; }, x);
    CHECK(step.op == "/");
    CHECK(step.at("number") == TraceValue(2.0));
    CHECK(step.at("swapped") == TraceValue(true));
    step = only_step([&] { return x - 1.5; }, x);
    CHECK(step.at("number") == TraceValue(1.5));
    CHECK(step.at("swapped") == TraceValue(false));
    step = only_step([&] { return -x; }, x);
    CHECK(step.op == "*");
    CHECK(step.at("number") == TraceValue(-1.0));
    const Tensor<std::int64_t> whole = {1, 2};
    CHECK(only_step([&] { return whole + 3; }, whole).at("number") == TraceValue(3.0));
    CHECK(only_step([&] { return maximum(x, row); }, x, row).op == "maximum");
    CHECK(only_step([&] { return minimum(whole, whole); }, whole, whole).op == "minimum");
    CHECK(only_step([&] { return power(x, row); }, x, row).op == "power");
  }
  SECTION("in place") {
    const auto log = traced([&] {
      Tensor<> y = x.copy();
      y += row;
      y *= 3;
      y.assign(row);
      y.fill(7);
      CHECK(y(0, 0) == 7);
    });
    CHECK(log.calls == "identity + * assign fill ");
    for (std::size_t i = 1; i < 5; ++i) {
      CHECK(log.steps[i].inputs[0].record.get() == log.steps[0].outputs[0].record.get());
      CHECK(log.steps[i].outputs[0].record.get() == log.steps[0].outputs[0].record.get());
    }
    CHECK(log.steps[1].inputs[1].record.get() == identity_of(row));
    CHECK(log.steps[2].at("number") == TraceValue(3.0));
    CHECK(log.steps[4].at("number") == TraceValue(7.0));
    // A source that overlaps is copied first, which is nobody's business.
    Tensor<> y = x.copy();
    CHECK(traced([&] { y += y[0]; }).calls == "row + ");
  }
  SECTION("comparison and choice") {
    const auto step = only_step([&] { return less(x, row); }, x, row);
    CHECK(step.op == "less");
    CHECK(step.outputs[0].dtype == "bool");
    const Tensor<bool> mask = greater(x, 0.2f);
    CHECK(only_step([&] { return where(mask, x, row); }, mask, x, row).op == "where");
    // A number became a constant of rank 0.
    const auto log = traced([&] { static_cast<void>(where(mask, x, 0.f)); });
    REQUIRE(log.calls == "where ");
    CHECK(log.steps[0].inputs[2].record->shape == parton::Shape{});
    CHECK(traced([&] { CHECK(allclose(x, x)); }).calls.empty());
  }
  SECTION("views, copies and casts") {
    CHECK(only_step([&] { return x.reshape({3, -1}); }, x).at("shape") == TraceValue(Whole{3, 2}));
    CHECK(only_step([&] { return x[-1]; }, x).at("index") == TraceValue(Index{1}));
    const auto step = only_step([&] { return x.slice(1, 2); }, x);
    CHECK(step.op == "slice");
    CHECK(step.at("starts") == TraceValue(Whole{1, 0}));
    CHECK(step.at("stops") == TraceValue(Whole{2, 3}));
    CHECK(step.at("steps") == TraceValue(Whole{1, 1}));
    CHECK(only_step([&] { return x.copy(); }, x).op == "identity");
    CHECK(only_step([&] { return x.detach(); }, x).op == "identity");
    const auto cast = only_step([&] { return x.cast<int>(); }, x);
    CHECK(cast.op == "cast");
    CHECK(cast.inputs[0].dtype == "float32");
    CHECK(cast.outputs[0].dtype == "int32");
    CHECK(traced([] { static_cast<void>(Tensor<>::full({2}, 3)); }).calls.empty());
  }
  SECTION("activations") {
    auto step = only_step([&] { return leaky_relu(x, 0.3); }, x);
    CHECK(step.op == "activation");
    CHECK(step.at("kind") == TraceValue("leaky_relu"));
    CHECK(step.at("slope") == TraceValue(0.3));
    step = only_step([&] { return hard_sigmoid(x, 0.25, 0.75); }, x);
    CHECK(step.op == "hard_sigmoid");
    CHECK(step.at("alpha") == TraceValue(0.25));
    CHECK(step.at("beta") == TraceValue(0.75));
    CHECK(only_step([&] { return clip(x, -1, 2); }, x).at("high") == TraceValue(2.0));
    CHECK(only_step([&] { return pow(x, 3); }, x).at("exponent") == TraceValue(3.0));
    const Tensor<> one = traced_input({1});
    CHECK(only_step([&] { return prelu(x, one); }, x, one).op == "prelu");
  }
}

TEST_CASE("A trace tells nothing of what is not there or not forward", "[trace]") {
  const auto shapes = traced([] {
    const Tensor<> x = Tensor<>::shape_only({2, 3});
    static_cast<void>(relu(x + x.reshape({2, 3}) * 2).copy().detach());
  });
  CHECK(shapes.calls.empty());
  Tensor<> x = traced_input({2, 3});
  x.attach_grad();
  const auto log = traced([&] {
    const parton::autograd::Record recording;
    (x * x.cast<double>().cast<float>()).backward();
  });
  CHECK(log.calls == "cast cast * ");
}

TEST_CASE("A trace tells which block is called, and ends as it began", "[trace]") {
  nn::Sequential<> net(nn::Dense(2), nn::Sequential<>(nn::Dense(2)), nn::Lambda([](const auto& y) {
                         if (y(0, 0) > 1e6f) throw std::runtime_error("too large");
                         return y * 2;
                       }));
  net.initialize({.seed = 1});
  const Tensor<> x = traced_input({1, 3});
  static_cast<void>(net(x));
  TraceLog log;
  {
    const TraceScope scope(&log);
    static_cast<void>(net(x));
  }
  CHECK(log.calls ==
        "Sequential@( Dense@0( dense ) Sequential@1( Dense@1.0( dense ) ) Lambda@2( * ) ) ");
  log.calls.clear();
  {
    const TraceScope scope(&log);
    net.child("1.0").bias().set_data(Tensor<>{1e9f, 1e9f});
    log.calls.clear();
    CHECK_THROWS(net(x));
    CHECK(parton::detail::tracer == &log);
  }
  CHECK(log.calls ==
        "Sequential@( Dense@0( dense ) Sequential@1( Dense@1.0( dense ) ) Lambda@2( ) ) ");
  CHECK(parton::detail::tracer == nullptr);
  try {
    const TraceScope scope(&log);
    throw std::runtime_error("thrown");
  } catch (const std::runtime_error&) {
  }
  CHECK(parton::detail::tracer == nullptr);
}
