// SPDX-License-Identifier: MIT
// Runs ONNX's own tests of operators: onnx_node_tests DATA LEFT_OUT [--write], where DATA holds the
// folders node, pytorch-converted, ..., and LEFT_OUT is the committed list of what is not run.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>
#include <type_traits>
#include <utility>

#include <parton/autograd/mode.hpp>
#include <parton/error.hpp>

#include "call.hpp"

namespace onnx_tests {

std::string dtype_of(const Value& value) {
  return std::visit(
      [](const auto& x) -> std::string {
        if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::monostate>)
          return "none";
        else
          return std::string(parton::dtype_name<typename std::decay_t<decltype(x)>::value_type>());
      },
      value);
}

std::string ops_of(const Graph& graph) {
  std::string result;
  for (const Node& node : graph.nodes) result += (result.empty() ? "" : "+") + node.op;
  return result;
}

namespace {

namespace fs = std::filesystem;

/// How far a result may be off, relative and absolute; ONNX's own runner allows 1e-3 and 1e-7.
constexpr double rtol = 2e-5, atol = 1e-6;

/// Nothing, or how a result differs from the expected one.
template <class Scalar>
std::string difference(const Tensor<Scalar>& found, const Tensor<Scalar>& expected) {
  std::ostringstream text;
  if (!(found.shape() == expected.shape())) {
    text << "shape " << found.shape() << ", expected " << expected.shape();
    return text.str();
  }
  double slack = rtol;
  if (sizeof(Scalar) == 2) slack = std::is_same_v<Scalar, Eigen::half> ? 2e-3 : 1.6e-2;
  for (Index i = 0; i < found.size(); ++i) {
    const Scalar a = found.data()[i], b = expected.data()[i];
    bool same = a == b;
    if constexpr (parton::FloatingScalar<Scalar>) {
      const auto x = static_cast<double>(a), y = static_cast<double>(b);
      same =
          same || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= atol + slack * std::abs(y);
    }
    if (same) continue;
    text << "element " << i << " is " << +parton::detail::convert<double>(a) << ", expected "
         << parton::detail::convert<double>(b);
    return text.str();
  }
  return {};
}

std::string difference(const Value& found, const Value& expected) {
  if (found.index() != expected.index())
    return "dtype " + dtype_of(found) + ", expected " + dtype_of(expected);
  return std::visit(
      [&found](const auto& e) -> std::string {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          return {};
        else
          return difference(std::get<T>(found), e);
      },
      expected);
}

/// The values of a graph's outputs. \throws LeftOut
std::vector<Value> evaluate(const Graph& graph, const std::vector<Value>& inputs,
                            const Table& table) {
  std::map<std::string, Value> values = graph.initializers;
  if (inputs.size() < graph.inputs.size()) throw LeftOut("an input of the graph has no value");
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) values[graph.inputs[i]] = inputs[i];
  const bool recorded = std::any_of(graph.nodes.begin(), graph.nodes.end(),
                                    [](const Node& node) { return node.op == "Gradient"; });
  std::optional<parton::autograd::Record> recording;
  if (recorded) {
    for (const std::string& name : graph.inputs) std::get<Tensor<>>(values[name]).attach_grad();
    recording.emplace();
  }
  for (const Node& node : graph.nodes) {
    if (node.op == "Gradient") {
      // Of y by each of xs, which are graph inputs here: what backward leaves there.
      std::get<Tensor<>>(values.at(node.attributes.at("y").text)).backward();
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        values[node.outputs[i]] = std::get<Tensor<>>(values.at(node.inputs[i])).grad();
      continue;
    }
    Call call{node, {}, graph.opset};
    for (const std::string& name : node.inputs)
      call.inputs.push_back(name.empty() ? Value() : values.at(name));
    const Results results = table.at(node.op)(call);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      if (i >= results.size()) throw LeftOut("output " + std::to_string(i));
      values[node.outputs[i]] = results[i];
    }
  }
  std::vector<Value> outputs;
  for (const std::string& name : graph.outputs) outputs.push_back(values.at(name));
  return outputs;
}

/// Nothing, or what went wrong. \throws LeftOut
std::string run(const fs::path& folder, const Graph& graph, const Table& table) {
  const std::vector<Case::Data> sets = read_sets(folder);
  if (sets.empty()) throw LeftOut("no data");
  for (const Case::Data& data : sets) {
    const std::vector<Value> outputs = evaluate(graph, data.inputs, table);
    if (data.outputs.size() != outputs.size()) return "another number of outputs";
    for (std::size_t i = 0; i < outputs.size(); ++i)
      if (const std::string text = difference(outputs[i], data.outputs[i]); !text.empty())
        return "output " + std::to_string(i) + ": " + text;
  }
  return {};
}

