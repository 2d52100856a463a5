// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace parton {

/// What a backward pass does with a parameter's gradient.
enum class GradReq : std::uint8_t {
  null,   ///< nothing: the parameter is frozen, has no gradient and takes no memory for one
  write,  ///< replace it by the sum of all contributions of this pass
  add     ///< add the contributions to what is there; zero_grad() starts over
};

[[nodiscard]] constexpr std::string_view to_string(GradReq req) {
  return req == GradReq::null ? "null" : req == GradReq::write ? "write" : "add";
}

}  // namespace parton
