// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <parton/io/save.hpp>

#include "../io/malformed.hpp"
#include "targets.hpp"

/// \file Where the fuzzers start: the malformed files of the tests, and good ones.

namespace parton_fuzz {

/// A good file of the small net's parameters, and one that loads by the rules of renaming.
inline std::vector<std::string> good_files(const std::string& extension) {
  const io_test::Folder folder;
  std::vector<std::string> files;
  auto net = small_net();
  net.initialize();
  const Tensor<> x = Tensor<>::full({1, 2}, 0.5f);
  static_cast<void>(net(x));
  const std::string path = folder / ("x." + extension);
  io::save(net, path);
  files.push_back(io_test::bytes_of(path));
  io::save({io::Array("fc1.weight", Tensor<double>::zeros({2, 3})),
            io::Array("fc1.bias", Tensor<bool>{true, false, true}),
            io::Array("fc2.bias", Tensor<std::int16_t>::zeros({3}))},
           path);
  files.push_back(io_test::bytes_of(path));
  if (extension == "npz") return files;
  io::save(net, path, {.dtype = io::Dtype::bfloat16, .fingerprints = true});
  files.push_back(io_test::bytes_of(path));
  io::save(net, path, {.metadata = {{"format", "pt"}}, .probe = x});
  files.push_back(io_test::bytes_of(path));
  return files;
}

inline std::vector<std::string> seeds(std::string_view target) {
  using namespace io_test;
  std::vector<std::string> files;
  const auto add = [&](const std::vector<Malformed>& rows) {
    for (const Malformed& row : rows)
      if (row.bytes.size() < 4096) files.push_back(row.bytes);
  };
  if (target == "safetensors") {
    add(malformed_safetensors());
    for (std::string& file : good_files("safetensors")) files.push_back(std::move(file));
  } else if (target == "checkpoint") {
    const Folder folder;
    const std::string path = folder / "x.safetensors";
    Training training;
    for (int i = 0; i < 2; ++i) {
      training.step();
      io::save_checkpoint(training.net, training.trainer, path, {.metadata = {{"epoch", "1"}}});
      files.push_back(bytes_of(path));
    }
  } else if (target == "numpy") {
    add(malformed_npy());
    add(malformed_npz());
    for (std::string& file : good_files("npz")) files.push_back(std::move(file));
    for (const char* descr : {"<f4", ">f8", "|b1", "<i2", "<V2", "|u1"})
      files.push_back(npy_bytes(
          "{'descr': '" + std::string(descr) + "', 'fortran_order': True, 'shape': (2, 1), }",
          std::string(16, '\0')));
    files.push_back(npy_bytes("{'descr':'<f4','fortran_order':True,'shape':(2,1)}", "12345678"));
  } else if (target == "params") {
    add(malformed_params());
    files.push_back(params_file(
        {params_array({3, 2}, 0, std::string(24, '\0')), params_array({3}, 1, std::string(24, 'x')),
         params_array({3}, 7, std::string(3, '\1'), params_v3)},
        {"0.weight", "arg:fc1.bias", "aux:2.bias"}));
    files.push_back(params_file({params_array({}, 12, "ab", params_v3)}, {"mean"}));
  } else if (target == "rename") {
    files = {"^module\\.\n\n\n0.weight",
             "^fc(\\d)\\.\n$1.\n\nfc1.weight\nfc2.bias",
             "(a*)*b\nx\n\naaaaaaaaaaaaaaaaaaaaaaaa",
             "[[:alpha:]]+\n$&$&\n\n0.weight",
             "(?=a)|(?!b)|\\b\n$$\n",
             "(a{2,4}){3}|x?\n$01$99$'$`\n\naaaaaaaa",
             "(\n)\n",
             "\\1\nx\n",
             "(x+x+)+y\n$1\n\n" + std::string(300, 'x'),
             ".*\n0.bias\nw$\nweight\n\na\nb"};
  } else if (target == "initializer") {
    files = {R"(["xavier", {"magnitude": 2, "rnd_type": "gaussian", "factor_type": "in"}])",
             R"(["normal", {"sigma": 0.5}])",
             R"("uniform")",
             R"(["constant", {"value": [[1, 2], [3, "NaN"]]}])",
             R"(["sparse", {"sparsity": 0.5}])",
             R"(["mixed", {"patterns": ["bias", ".*"], "initializers": ["zeros", ["one"]]}])",
             R"(["lstmbias", {"forget_bias": 1.0}])",
             R"(["bilinear", {"symmetric": false}])",
             R"(["orthogonal", {"scale": 1, "rand_type": "uniform"}])",
             "zeros"};
  }
  return files;
}

}  // namespace parton_fuzz
