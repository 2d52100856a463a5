// SPDX-License-Identifier: MIT
#include <parton/parton.hpp>

#include <cstdint>
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
using namespace std::string_literals;

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
    CHECK(step.at("activation") == TraceValue("elu"s));
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
    CHECK(step.at("kind") == TraceValue("leaky_relu"s));
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

TEST_CASE("A trace tells the options of ops that arrange elements", "[trace]") {
  const Tensor<> x = traced_input({2, 3}), other = traced_input({2, 1}),
                 cube = traced_input({1, 2, 3});

  CHECK(only_step([&] { return flatten(cube); }, cube).op == "flatten");
  CHECK(only_step([&] { return expand_dims(x, -1); }, x).at("axis") == TraceValue(Index{2}));
  CHECK(only_step([&] { return squeeze(cube); }, cube).at("axes") == TraceValue(Whole{0}));
  CHECK(only_step([&] { return squeeze(cube, 0); }, cube).op == "squeeze");
  CHECK(only_step([&] { return transpose(x); }, x).at("axes") == TraceValue(Whole{1, 0}));
  CHECK(only_step([&] { return moveaxis(cube, 0, -1); }, cube).at("axes") ==
        TraceValue(Whole{1, 2, 0}));
  CHECK(only_step(
            [&] {
              return broadcast_to(other, {4, 2, 3});
            },
            other)
            .at("shape") == TraceValue(Whole{4, 2, 3}));
  CHECK(only_step([&] { return tile(x, {2}); }, x).at("repeats") == TraceValue(Whole{1, 2}));
  const auto repeated = only_step([&] { return repeat(x, 3, -1); }, x);
  CHECK(repeated.at("repeats") == TraceValue(Index{3}));
  CHECK(repeated.at("axis") == TraceValue(Index{1}));
  const auto padded = only_step(
      [&] {
        return pad(x, {{0, 1}, {2, 3}}, {.mode = parton::PadMode::edge});
      },
      x);
  CHECK(padded.op == "pad");
  CHECK(padded.at("pads") == TraceValue(Whole{0, 2, 1, 3}));
  CHECK(padded.at("mode") == TraceValue("edge"s));
  CHECK(only_step([&] { return pad(x, {}); }, x).at("pads") == TraceValue(Whole{0, 0, 0, 0}));

  auto step = only_step([&] { return slice(x, {{}, {.step = -2}}); }, x);
  CHECK(step.at("starts") == TraceValue(Whole{0, 2}));
  CHECK(step.at("stops") == TraceValue(Whole{2, -4}));
  CHECK(step.at("steps") == TraceValue(Whole{1, -2}));
  step = only_step([&] { return slice(x, {{1}, {0, 2}}); }, x);
  CHECK(step.at("starts") == TraceValue(Whole{1, 0}));
  CHECK(step.at("stops") == TraceValue(Whole{2, 2}));
  CHECK(only_step(
            [&] {
              return slice_axis(x, -1, {2, 0, -1});
            },
            x)
            .at("stops") == TraceValue(Whole{2, 0}));

  step = only_step([&] { return parton::concat({x, other}, -1); }, x, other);
  CHECK(step.op == "concat");
  CHECK(step.at("axis") == TraceValue(Index{1}));
  CHECK(only_step(
            [&] {
              return parton::stack({x, x}, -1);
            },
            x, x)
            .at("axis") == TraceValue(Index{2}));
  std::vector<Tensor<>> parts;
  const auto log = traced([&] { parts = split_sizes(x, {1, 2}, 1); });
  REQUIRE(log.calls == "split ");
  CHECK(log.steps[0].at("sizes") == TraceValue(Whole{1, 2}));
  CHECK(log.steps[0].at("axis") == TraceValue(Index{1}));
  REQUIRE(log.steps[0].outputs.size() == 2);
  CHECK(log.steps[0].outputs[1].record.get() == identity_of(parts[1]));
  CHECK(traced([&] { parts = split(x, 2); }).steps[0].at("sizes") == TraceValue(Whole{1, 1}));

  const Tensor<std::int64_t> at = {0, 1}, along = {{0}, {-1}};
  CHECK(only_step([&] { return take(x, at); }, x, at).inputs[1].dtype == "int64");
  CHECK(only_step([&] { return take_along_axis(x, along); }, x, along).at("axis") ==
        TraceValue(Index{1}));
  step = only_step([&] { return pick(x, at, -1, true); }, x, at);
  CHECK(step.at("axis") == TraceValue(Index{1}));
  CHECK(step.at("keepdims") == TraceValue(true));
  step = only_step([&] { return parton::one_hot<double>(at, 4, {.on_value = 3}); }, at);
  CHECK(step.op == "one_hot");
  CHECK(step.at("depth") == TraceValue(Index{4}));
  CHECK(step.at("axis") == TraceValue(Index{1}));
  CHECK(step.at("on") == TraceValue(3.0));
  CHECK(step.at("off") == TraceValue(0.0));
}

