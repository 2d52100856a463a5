// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// \file What a leaf of a recorded computation belongs to.

namespace parton::detail {

/// A parameter, as its leaf knows it: by how messages call it.
class LeafOwner {
 protected:
  ~LeafOwner() = default;

 private:
  friend struct Variable;
  /// `'dense0_weight' (path 0.weight)`
  [[nodiscard]] virtual std::string path_and_name() const = 0;
};

}  // namespace parton::detail
