// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <mutex>
#include <string_view>

#include <parton/parameter/parameter.hpp>

/// \file What the layers with one value for each channel share.

namespace parton::nn::detail {

/// The one dimension of a parameter with one value for each channel; 0 is one that is not known
/// yet. \throws ValueError if it is negative.
inline Shape channel_shape(Index in_channels, std::string_view layer) {
  if (in_channels < 0) throw errors::negative_count("in_channels", in_channels, layer);
  return {in_channels == 0 ? Shape::unknown : in_channels};
}

/// \throws ValueError unless epsilon is finite and at least 0.
inline double checked_epsilon(double epsilon, std::string_view layer) {
  if (!(epsilon >= 0) || !std::isfinite(epsilon))
    throw errors::layer_option(layer, "epsilon", "finite and at least 0", epsilon);
  return epsilon;
}

/// Tells the parameters the number of channels at the first forward, all or none of them; refuses
/// another number later. \throws ShapeError naming the parameter.
template <class Scalar>
void fit_channels(std::initializer_list<Parameter<Scalar>*> parameters, const Shape& input,
                  Index axis) {
  const auto rank = static_cast<Index>(input.rank());
  if (axis < -rank || axis >= rank) {
    const Parameter<Scalar>& first = **parameters.begin();
    throw errors::no_channel_axis(first.name(), first.path(), axis, input.to_string());
  }
  const Index n = input[axis];
  if (std::all_of(parameters.begin(), parameters.end(), [n](const Parameter<Scalar>* parameter) {
        return parameter->is_initialized() && parameter->shape()[0] == n;
      }))
    return;
  const std::lock_guard lock(parton::detail::initialization_mutex());
  for (const Parameter<Scalar>* parameter : parameters)
    if (const Index known = parameter->shape()[0]; known != Shape::unknown && known != n)
      throw errors::input_channels(parameter->name(), parameter->path(), known, n, axis,
                                   input.to_string());
  for (Parameter<Scalar>* parameter : parameters) parameter->set_shape({n});
}

/// As Gluon, being Python, prints it.
constexpr std::string_view truth_text(bool value) noexcept { return value ? "True" : "False"; }

}  // namespace parton::nn::detail
