// SPDX-License-Identifier: MIT
#include <dlfcn.h>

#include <string>

#include <Eigen/Core>

#include <parton/threads.hpp>
#include <parton_bench/bench.hpp>

#ifdef PARTON_BENCH_TORCH
#include <ATen/Parallel.h>
#include <torch/version.h>
#endif

namespace {

/// A function of OpenBLAS, if LibTorch has brought it along: its pthread flavour takes no notice of
/// LibTorch's or OpenMP's number of threads.
template <class Signature>
Signature* of_openblas(const char* name) {
  return reinterpret_cast<Signature*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void parton_bench::use_threads(int count) {
  parton::set_num_threads(count);
  Eigen::setNbThreads(count);
#ifdef PARTON_BENCH_TORCH
  at::set_num_threads(count);
#endif
  if (auto* const set = of_openblas<void(int)>("openblas_set_num_threads")) set(count);
}

std::string parton_bench::libraries() {
  std::string text = "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
                     std::to_string(EIGEN_MAJOR_VERSION) + "." +
                     std::to_string(EIGEN_MINOR_VERSION);
#ifdef PARTON_BENCH_TORCH
  text += ", LibTorch " TORCH_VERSION;
#endif
  if (auto* const config = of_openblas<char*()>("openblas_get_config"))
    text += std::string(", ") + config();
  return text;
}
