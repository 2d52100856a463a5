// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <parton/io/onnx.hpp>
#include <parton/parton.hpp>

/// \file Nets that are written as models, with inputs and what parton makes of them.

namespace onnx_export {

using namespace parton;

/// Where the models of a run go, and how many there are.
class Models {
 public:
  explicit Models(std::string folder) : folder_(std::move(folder)) {}

  /// Writes NAME.onnx, and input and output at the batch of x and, if `any_batch`, at another one.
  template <class Scalar>
  void add(const std::string& name, const nn::Block<Scalar>& net, const Tensor<Scalar>& x,
           double tolerance = 1e-5, bool any_batch = true);

  /// A function of a tensor, on numbers from `low` to `high` of shape `shape`.
  void op(const std::string& name, const Shape& shape,
          const std::function<Tensor<>(const Tensor<>&)>& f, double low = -2, double high = 2);

  /// A model with an expected number that is not what the model gives.
  void wrong(const std::string& name) {
    spoil_ = true;
    op(name, {2, 3}, [](const Tensor<>& x) -> Tensor<> { return exp(x); });
    spoil_ = false;
  }

  /// Writes the manifest that the runners read. False if a net could not be exported.
  [[nodiscard]] bool finish() const;

 private:
  std::string set(const std::string& name, int number, const std::string& what, const Shape& shape,
                  const void* data, std::size_t bytes);

  std::string folder_;
  std::string manifest_;
  std::size_t count_ = 0, failures_ = 0;
  bool spoil_ = false;
};

inline std::string Models::set(const std::string& name, int number, const std::string& what,
                               const Shape& shape, const void* data, std::size_t bytes) {
  const std::string file = name + "." + std::to_string(number) + "." + what;
  std::ofstream(folder_ + "/" + file, std::ios::binary)
      .write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  std::string dims;
  for (const Index dim : shape) dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
  return "\"" + what + "\": {\"file\": \"" + file + "\", \"dims\": [" + dims + "]}";
}

template <class Scalar>
void Models::add(const std::string& name, const nn::Block<Scalar>& net, const Tensor<Scalar>& x,
                 double tolerance, bool any_batch) {
  try {
    io::export_onnx(net, folder_ + "/" + name + ".onnx", x,
                    {.batch = any_batch ? io::OnnxBatch::any : io::OnnxBatch::fixed});
  } catch (const Error& error) {
    std::printf("NOT EXPORTED: %s: %s\n", name.c_str(), error.what());
    ++failures_;
    return;
  }
  std::string sets;
  const autograd::Pause pause;
  for (int number = 0; number < (any_batch ? 2 : 1); ++number) {
    // The rows in reverse order, and one twice.
    std::vector<Tensor<Scalar>> rows;
    for (Index i = 0; number == 1 && i <= x.shape()[0]; ++i)
      rows.push_back(x.slice(i % x.shape()[0], i % x.shape()[0] + 1));
    std::reverse(rows.begin(), rows.end());
    const Tensor<Scalar> input = number == 0 ? x : concat(rows);
    Tensor<Scalar> output = net(input).copy();
    if (spoil_) output.span().back() *= Scalar(1.001);
    const auto bytes = [](const Tensor<Scalar>& t) {
      return static_cast<std::size_t>(t.size()) * sizeof(Scalar);
    };
    sets += std::string(number == 0 ? "" : ", ") + "{" +
            set(name, number, "input", input.shape(), input.data(), bytes(input)) + ", " +
            set(name, number, "output", output.shape(), output.data(), bytes(output)) + "}";
  }
  std::ostringstream line;
  line << "{\"name\": \"" << name << "\", \"dtype\": \"" << dtype_name<Scalar>()
       << "\", \"tolerance\": " << tolerance << ", \"sets\": [" << sets << "]}";
  manifest_ += (count_++ == 0 ? "" : ",\n") + line.str();
}

inline void Models::op(const std::string& name, const Shape& shape,
                       const std::function<Tensor<>(const Tensor<>&)>& f, double low, double high) {
  const nn::Lambda<> net(f, name);
  add<float>("op_" + name, net, random::uniform(shape, low, high));
}

inline bool Models::finish() const {
  std::ofstream(folder_ + "/manifest.json") << "[" << manifest_ << "]\n";
  std::printf("%zu models, %zu not exported\n", count_, failures_);
  return failures_ == 0;
}

}  // namespace onnx_export
