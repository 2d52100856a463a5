// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <parton/fwd.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton::optim {

/// All that a Trainer has learned about its steps, by the paths of its parameters, so that it fits
/// a net that was built again. Values of its own: later steps do not change it.
template <class Scalar>
struct TrainerState {
  /// Which optimizer's it is: `adam`.
  std::string optimizer;
  /// How many steps the Trainer has made, which is where its schedule stands.
  std::uint64_t steps = 0;
  /// The learning rate that was set, before the schedule.
  double learning_rate = 0;
  /// How often each parameter has been updated, by its path.
  std::map<std::string, std::uint64_t> counts;
  /// The state tensors of those that have been, as `0.weight/exp_avg`.
  std::map<std::string, Tensor<parton::detail::Wide<Scalar>>> tensors;
};

}  // namespace parton::optim
