// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

/// \file The same inputs for every implementation.

namespace parton_bench {

/// Inputs of `batch` rows of `features`, and a class below `classes` for each row.
struct Data {
  Data(long rows, long columns, long class_count)
      : batch(rows),
        features(columns),
        classes(class_count),
        x(static_cast<std::size_t>(rows * columns)),
        labels(static_cast<std::size_t>(rows)) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (float& value : x) value = normal(random);
    for (std::int64_t& label : labels) label = static_cast<std::int64_t>(random() % classes);
  }

  long batch, features, classes;
  std::vector<float> x;  // row-major
  std::vector<std::int64_t> labels;
};

/// What a training step does at its end.
enum class Rule { sgd, momentum, adam };

inline constexpr float learning_rate = 1e-4F, momentum = 0.9F;

}  // namespace parton_bench
