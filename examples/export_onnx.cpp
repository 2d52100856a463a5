// SPDX-License-Identifier: MIT
// A net for other software: written as ONNX, and looked into as any program that reads ONNX may.
// Needs parton::onnx: libonnx-dev and libprotobuf-dev.
#include <fstream>
#include <iostream>

#include <parton/io/onnx.hpp>
#include <parton/parton.hpp>

using namespace parton;

int main() {
  auto shared = std::make_shared<nn::Dense<>>(16, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(16, nn::relu), shared);
  net.add(nn::Dense(16, nn::relu, {.params = shared->params()}), nn::Dense(10));
  net.initialize({.seed = 7});

  const Tensor x = random::uniform({2, 20});  // what an input looks like
  io::export_onnx(net, "mlp.onnx", x);        // it takes a batch of any size

  onnx::ModelProto model;
  std::ifstream file("mlp.onnx", std::ios::binary);
  if (!model.ParseFromIstream(&file)) return 1;
  for (const auto& node : model.graph().node())
    std::cout << node.name() << (node.name() == "3/Gemm" ? "\n\n" : ", ");
  for (const auto& values : model.graph().initializer())
    std::cout << values.name() << ' ' << Shape(values.dims()) << '\n';

  // What a file cannot say is an error, and no file.
  net.add(nn::Lambda([](const Tensor<>& y) { return y / norm(y).item(); }, "normalize"));
  try {
    io::export_onnx(net, "normalized.onnx", x);
  } catch (const ExportError& error) {
    std::cout << '\n' << error.what() << '\n';
  }
}
