// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include <parton/nn/sequential.hpp>

namespace parton_test {

/// Every value of a net, and how far each parameter is.
inline std::string state_of(const parton::nn::Sequential<>& net) {
  std::string text;
  for (const auto& [path, p] : net.named_parameters()) {
    text += path + ' ' + p.shape().to_string() + ' ' + std::string(to_string(p.filled_by())) + '\n';
    if (p.is_initialized())
      text.append(reinterpret_cast<const char*>(p.data().data()),
                  static_cast<std::size_t>(p.data().size()) * sizeof(float));
  }
  return text;
}

}  // namespace parton_test
