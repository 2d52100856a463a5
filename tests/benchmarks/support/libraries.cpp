// SPDX-License-Identifier: MIT
#include <string>

#include <Eigen/Core>

#include <parton/threads.hpp>
#include <parton_bench/bench.hpp>

#ifdef PARTON_BENCH_TORCH
#include <ATen/Parallel.h>
#include <torch/version.h>
#endif

void parton_bench::use_threads(int count) {
  parton::set_num_threads(count);
  Eigen::setNbThreads(count);
#ifdef PARTON_BENCH_TORCH
  at::set_num_threads(count);
#endif
}

std::string parton_bench::libraries() {
  std::string text = "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
                     std::to_string(EIGEN_MAJOR_VERSION) + "." +
                     std::to_string(EIGEN_MINOR_VERSION);
#ifdef PARTON_BENCH_TORCH
  text += ", LibTorch " TORCH_VERSION;
#endif
  return text;
}
