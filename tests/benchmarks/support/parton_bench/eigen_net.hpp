// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include <parton_bench/bench.hpp>
#include <parton_bench/data.hpp>

/// \file What a careful engineer writes by hand on Eigen: no autograd, buffers allocated once, one
/// pass of the optimizer. Samples are columns.

namespace parton_bench {

using EigenMap = Eigen::Map<Eigen::ArrayXf>;

/// One update of a parameter; pieces that fit the first cache make it one pass over memory.
class EigenOptimizer {
 public:
  explicit EigenOptimizer(Rule rule) : rule_(rule) {}

  /// Call once before the updates of a step.
  void begin_step() { ++steps_; }
  void update(float* w, const float* g, float* m, float* v, Eigen::Index count) const {
    constexpr Eigen::Index piece = 1024;
    for (Eigen::Index at = 0; at < count; at += piece)
      update_piece(w + at, g + at, m + at, v + at, std::min(piece, count - at));
  }

 private:
  void update_piece(float* w, const float* g, float* m, float* v, Eigen::Index count) const {
    EigenMap weight(w, count);
    const Eigen::Map<const Eigen::ArrayXf> gradient(g, count);
    if (rule_ == Rule::sgd) {
      weight -= learning_rate * gradient;
      return;
    }
    EigenMap first(m, count);
    if (rule_ == Rule::momentum) {
      first = momentum * first + gradient;
      weight -= learning_rate * first;
      return;
    }
    EigenMap second(v, count);
    const float beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    const float steps = static_cast<float>(steps_);
    const float of_first = learning_rate / (1 - std::pow(beta1, steps));
    const float of_second = 1 / std::sqrt(1 - std::pow(beta2, steps));
    first = beta1 * first + (1 - beta1) * gradient;
    second = beta2 * second + (1 - beta2) * gradient.square();
    weight -= of_first * first / (second.sqrt() * of_second + epsilon);
  }

  Rule rule_;
  long steps_ = 0;
};

/// A parameter with all that a training step keeps for it.
template <class Matrix>
struct EigenParameter {
  EigenParameter(Eigen::Index rows, Eigen::Index columns, float bound)
      : value(Matrix::Random(rows, columns) * bound),
        gradient(Matrix::Zero(rows, columns)),
        first(Matrix::Zero(rows, columns)),
        second(Matrix::Zero(rows, columns)) {}
  void update(const EigenOptimizer& optimizer) {
    optimizer.update(value.data(), gradient.data(), first.data(), second.data(), value.size());
  }
  Matrix value, gradient, first, second;
};

/// A dense layer with ReLU, or without for the last one. Order is how W `(units, in)` lies.
template <int Order>
class EigenDense {
 public:
  EigenDense(long inputs, long units, long batch, bool relu, bool by_column)
      : w(units, inputs, 0.07F),
        b(units, 1, 0),
        y(units, batch),
        relu_(relu),
        by_column_(by_column) {}

  template <class X>
  void forward(const X& x) {
    if (by_column_)
      for (Eigen::Index i = 0; i < x.cols(); ++i) y.col(i).noalias() = w.value * x.col(i);
    else
      y.noalias() = w.value * x;
    if (relu_)
      y = (y.colwise() + b.value).cwiseMax(0.F);
    else
      y.colwise() += b.value;
  }
  /// `g` is the gradient of y and becomes that of what ReLU was applied to.
  template <class X>
  void backward(const X& x, Eigen::MatrixXf& g, Eigen::MatrixXf* of_x) {
    if (relu_) g.array() *= (y.array() > 0.F).template cast<float>();
    w.gradient.noalias() = g * x.transpose();
    b.gradient = g.rowwise().sum();
    if (of_x != nullptr) of_x->noalias() = w.value.transpose() * g;
  }
  void update(const EigenOptimizer& optimizer) {
    w.update(optimizer);
    b.update(optimizer);
  }

  EigenParameter<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Order>> w;
  EigenParameter<Eigen::VectorXf> b;
  Eigen::MatrixXf y;

 private:
  bool relu_, by_column_;
};

/// The gradient of the mean softmax cross entropy, and the loss.
inline float eigen_cross_entropy(const Eigen::MatrixXf& y, const std::vector<std::int64_t>& labels,
                                 Eigen::MatrixXf& gradient) {
  gradient = (y.rowwise() - y.colwise().maxCoeff()).array().exp();
  gradient.array().rowwise() /= gradient.array().colwise().sum().eval();
  float loss = 0;
  for (Eigen::Index i = 0; i < y.cols(); ++i) {
    float& of_label = gradient(labels[static_cast<std::size_t>(i)], i);
    loss -= std::log(of_label);
    of_label -= 1;
  }
  gradient /= static_cast<float>(y.cols());
  return loss / static_cast<float>(y.cols());
}

/// A stack of dense layers.
template <int Order>
class EigenMlp {
 public:
  EigenMlp(const std::vector<long>& widths, const Data& data, Rule rule, bool by_column)
      : optimizer_(rule),
        x_(Eigen::Map<const Eigen::MatrixXf>(data.x.data(), data.features, data.batch)),
        labels_(data.labels) {
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
      layers_.emplace_back(widths[i], widths[i + 1], data.batch, i + 2 < widths.size(), by_column);
      gradients_.emplace_back(widths[i + 1], data.batch);
    }
  }

  void infer() {
    forward();
    keep(layers_.back().y.data());
  }
  void step() {
    forward();
    const float loss = eigen_cross_entropy(layers_.back().y, labels_, gradients_.back());
    keep(&loss);
    for (std::size_t i = layers_.size(); i-- > 0;)
      layers_[i].backward(i == 0 ? x_ : layers_[i - 1].y, gradients_[i],
                          i == 0 ? nullptr : &gradients_[i - 1]);
    optimizer_.begin_step();
    for (auto& layer : layers_) layer.update(optimizer_);
  }

 private:
  void forward() {
    for (std::size_t i = 0; i < layers_.size(); ++i)
      layers_[i].forward(i == 0 ? x_ : layers_[i - 1].y);
  }

  EigenOptimizer optimizer_;
  Eigen::MatrixXf x_;
  std::vector<std::int64_t> labels_;
  std::vector<EigenDense<Order>> layers_;
  std::vector<Eigen::MatrixXf> gradients_;
};

}  // namespace parton_bench