/// What was left out: a line "op: reason", and how often.
using Reasons = std::map<std::string, int>;

struct Outcome {
  int passed = 0;
  Reasons left_out;
  std::vector<std::string> failures;
};

Outcome run_all(const fs::path& data, const Table& table) {
  std::set<fs::path> folders;
  for (const char* group : {"node", "pytorch-converted", "pytorch-operator", "simple"})
    if (fs::exists(data / group))
      for (const auto& entry : fs::directory_iterator(data / group))
        if (fs::exists(entry.path() / "model.onnx")) folders.insert(entry.path());
  Outcome outcome;
  for (const fs::path& folder : folders) {
    std::string op = "?";
    try {
      const Graph graph = read_graph(folder);
      op = ops_of(graph);
      for (const Node& node : graph.nodes) {
        if (table.count(node.op) > 0 || node.op == "Gradient") continue;
        op = node.op;
        throw LeftOut("no adapter");
      }
      if (graph.nodes.size() > 3) op = graph.nodes[0].op + "+...";
      const std::string text = run(folder, graph, table);
      if (text.empty())
        ++outcome.passed;
      else
        outcome.failures.push_back(folder.filename().string() + " (" + op + "): " + text);
    } catch (const LeftOut& why) {
      ++outcome.left_out[op + ": " + why.what()];
    } catch (const std::exception& error) {
      outcome.failures.push_back(folder.filename().string() + " (" + op + "): " + error.what());
    }
  }
  return outcome;
}

/// The committed file: "passed N", then "N op: reason" for each thing left out.
struct Expected {
  int passed = 0;
  Reasons left_out;
};

Expected read_expected(const fs::path& file) {
  Expected result;
  std::ifstream stream(file);
  std::string word;
  stream >> word >> result.passed;
  if (!stream || word != "passed") throw std::runtime_error("cannot read " + file.string());
  int count = 0;
  std::string line;
  while (stream >> count && std::getline(stream >> std::ws, line)) result.left_out[line] = count;
  return result;
}

void write_expected(const fs::path& file, const Outcome& outcome) {
  std::ofstream stream(file);
  stream << "passed " << outcome.passed << '\n';
  for (const auto& [reason, count] : outcome.left_out) stream << count << ' ' << reason << '\n';
}

int main(const fs::path& data, const fs::path& expected_file, bool write) {
  Table table;
  add_elementwise(table);
  add_arrange(table);
  add_losses(table);
  add_reduce(table);
  add_layers(table);
  add_unary(table);
  add_windows(table);
  add_optimizers(table);
  const Outcome outcome = run_all(data, table);
  int left_out = 0;
  for (const auto& [reason, count] : outcome.left_out) left_out += count;
  std::cout << "Left out, by operator and reason:\n";
  for (const auto& [reason, count] : outcome.left_out)
    std::cout << "  " << count << "  " << reason << '\n';
  for (const std::string& text : outcome.failures) std::cout << "FAILED " << text << '\n';
  std::cout << "ONNX's tests: " << outcome.passed << " ran and passed, " << outcome.failures.size()
            << " failed, " << left_out << " left out\n";
  if (write) {
    write_expected(expected_file, outcome);
    return outcome.failures.empty() ? 0 : 1;
  }

  const Expected expected = read_expected(expected_file);
  bool good = outcome.failures.empty();
  if (outcome.passed < expected.passed) {
    std::cout << "FEWER than the " << expected.passed << " of " << expected_file << " passed\n";
    good = false;
  }
  for (const auto& [reason, count] : outcome.left_out) {
    const auto known = expected.left_out.find(reason);
    if (known != expected.left_out.end() && count <= known->second) continue;
    std::cout << "UNEXPECTED: " << count << " left out: " << reason << '\n';
    good = false;
  }
  if (outcome.passed > expected.passed)
    std::cout << "More than the " << expected.passed << " of " << expected_file
              << " passed: run with --write and commit it\n";
  return good ? 0 : 1;
}

}  // namespace

}  // namespace onnx_tests

int main(int argc, char** argv) {
  const bool write = argc == 4 && std::string(argv[3]) == "--write";
  if (argc != 3 && !write) {
    std::cerr << "usage: " << argv[0] << " DATA LEFT_OUT [--write]\n";
    return 2;
  }
  try {
    return onnx_tests::main(argv[1], argv[2], write);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
