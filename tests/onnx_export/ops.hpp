// SPDX-License-Identifier: MIT
#pragma once

#include "models.hpp"

/// \file Every op that ONNX has, as a net of one or a few of them.

namespace onnx_export {

inline void add_unary(Models& models) {
  using T = Tensor<>;
  const Shape shape{3, 4, 2, 5};
  const auto op = [&](const char* name, auto f, double low = -2, double high = 2) {
    models.op(
        name, shape, [f](const T& x) -> T { return f(x); }, low, high);
  };
  op("abs", [](const T& x) { return abs(x); });
  op(
      "acos", [](const T& x) { return acos(x); }, -1, 1);
  op(
      "asin", [](const T& x) { return asin(x); }, -1, 1);
  op("atan", [](const T& x) { return atan(x); });
  op("ceil", [](const T& x) { return ceil(x); });
  op("cos", [](const T& x) { return cos(x); });
  op("cosh", [](const T& x) { return cosh(x); });
  op("erf", [](const T& x) { return erf(x); });
  op("exp", [](const T& x) { return exp(x); });
  op("floor", [](const T& x) { return floor(x); });
  op(
      "log", [](const T& x) { return log(x); }, 0.1, 3);
  op(
      "reciprocal", [](const T& x) { return reciprocal(x); }, 0.1, 3);
  op("round", [](const T& x) { return round(x * 2) / 2 + round(x); });
  op("sign", [](const T& x) { return sign(x); });
  op("sin", [](const T& x) { return sin(x); });
  op("sinh", [](const T& x) { return sinh(x); });
  op(
      "sqrt", [](const T& x) { return sqrt(x); }, 0, 3);
  op(
      "tan", [](const T& x) { return tan(x); }, -1, 1);
  op("square", [](const T& x) { return square(x); });
  op(
      "rsqrt", [](const T& x) { return rsqrt(x); }, 0.1, 3);
  op("trunc", [](const T& x) { return trunc(x); });
  // Where the difference from x is of the last places.
  op(
      "log1p_small", [](const T& x) { return log1p(x) * 1e4f; }, -1e-4, 1e-4);
  op(
      "log1p", [](const T& x) { return log1p(x); }, -0.9, 100);
  op(
      "expm1_small", [](const T& x) { return expm1(x) * 1e4f; }, -1e-4, 1e-4);
  op(
      "expm1", [](const T& x) { return expm1(x) / 1e3f; }, -10, 10);
  op("exp2", [](const T& x) { return exp2(x); });
  op(
      "log2", [](const T& x) { return log2(x); }, 0.1, 3);
  op(
      "log10", [](const T& x) { return log10(x); }, 0.1, 3);
  op(
      "pow", [](const T& x) { return pow(x, 3) + pow(x, 0.5); }, 0.1, 2);
  op("clip", [](const T& x) { return clip(x, -0.5, 1); });
  op(
      "hard_sigmoid", [](const T& x) { return hard_sigmoid(x) + hard_sigmoid(x, 0.4, 0.1); }, -4,
      4);
  op(
      "hard_swish", [](const T& x) { return hard_swish(x); }, -4, 4);
  op(
      "mish", [](const T& x) { return mish(x); }, -4, 4);
  op("celu", [](const T& x) { return celu(x) + celu(x, 0.5); });
  op("thresholded_relu", [](const T& x) { return thresholded_relu(x, 0.5); });
  op("relu", [](const T& x) { return relu(x); });
  op("sigmoid", [](const T& x) { return sigmoid(x); });
  op("tanh", [](const T& x) { return tanh(x); });
  op(
      "softrelu", [](const T& x) { return softrelu(x); }, -30, 30);
  op("softsign", [](const T& x) { return softsign(x); });
  op(
      "gelu", [](const T& x) { return gelu(x); }, -4, 4);
  op(
      "gelu_erf", [](const T& x) { return gelu_erf(x); }, -4, 4);
  op(
      "silu", [](const T& x) { return silu(x) + silu(x, 1.5); }, -4, 4);
  op("leaky_relu", [](const T& x) { return leaky_relu(x) + leaky_relu(x, 0.3); });
  op("elu", [](const T& x) { return elu(x) + elu(x, 0.5); });
  op("selu", [](const T& x) { return selu(x); });
  op("softmax", [](const T& x) { return softmax(x) + softmax(x, 1); });
  op("log_softmax", [](const T& x) { return log_softmax(x) + log_softmax(x, 1); });
}

inline void add_binary(Models& models) {
  using T = Tensor<>;
  const Shape shape{3, 4, 5};
  const T other = random::uniform({4, 1}, 0.5, 2);
  const auto op = [&](const char* name, auto f, double low = 0.5, double high = 2) {
    models.op(
        name, shape, [f](const T& x) -> T { return f(x); }, low, high);
  };
  op("add", [other](const T& x) { return x + other + 2 + (1 + x); });
  op("subtract", [other](const T& x) { return x - other - 2 + (3 - x); });
  op("multiply", [other](const T& x) { return x * other * 2 * (0.5f * x); });
  op("divide", [other](const T& x) { return x / other / 2 + 1 / x; });
  op("negate", [](const T& x) { return -x; });
  op("power", [other](const T& x) { return power(x, other) + power(x, 2) + power(2, x); });
  op("maximum", [other](const T& x) { return maximum(x, other) + maximum(x, 1); });
  op("minimum", [other](const T& x) { return minimum(x, other) + minimum(1, x); });
  op("compare", [other](const T& x) {
    const auto f = [](const Tensor<bool>& mask) { return mask.cast<float>(); };
    return f(less(x, other)) + f(less_equal(x, 1)) * 2 + f(greater(x, other)) * 4 +
           f(greater_equal(1, x)) * 8 + f(equal(x, x)) * 16 + f(not_equal(x, other)) * 32;
  });
  op("masks", [other](const T& x) {
    const Tensor<bool> a = less(x, other), b = greater(x, 1);
    return (a + b).cast<float>() + (a * b).cast<float>() * 2 + sum(a, 1, true).cast<float>();
  });
  op("where",
     [other](const T& x) { return where(greater(x, 1), x, other) + where(less(x, 1), x, 7); });
  // Half of them beyond the range of the integers.
  op(
      "casts",
      [](const T& x) {
        return (x * 100).cast<std::uint8_t>().cast<float>() +
               (x * 2e9f).cast<std::int32_t>().cast<float>() / 1e7f;
      },
      -5, 5);
  op("integers", [](const T& x) {
    const Tensor<std::int64_t> whole = (x * 10).cast<std::int64_t>();
    return ((whole + 3) * whole / 7 - whole).cast<float>() + cumsum(whole, 1).cast<float>();
  });
}

inline void add_reductions(Models& models) {
  using T = Tensor<>;
  const auto op = [&](const char* name, auto f) {
    // Over the batch too, over one axis, over two with the axes kept, and over none.
    models.op(name, {3, 4, 5}, [f](const T& x) -> T {
      return f(x, Axes::all(), false) + f(x, Axes(1), true) + f(x, Axes{0, -1}, true) +
             f(x, Axes(-1), true) + f(x, Axes(), false) * 0.25f;
    });
  };
  op("sum", [](const T& x, const Axes& axes, bool keep) { return sum(x, axes, keep); });
  op("mean", [](const T& x, const Axes& axes, bool keep) { return mean(x, axes, keep); });
  op("norm", [](const T& x, const Axes& axes, bool keep) { return norm(x, axes, keep); });
  op("max", [](const T& x, const Axes& axes, bool keep) { return max(x, axes, keep); });
  op("min", [](const T& x, const Axes& axes, bool keep) { return min(x, axes, keep); });
  op("logsumexp", [](const T& x, const Axes& axes, bool keep) { return logsumexp(x, axes, keep); });
  op("variance", [](const T& x, const Axes& axes, bool keep) { return variance(x, axes, keep); });
  const auto one = [&](const char* name, std::function<T(const T&)> f) {
    models.op(name, {3, 4, 5}, f);
  };
  one("variance_ddof", [](const T& x) -> T {
    return variance(x, Axes{0, 2}, true, 1) + stddev(x, 1, true, 1) + stddev(x);
  });
  one("batch_statistics", [](const T& x) -> T {
    const T gamma = T::full({4}, 2), beta = T::full({4}, 3);
    const auto [mean, variance] = batch_statistics(x, 1);
    return batch_norm_training(x, &gamma, &beta, 1).y + expand_dims(mean + variance * 10, 1);
  });
  one("argmax", [](const T& x) -> T {
    return argmax(x).cast<float>() + sum(argmin(x, 1), -1, true).cast<float>();
  });
  one("cumsum", [](const T& x) -> T { return cumsum(x) + cumsum(x, 1) + cumsum(x, 0); });
}

inline void add_arrangements(Models& models) {
  using T = Tensor<>;
  const auto op = [&](const char* name, std::function<T(const T&)> f,
                      const Shape& shape = {3, 4, 5}) { models.op(name, shape, f); };
  op("reshape", [](const T& x) -> T { return reshape(x, {x.shape()[0], 2, 10}); });
  op("reshape_flat", [](const T& x) -> T { return reshape(x, {-1}); });
  op("reshape_merged", [](const T& x) -> T {
    return reshape(reshape(x, {x.shape()[0] * 4, 5}) * 2, {x.shape()[0], 20});
  });
  op("flatten", [](const T& x) -> T { return flatten(x); });
  op("squeeze", [](const T& x) -> T {
    return squeeze(expand_dims(x, 1) * 2, 1) + expand_dims(x, -1).reshape(x.shape());
  });
  op("transpose", [](const T& x) -> T { return transpose(x, {0, 2, 1}); });
  op("transpose_all", [](const T& x) -> T { return transpose(x); });
  op("moveaxis", [](const T& x) -> T { return swapaxes(moveaxis(x, 1, -1), 0, 1); });
  op("slice", [](const T& x) -> T { return slice(x, {{}, {1, 3}, {.step = 2}}); });
  op("slice_back", [](const T& x) -> T {
    return slice(x, {{.step = -1}, {.start = -1, .step = -2}});
  });
  op("slice_axis", [](const T& x) -> T { return slice_axis(x, -1, {.stop = 3}); });
  op("rows", [](const T& x) -> T { return T(x.slice(0, 2)) + T(x[0]); });
  op("concat", [](const T& x) -> T {
    return concat({x, x * 2, T::full({x.shape()[0], 4, 1}, 3)}, -1);
  });
  op("concat_batch", [](const T& x) -> T { return concat({x, -x}); });
  op("stack", [](const T& x) -> T { return stack({x, x * 2}, 1) + expand_dims(x, 1); });
  op("stack_last", [](const T& x) -> T { return stack({x, x * 2}, -1); });
  op("split", [](const T& x) -> T { return split(x, 2, 1)[1] * split(x, 2, 1)[0]; });
  op("split_sizes", [](const T& x) -> T {
    const auto parts = split_sizes(x, {2, 3}, -1);
    return concat({parts[1], parts[0]}, -1);
  });
  op("broadcast_to", [](const T& x) -> T {
    return broadcast_to(sum(x, 1, true), {2, x.shape()[0], 4, 5}) + x;
  });
  op("tile", [](const T& x) -> T { return tile(x, {2, 1, 1, 3}); });
  op("tile_short", [](const T& x) -> T { return tile(x, {2, 3}); });
  op("repeat", [](const T& x) -> T { return repeat(repeat(x, 2, 1), 3, -1); });
  op("repeat_batch", [](const T& x) -> T { return repeat(x, 2, 0); });
  op("pad", [](const T& x) -> T { return pad(x, {{0, 0}, {1, 2}, {0, 1}}, {.value = 0.5}); });
  op("pad_edge", [](const T& x) -> T { return pad(x, {{0, 0}, {1, 2}}, {.mode = PadMode::edge}); });
  op("pad_reflect", [](const T& x) -> T {
    return pad(x, {{}, {1, 2}, {2, 2}}, {.mode = PadMode::reflect});
  });
  const T matrix = random::uniform({5, 2}), vector = random::uniform({5});
  op("dot", [matrix](const T& x) -> T { return dot(x, matrix); });
  op("dot_vector", [vector](const T& x) -> T { return dot(x, vector); });
  op("matmul", [matrix](const T& x) -> T {
    return matmul(matmul(x, x, {.transpose_b = true}), x) +
           matmul(x, matmul(matrix, matrix, {.transpose_b = true}));
  });
  op("matmul_transposed", [](const T& x) -> T { return matmul(x, x, {.transpose_a = true}); });
}

/// Of indices, which come as whole numbers.
inline void add_lookups(Models& models) {
  using T = Tensor<>;
  const T table = random::uniform({5, 3, 2}), scores = random::uniform({5});
  const auto op = [&](const char* name, std::function<T(const T&)> f, const Shape& shape = {3, 4}) {
    const nn::Lambda<> net(f, name);
    models.add<float>(std::string("op_") + name, net, floor(random::uniform(shape, 0, 4)));
  };
  op("take", [table](const T& x) -> T { return take(table, x); });
  op("take_integers", [table](const T& x) -> T { return take(table, x.cast<std::int32_t>()); });
  op("one_hot", [](const T& x) -> T {
    return one_hot(x, 4) + one_hot(x, 4, {.axis = 1, .on_value = 2, .off_value = -1});
  });
  op("pick", [](const T& x) -> T {
    return pick(x * 0.5f, slice_axis(x, 1, {.stop = 1}), 1, true) +
           expand_dims(pick(x, squeeze(slice_axis(x, 1, {.stop = 1}), 1)), 1);
  });
  op("take_along_axis", [](const T& x) -> T { return take_along_axis(x * 0.5f, x, 1); });
}

inline void add_ops(Models& models) {
  add_unary(models);
  add_binary(models);
  add_reductions(models);
  add_arrangements(models);
  add_lookups(models);
}

}  // namespace onnx_export