TEST_CASE("A trace tells the options of products, windows, normalization and reductions",
          "[trace]") {
  const Tensor<> x = traced_input({2, 3}), image = traced_input({1, 2, 4, 5});
  const Tensor<> three = traced_input({3}), kernel = traced_input({2, 1, 3, 2}), none;
  const Whole ones{1, 1};

  auto step = only_step([&] { return matmul(x, x, {.transpose_b = true}); }, x, x);
  CHECK(step.at("transpose_a") == TraceValue(false));
  CHECK(step.at("transpose_b") == TraceValue(true));
  CHECK(only_step([&] { return dot(x, three); }, x, three).op == "dot");

  step = only_step(
      [&] {
        return conv2d(image, kernel, nullptr,
                      {.strides = {2, 1},
                       .padding = {{0, 1}, {2, 3}},
                       .groups = 2,
                       .activation = parton::ActivationKind::relu});
      },
      image, kernel, none);
  CHECK(step.op == "conv2d");
  CHECK(step.at("kernel") == TraceValue(Whole{3, 2}));
  CHECK(step.at("strides") == TraceValue(Whole{2, 1}));
  CHECK(step.at("pads") == TraceValue(Whole{0, 2, 1, 3}));
  CHECK(step.at("dilation") == TraceValue(ones));
  CHECK(step.at("groups") == TraceValue(Index{2}));
  CHECK(step.at("activation") == TraceValue("relu"s));
  step = only_step([&] { return max_pool2d(image, {3, 2}, {.ceil_mode = true}); }, image);
  CHECK(step.op == "max_pool2d");
  CHECK(step.at("kernel") == TraceValue(Whole{3, 2}));
  CHECK(step.at("strides") == TraceValue(Whole{3, 2}));
  CHECK(step.at("ceil_mode") == TraceValue(true));
  const Tensor<Eigen::half> signal = traced_input({1, 1, 6}).cast<Eigen::half>();
  step = only_step(
      [&] {
        return avg_pool1d(signal, 3,
                          {.strides = 2, .padding = {{1, 0}}, .count_include_pad = false});
      },
      signal);
  CHECK(step.op == "avg_pool1d");
  CHECK(step.at("pads") == TraceValue(Whole{1, 0}));
  CHECK(step.at("count_include_pad") == TraceValue(false));
  CHECK(only_step([&] { return global_avg_pool(image); }, image).op == "global_avg_pool");
  CHECK(only_step([&] { return global_max_pool(image); }, image).op == "global_max_pool");

  step = only_step([&] { return layer_norm(x, &three, nullptr, -1, 0.5); }, x, three, none);
  CHECK(step.at("axis") == TraceValue(Index{1}));
  CHECK(step.at("epsilon") == TraceValue(0.5));
  CHECK(only_step([&] { return batch_norm(x, nullptr, &three, three, three); }, x, none, three,
                  three, three)
            .op == "batch_norm");
  const auto log = traced([&] { static_cast<void>(batch_norm_training(x, &three, nullptr)); });
  REQUIRE(log.calls == "batch_norm_training ");
  CHECK(log.steps[0].outputs.size() == 3);

  step = only_step([&] { return sum(x, {-1}, true); }, x);
  CHECK(step.op == "sum");
  CHECK(step.at("axes") == TraceValue(Whole{1}));
  CHECK(step.at("keepdims") == TraceValue(true));
  CHECK(only_step([&] { return mean(x); }, x).at("axes") == TraceValue(Whole{0, 1}));
  CHECK(only_step([&] { return max(x, 0); }, x).op == "max");
  CHECK(only_step([&] { return min(x, 0); }, x).op == "min");
  CHECK(only_step([&] { return norm(x, 0); }, x).op == "norm");
  CHECK(only_step([&] { return logsumexp(x, 0); }, x).at("axes") == TraceValue(Whole{0}));
  CHECK(only_step([&] { return variance(x, 0, false, 1); }, x).at("ddof") == TraceValue(Index{1}));
  step = only_step([&] { return argmax(x); }, x);
  CHECK(step.at("axis") == TraceValue(Index{1}));
  CHECK(step.outputs[0].dtype == "int64");
  CHECK(only_step([&] { return cumsum(x, -2); }, x).at("axis") == TraceValue(Index{0}));
  CHECK(only_step([&] { return softmax(x); }, x).at("axis") == TraceValue(Index{1}));
  CHECK(only_step([&] { return log_softmax(x, 0); }, x).op == "log_softmax");

  // The casts to float and back are no steps.
  const Tensor<Eigen::half> narrow = x.cast<Eigen::half>();
  CHECK(only_step([&] { return sum(narrow, 0); }, narrow).op == "sum");
  CHECK(only_step([&] { return logsumexp(narrow, 0); }, narrow).op == "logsumexp");
  const Tensor<Eigen::half> vector = narrow[0];
  CHECK(only_step([&] { return dot(narrow, vector); }, narrow, vector).op == "dot");
}

