// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

/// \file Forward declarations of the public class templates, with their default scalar.

namespace parton {

/// Sizes, positions and dimensions: signed, as in Eigen.
using Index = std::ptrdiff_t;

class Shape;

template <class Scalar = float>
class Tensor;

class ParameterBase;

template <class Scalar = float>
class Parameter;

template <class Scalar = float>
class ParameterDict;

template <class Scalar = float>
class Filter;

namespace random {
class Generator;
}

namespace init {

template <class Scalar = float>
class Initializer;

template <class Scalar = float>
class AnyInitializer;

}  // namespace init

namespace nn {

template <class Scalar = float>
class Block;

template <class Scalar = float>
class Sequential;

template <class Scalar = float>
class Dense;

template <class Scalar = float>
class Activation;

template <class Scalar = float>
class LeakyReLU;

template <class Scalar = float>
class PReLU;

template <class Scalar = float>
class Dropout;

template <class Scalar = float>
class Flatten;

template <class Scalar = float>
class Lambda;

template <class Scalar = float>
class Embedding;

template <class Scalar = float>
class LayerNorm;

template <class Scalar = float>
class BatchNorm;

template <class Scalar = float>
class Conv1D;

template <class Scalar = float>
class Conv2D;

template <class Scalar = float>
class MaxPool1D;

template <class Scalar = float>
class MaxPool2D;

template <class Scalar = float>
class AvgPool1D;

template <class Scalar = float>
class AvgPool2D;

template <class Scalar = float>
class GlobalMaxPool1D;

template <class Scalar = float>
class GlobalMaxPool2D;

template <class Scalar = float>
class GlobalAvgPool1D;

template <class Scalar = float>
class GlobalAvgPool2D;

}  // namespace nn

namespace optim {

template <class Scalar = float>
struct Update;

template <class Scalar = float>
class Optimizer;

template <class Scalar = float>
class AnyOptimizer;

template <class Scalar = float>
struct Group;

template <class Scalar = float>
struct StepInfo;

template <class Scalar = float>
struct TrainerState;

template <class Scalar = float>
class Trainer;

}  // namespace optim

}  // namespace parton
