// SPDX-License-Identifier: MIT
#pragma once

#include <parton/parton.hpp>

/// \file parton as a library that is compiled once: what a program that defines PARTON_COMPILED
/// finds elsewhere, so that each of its sources compiles in about a third of the time. Nothing else
/// changes, and whatever is not in the list below, such as nets of double, is compiled where it is
/// used, as ever. <parton/parton.hpp> includes this header by itself.
///
/// With CMake, link parton::compiled in place of parton::parton. Without, compile every source with
/// `-DPARTON_COMPILED`, and one more, with the same flags, that begins with:
///
///     #define PARTON_COMPILED_SOURCE
///     #include <parton/compiled.hpp>
///
/// A source and a library for different instructions, or of which one has AddressSanitizer, do not
/// link: see detail/build_guard.hpp.

#ifdef PARTON_COMPILED

#ifdef PARTON_COMPILED_SOURCE
#if !PARTON_DETAIL_BODIES
#error "define PARTON_COMPILED_SOURCE before the first header of parton is included"
#endif
#define PARTON_DETAIL_TEMPLATE template
#else
#define PARTON_DETAIL_TEMPLATE extern template
#endif

namespace parton {

namespace detail {

PARTON_DETAIL_TEMPLATE class Initialization<float>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::relu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::sigmoid>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::tanh>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::softrelu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::softsign>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::gelu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::silu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::leaky_relu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::elu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::selu>;
PARTON_DETAIL_TEMPLATE struct BuiltInKernels<ActivationKind::gelu_erf>;

}  // namespace detail

PARTON_DETAIL_TEMPLATE class Tensor<float>;
PARTON_DETAIL_TEMPLATE class Parameter<float>;
PARTON_DETAIL_TEMPLATE class ParameterDict<float>;
PARTON_DETAIL_TEMPLATE class Filter<float>;
PARTON_DETAIL_TEMPLATE std::ostream& operator<<(std::ostream&, const Tensor<float>&);
PARTON_DETAIL_TEMPLATE Explanation explain(const nn::Block<float>&);
PARTON_DETAIL_TEMPLATE Statistics statistics(const Tensor<float>&);
PARTON_DETAIL_TEMPLATE ParameterStatistics statistics(const Parameter<float>&);
PARTON_DETAIL_TEMPLATE StatisticsTable statistics(const ParameterDict<float>&);

namespace random {

PARTON_DETAIL_TEMPLATE Tensor<float> uniform(const Shape&, double, double);
PARTON_DETAIL_TEMPLATE Tensor<float> normal(const Shape&, double, double);

}  // namespace random

namespace init {

PARTON_DETAIL_TEMPLATE class AnyInitializer<float>;
PARTON_DETAIL_TEMPLATE class detail::BuiltIn<float>;
PARTON_DETAIL_TEMPLATE class detail::TargetOf<float>;
PARTON_DETAIL_TEMPLATE class detail::Planned<float>;
PARTON_DETAIL_TEMPLATE class detail::ValuesOf<float>;

}  // namespace init

namespace nn {

PARTON_DETAIL_TEMPLATE const init::AnyInitializer<float>& detail::zero_rule<float>();
PARTON_DETAIL_TEMPLATE class Block<float>;

#define PARTON_DETAIL_LAYER(name)                  \
  PARTON_DETAIL_TEMPLATE class Layer<name, float>; \
  PARTON_DETAIL_TEMPLATE class name<float>;
PARTON_DETAIL_LAYER(Sequential)
PARTON_DETAIL_LAYER(Dense)
PARTON_DETAIL_LAYER(Activation)
PARTON_DETAIL_LAYER(Flatten)
PARTON_DETAIL_LAYER(Dropout)
PARTON_DETAIL_LAYER(Embedding)
PARTON_DETAIL_LAYER(LayerNorm)
PARTON_DETAIL_LAYER(BatchNorm)
PARTON_DETAIL_TEMPLATE class detail::Conv<Conv2D, 2, float>;
PARTON_DETAIL_LAYER(Conv2D)
PARTON_DETAIL_TEMPLATE class detail::MaxPool<MaxPool2D, 2, float>;
PARTON_DETAIL_LAYER(MaxPool2D)
#undef PARTON_DETAIL_LAYER

}  // namespace nn

namespace loss {

PARTON_DETAIL_TEMPLATE Tensor<float> SoftmaxCrossEntropy::compute(const Tensor<float>&,
                                                                  const Tensor<Index>&,
                                                                  const Tensor<float>*) const;

}  // namespace loss

namespace optim {

PARTON_DETAIL_TEMPLATE class Trainer<float>;
PARTON_DETAIL_TEMPLATE class Optimizer<float>;
PARTON_DETAIL_TEMPLATE class AnyOptimizer<float>;
PARTON_DETAIL_TEMPLATE class detail::AdamRule<float, false>;
PARTON_DETAIL_TEMPLATE class detail::AdamRule<float, true>;
PARTON_DETAIL_TEMPLATE class detail::SGDRule<float>;

}  // namespace optim

}  // namespace parton

#undef PARTON_DETAIL_TEMPLATE

#endif