TEST_CASE("A trace shows a loss, a dropout and a function of the user as one step", "[trace]") {
  const Tensor<> x = traced_input({2, 3}), none;
  const Tensor<int> labels = {0, 2};
  const parton::loss::SoftmaxCrossEntropy entropy;
  auto step = only_step([&] { return entropy(x, labels); }, x, labels, none);
  CHECK(step.op == "loss");
  CHECK(step.at("kind") == TraceValue("SoftmaxCrossEntropy"s));
  parton::random::Generator rng(1);
  const auto log = traced([&] { static_cast<void>(dropout(x, 0.5, rng)); });
  REQUIRE(log.calls == "dropout ");
  CHECK(log.steps[0].at("rate") == TraceValue(0.5));
  const parton::autograd::Function same(
      "same",
      [](auto&, const std::vector<Tensor<>>& in) { return static_cast<void>(relu(in[0])), in[0]; },
      [](const auto&, const Tensor<>& g) { return std::vector{g}; });
  step = only_step([&] { return same(x); }, x);
  CHECK(step.op == "function");
  CHECK(step.at("name") == TraceValue("same"s));
  // So that the result is not the input by another name.
  CHECK(step.outputs[0].record.get() != identity_of(x));
}

TEST_CASE("A trace shows every function of one tensor", "[trace]") {
  const Tensor<> x = traced_input({2, 3});
  using Unary = Tensor<> (*)(const Tensor<>&);
  const std::pair<const char*, Unary> all[] = {
#define PARTON_TEST_UNARY(name)                       \
  {                                                   \
#name, [](const Tensor <>& v) { return name(v); } \
  }
      PARTON_TEST_UNARY(exp),
      PARTON_TEST_UNARY(log),
      PARTON_TEST_UNARY(sqrt),
      PARTON_TEST_UNARY(abs),
      PARTON_TEST_UNARY(square),
      PARTON_TEST_UNARY(sign),
      PARTON_TEST_UNARY(exp2),
      PARTON_TEST_UNARY(expm1),
      PARTON_TEST_UNARY(log1p),
      PARTON_TEST_UNARY(log2),
      PARTON_TEST_UNARY(log10),
      PARTON_TEST_UNARY(erf),
      PARTON_TEST_UNARY(rsqrt),
      PARTON_TEST_UNARY(reciprocal),
      PARTON_TEST_UNARY(floor),
      PARTON_TEST_UNARY(ceil),
      PARTON_TEST_UNARY(round),
      PARTON_TEST_UNARY(trunc),
      PARTON_TEST_UNARY(sin),
      PARTON_TEST_UNARY(cos),
      PARTON_TEST_UNARY(tan),
      PARTON_TEST_UNARY(asin),
      PARTON_TEST_UNARY(acos),
      PARTON_TEST_UNARY(atan),
      PARTON_TEST_UNARY(sinh),
      PARTON_TEST_UNARY(cosh),
      PARTON_TEST_UNARY(hard_sigmoid),
      PARTON_TEST_UNARY(hard_swish),
      PARTON_TEST_UNARY(mish),
      PARTON_TEST_UNARY(celu),
      PARTON_TEST_UNARY(softmax),
      PARTON_TEST_UNARY(log_softmax),
      PARTON_TEST_UNARY(logsumexp),
      PARTON_TEST_UNARY(cumsum),
      PARTON_TEST_UNARY(stddev),
      PARTON_TEST_UNARY(flatten),
      PARTON_TEST_UNARY(squeeze),
      PARTON_TEST_UNARY(transpose),
      PARTON_TEST_UNARY(sum),
      PARTON_TEST_UNARY(thresholded_relu)
#undef PARTON_TEST_UNARY
  };
  for (const auto& one : all) CHECK(only_step([&] { return one.second(x); }, x).op == one.first);
  const std::pair<const char*, Unary> activations[] = {
#define PARTON_TEST_ACTIVATION(name)                  \
  {                                                   \
#name, [](const Tensor <>& v) { return name(v); } \
  }
      PARTON_TEST_ACTIVATION(relu),
      PARTON_TEST_ACTIVATION(sigmoid),
      PARTON_TEST_ACTIVATION(tanh),
      PARTON_TEST_ACTIVATION(softrelu),
      PARTON_TEST_ACTIVATION(softsign),
      PARTON_TEST_ACTIVATION(gelu),
      PARTON_TEST_ACTIVATION(gelu_erf),
      PARTON_TEST_ACTIVATION(silu),
      PARTON_TEST_ACTIVATION(elu),
      PARTON_TEST_ACTIVATION(selu)
#undef PARTON_TEST_ACTIVATION
  };
  for (const auto& one : activations)
    CHECK(only_step([&] { return one.second(x); }, x).at("kind") ==
          TraceValue(std::string(one.first)));
}

TEST_CASE("what is about to be written to is told while it has its old values") {
  struct Before final : parton::detail::Tracer {
    void step(const char*, std::span<const TracedTensor>, std::span<const TracedTensor>,
              std::span<const parton::detail::TraceAttribute>) override {}
    void writing(const TracedTensor& to) override {
      values.push_back(*static_cast<const float*>(to.record->data));
      CHECK(to.dtype == "float32");
    }
    void enter(const parton::detail::BlockBase&) override {}
    void leave() noexcept override {}
    std::vector<float> values;
  } before;
  Tensor<> x{{2.f, 3.f}};
  {
    const parton::detail::TraceScope scope(&before);
    x += 1;
    x *= x;
    x.fill(5);
    x.assign(Tensor<>{{7.f, 8.f}});
  }
  CHECK(before.values == std::vector<float>{2, 3, 9, 5});
}
