// SPDX-License-Identifier: MIT
// A net of 1 GB to a file and back. Every writer flushes its file to the disk (fsync), as a save of
// parton does.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <parton/io.hpp>
#include <parton/parton.hpp>
#include <parton_bench/bench.hpp>
#ifdef PARTON_BENCH_TORCH
#include <torch/torch.h>
#endif

using namespace parton_bench;

namespace {

constexpr long layers = 16, width = 4096;  // 64 MB each

long rows() { return scaled(width); }

std::string file_name(const std::string& ending) {
  return directory() + "/parton_bench_" + std::to_string(::getpid()) + ending;
}

/// Taken away with the last that holds it.
std::shared_ptr<std::string> temporary(const std::string& ending) {
  return {new std::string(file_name(ending)), [](std::string* name) {
            std::remove(name->c_str());
            delete name;
          }};
}

void flush(const std::string& name) {
  const int file = ::open(name.c_str(), O_RDWR);
  if (file < 0 || ::fsync(file) != 0) std::abort();
  ::close(file);
}

using Net = parton::nn::Sequential<>;

std::shared_ptr<Net> parton_net() {
  using namespace parton::nn;
  Net net;
  for (long i = 0; i < layers; ++i)
    net.add(Dense(rows(), linear, {.use_bias = false, .in_units = width}));
  net.initialize({.seed = 1});
  return std::make_shared<Net>(std::move(net));
}

void add_saves() {
  const auto name = [](const std::string& ending) { return "io/save" + ending; };
  for (const std::string ending : {".safetensors", ".npz"})
    add(name(ending), "parton", [ending] {
      const auto net = parton_net();
      const auto file = temporary(ending);
      return Body{[net, file] { parton::io::save(*net, *file); },
                  [file] { std::remove(file->c_str()); }};
    });
  for (const std::string ending : {".safetensors", ".npz"}) {
    add(name(ending), "raw", [] {
      const auto data =
          std::make_shared<Eigen::ArrayXf>(Eigen::ArrayXf::Constant(layers * rows() * width, 0.5F));
      const auto file = temporary(".raw");
      return Body{[data, file] {
                    const int target = ::open(file->c_str(), O_RDWR | O_CREAT | O_TRUNC, 0666);
                    const char* at = reinterpret_cast<const char*>(data->data());
                    std::size_t left = static_cast<std::size_t>(data->size()) * sizeof(float);
                    while (left > 0) {
                      const ssize_t done = ::write(target, at, left);
                      if (done <= 0) std::abort();
                      at += done, left -= static_cast<std::size_t>(done);
                    }
                    if (::fsync(target) != 0) std::abort();
                    ::close(target);
                  },
                  [file] { std::remove(file->c_str()); }};
    });
#ifdef PARTON_BENCH_TORCH
    add(name(ending), "torch", [] {
      std::vector<torch::Tensor> tensors;
      for (long i = 0; i < layers; ++i) tensors.push_back(torch::rand({rows(), width}));
      const auto file = temporary(".pt");
      return Body{[tensors, file] {
                    torch::save(tensors, *file);
                    flush(*file);
                  },
                  [file] { std::remove(file->c_str()); }};
    });
#endif
  }
}

/// `use(net, file)` for a file that a net was saved to.
template <class Use>
void add_parton_load(const std::string& benchmark, const std::string& ending, const Use& use) {
  add_simple(benchmark, "parton", [ending, use] {
    const auto net = parton_net();
    const auto file = temporary(ending);
    parton::io::save(*net, *file);
    return [net, file, use] { use(*net, *file); };
  });
}

void add_torch_load([[maybe_unused]] const std::string& benchmark) {
#ifdef PARTON_BENCH_TORCH
  add_simple(benchmark, "torch", [] {
    std::vector<torch::Tensor> tensors;
    for (long i = 0; i < layers; ++i) tensors.push_back(torch::rand({rows(), width}));
    const auto file = temporary(".pt");
    torch::save(tensors, *file);
    return [file] {
      std::vector<torch::Tensor> loaded;
      torch::load(loaded, *file);
      keep(loaded.data());
    };
  });
#endif
}

void open_all(const std::string& name, bool touch) {
  const parton::io::File file = parton::io::open(name);
  float sum = 0;
  for (const parton::io::TensorInfo& info : file.tensors()) {
    const parton::Tensor<> tensor = file.tensor<float>(info.name);
    if (touch) sum += tensor.array().sum();
    keep(tensor.data());
  }
  keep(&sum);
}

}  // namespace

void parton_bench::register_cases() {
  add_saves();
  for (const std::string ending : {".safetensors", ".npz"}) {
    add_parton_load("io/load" + ending, ending, [](Net& net, const std::string& file) {
      static_cast<void>(parton::io::load(net, file));
    });
    add_torch_load("io/load" + ending);
  }
  add_parton_load("io/open", ".safetensors",
                  [](const Net&, const std::string& file) { open_all(file, false); });
  add_torch_load("io/open");
  add_parton_load("io/open_and_touch", ".safetensors",
                  [](const Net&, const std::string& file) { open_all(file, true); });
  add_torch_load("io/open_and_touch");
}
