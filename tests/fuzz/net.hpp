// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <parton/init/constant.hpp>
#include <parton/io/load.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/net_state.hpp>

/// \file What every target does with a file, and what must hold. Of exceptions only parton::Error
/// is caught: any other one, or a Broken, is a finding.

namespace parton_fuzz {

using namespace parton;
using parton_test::state_of;

/// A promise of the library that did not hold.
struct Broken : std::logic_error {
  using std::logic_error::logic_error;
};
inline void require(bool holds, const char* promise) {
  if (!holds) throw Broken(promise);
}

/// A net with a shape that is unknown and a tie; one layer has values.
inline nn::Sequential<> small_net() {
  auto tied = std::make_shared<nn::Dense<>>(3, nn::relu, nn::DenseOptions<>{.in_units = 3});
  nn::Sequential net;
  net.add(nn::Dense(3), tied, nn::Dense(3, {.in_units = 3, .params = tied->params()}));
  tied->initialize(init::Constant(2));
  return net;
}

/// A plan changes nothing, a load does what the plan said, or nothing at all.
inline void check_load(const std::string& path, const io::LoadOptions<>& options) {
  auto net = small_net();
  const std::string before = state_of(net);
  try {
    const io::LoadPlan plan = io::plan_load(net, path, options);
    require(state_of(net) == before, "a plan changes nothing");
    static_cast<void>(plan.to_string());
    require(plan.ok() == plan.problems().empty(), "a plan that is not ok has problems");
    const io::LoadPlan done = io::load(net, path, options);
    require(plan.ok(), "what is not ok is not loaded");
    require(done.to_string() == plan.to_string(), "a load does what was planned");
  } catch (const Error&) {
    require(state_of(net) == before, "a load that fails leaves every bit as it was");
  }
}

/// Every value of a tensor as a double; nothing if it cannot be read.
inline std::optional<Tensor<double>> values_of(const io::File& file, const io::TensorInfo& info) {
  if (!io::is_held(info.dtype)) return std::nullopt;
  try {
    return file.read<double>(info, false);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Opens and reads everything, and loads it into a net.
inline void check_file(const std::string& path) {
  bool opened = false;
  try {
    const io::File file = io::open(path);
    opened = true;
    for (const io::TensorInfo& info : file.tensors()) {
      require(info.bytes == static_cast<std::uint64_t>(info.shape.size()) * size_of(info.dtype),
              "bytes are those of shape and dtype");
      require(file.find(info.name) == &info, "a tensor is found by its name");
      if (const auto values = values_of(file, info)) {
        require(values->shape() == info.shape, "a tensor has the shape that is listed");
        const auto turned = file.read<float>(info, true);
        require(turned.size() == values->size(), "a transposed tensor has as many elements");
        if (info.dtype == io::Dtype::float32)
          static_cast<void>(file.tensor<float>(info.name).copy());
      }
    }
  } catch (const Error&) {
    // A load would open it too.
    if (!opened) return;
  }
  check_load(path, {});
  check_load(path, {.rename = {{"^fc1\\.", "0."}, {"^fc2\\.", "1."}},
                    .transpose = "0.weight",
                    .dtype = io::DtypeRule::convert,
                    .allow_missing = true,
                    .ignore_extra = true,
                    .verify = true});
}

}  // namespace parton_fuzz
