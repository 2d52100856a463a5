// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <parton/io/save.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

// Read by hub.mjs, by the package of npm that reads the headers of .safetensors files.
TEST_CASE("files for other software are written, with what it must find in them") {
  const std::string folder = PARTON_INTEROP_FILES;
  std::filesystem::create_directories(folder);

  const Tensor<> one = {1};
  io::save({io::Array("f32", Tensor<>::zeros({2, 3})), io::Array("empty", Tensor<>::zeros({0, 3})),
            io::Array("f64", Tensor<double>::full({}, 2.5)),
            io::Array("bf16", Tensor<>{1, 2, 3}, io::Dtype::bfloat16),
            io::Array("f16", one, io::Dtype::float16), io::Array("u64", one.cast<std::uint64_t>()),
            io::Array("i64", Tensor<>{1, 2}.cast<std::int64_t>()),
            io::Array("u32", one.cast<std::uint32_t>()), io::Array("i32", one.cast<std::int32_t>()),
            io::Array("u16", one.cast<std::uint16_t>()), io::Array("i16", one.cast<std::int16_t>()),
            io::Array("i8", one.cast<std::int8_t>()), io::Array("u8", one.cast<std::uint8_t>()),
            io::Array("\xC3\xA9\n\"b\\", Tensor<bool>{true, false})},
           folder + "/dtypes.safetensors", {{"format", "pt"}, {"\xC3\xA9", "\"\n"}});

  auto tied = std::make_shared<nn::Dense<>>(3, nn::relu, nn::DenseOptions<>{.in_units = 3});
  nn::Sequential net;
  net.add(tied, nn::Dense(3, {.in_units = 3, .params = tied->params()}));
  net.initialize({.seed = 1});
  io::save(net, folder + "/tied.safetensors", {.metadata = {{"epoch", "3"}}});

  // The widest dtype first, then by name, without a gap: written by hand.
  std::ofstream(folder + "/expected.json") << R"({
  "dtypes.safetensors": {
    "__metadata__": {"format": "pt", "é": "\"\n"},
    "u64": {"dtype": "U64", "shape": [1], "data_offsets": [0, 8]},
    "i64": {"dtype": "I64", "shape": [2], "data_offsets": [8, 24]},
    "f64": {"dtype": "F64", "shape": [], "data_offsets": [24, 32]},
    "empty": {"dtype": "F32", "shape": [0, 3], "data_offsets": [32, 32]},
    "f32": {"dtype": "F32", "shape": [2, 3], "data_offsets": [32, 56]},
    "u32": {"dtype": "U32", "shape": [1], "data_offsets": [56, 60]},
    "i32": {"dtype": "I32", "shape": [1], "data_offsets": [60, 64]},
    "bf16": {"dtype": "BF16", "shape": [3], "data_offsets": [64, 70]},
    "f16": {"dtype": "F16", "shape": [1], "data_offsets": [70, 72]},
    "u16": {"dtype": "U16", "shape": [1], "data_offsets": [72, 74]},
    "i16": {"dtype": "I16", "shape": [1], "data_offsets": [74, 76]},
    "i8": {"dtype": "I8", "shape": [1], "data_offsets": [76, 77]},
    "u8": {"dtype": "U8", "shape": [1], "data_offsets": [77, 78]},
    "é\n\"b\\": {"dtype": "BOOL", "shape": [2], "data_offsets": [78, 80]}
  },
  "tied.safetensors": {
    "__metadata__": {"1.bias": "0.bias", "1.weight": "0.weight", "epoch": "3"},
    "0.bias": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]},
    "0.weight": {"dtype": "F32", "shape": [3, 3], "data_offsets": [12, 48]}
  }
}
)";
  CHECK(io::open(folder + "/dtypes.safetensors").tensors().size() == 14);
  CHECK(io::open(folder + "/tied.safetensors").tensors().size() == 2);
}
