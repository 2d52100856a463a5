// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <parton/io/detail/onnx/graph.hpp>
#include <parton/io/detail/onnx/recording.hpp>

/// \file A graph on its way, and the numbers in it that follow the batch.

namespace parton::io::detail::to_onnx {

/// Thrown where a graph for any batch cannot be made; the text says why.
struct DependsOnBatch {
  std::string why;
};

/// The graph in the making, with the names of all values; with several recordings, whatever differs
/// between them follows the batch.
struct Making {
  Graph& graph;
  std::span<const Recording> recordings;
  std::vector<std::string> names = std::vector<std::string>(recordings[0].values.size());
  /// The length of the first axis of the input as a list of one integer; empty until it is needed.
  std::string batch = {};

  /// Lists of integers of one length, one for each recording, as a value of the graph. `what` says
  /// what they are.
  std::string lengths(const std::string& what, const std::vector<Ints>& lists) {
    std::vector<std::string> parts;
    Ints run;
    for (std::size_t i = 0; i < lists[0].size(); ++i) {
      if (!varies(lists, i)) {
        run.push_back(lists[0][i]);
        continue;
      }
      if (!run.empty()) parts.push_back(graph.ints(run));
      run.clear();
      parts.push_back(from_batch(what, lists, i));
    }
    if (parts.empty() || !run.empty()) parts.push_back(graph.ints(run));
    return parts.size() == 1 ? parts[0] : graph.node("Concat", parts, {{"axis", std::int64_t{0}}});
  }

  /// Whether entry i differs between the recordings.
  [[nodiscard]] static bool varies(const std::vector<Ints>& lists, std::size_t i) {
    return std::any_of(lists.begin(), lists.end(),
                       [&](const Ints& list) { return list[i] != lists[0][i]; });
  }

 private:
  /// Entry i as `factor * batch + shift`, which must hold in all recordings.
  std::string from_batch(const std::string& what, const std::vector<Ints>& lists, std::size_t i) {
    const auto size = [&](std::size_t k) { return recordings[k].batch; };
    const Index factor = (lists[1][i] - lists[0][i]) / (size(1) - size(0));
    const Index shift = lists[0][i] - factor * size(0);
    for (std::size_t k = 0; k < lists.size(); ++k)
      if (lists[k][i] != factor * size(k) + shift)
        throw DependsOnBatch{what + " follows the size N of the batch in another way than a N + b"};
    if (batch.empty())
      batch = graph.node("Gather",
                         {graph.node("Shape", {names[recordings[0].input]}), graph.ints({0})});
    std::string value = batch;
    if (factor != 1) value = graph.node("Mul", {value, graph.ints({factor})});
    if (shift != 0) value = graph.node("Add", {value, graph.ints({shift})});
    return value;
  }
};

}  // namespace parton::io::detail::to_onnx
