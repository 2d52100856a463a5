// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <parton/autograd/variable.hpp>
#include <parton/init/detail/planned.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/uniform.hpp>
#include <parton/parameter/initialize.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::detail {

/// What fills a parameter for want of any other rule, one object for all.
template <class Scalar>
const init::AnyInitializer<Scalar>& default_rule() {
  static const init::AnyInitializer<Scalar> uniform = init::Uniform<Scalar>();
  return uniform;
}

/// An initialization that has been decided, now or until the shape is known.
template <class Scalar>
struct Fill {
  init::AnyInitializer<Scalar> rule;
  FillSource source = FillSource::none;
  DrawSource draws;
  bool verbose = false;
};

/// What a parameter is about to be filled with, all that can fail being done.
template <class Scalar>
struct Drawn {
  Tensor<Scalar> values;
  /// In place of values: what is written over those there are.
  std::unique_ptr<const init::detail::Plan<Scalar>> plan;
  Counted<Variable> leaf;  // for a parameter without values
  Counted<Buffer> past;    // for what has been recorded
};

}  // namespace parton::detail
