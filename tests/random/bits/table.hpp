// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <parton/random/generator.hpp>

/// \file The table of bits.txt: for each distribution and scalar, sizes, places in the stream and
/// arguments, a hash of the raw bytes of the values.

namespace parton_test {

template <class T>
std::uint64_t hash_bytes(const std::vector<T>& values) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  const auto* bytes = reinterpret_cast<const unsigned char*>(values.data());
  for (std::size_t i = 0; i < values.size() * sizeof(T); ++i)
    hash = (hash ^ bytes[i]) * 0x100000001B3U;
  return hash;
}

struct Place {
  std::size_t size;
  std::uint64_t position;
};

inline constexpr Place places[] = {{1, 0}, {7, 0}, {7, 250}, {1000, 1}, {20011, 77}};
// Long enough for two threads.
inline constexpr Place long_place = {1100001, 1234567891};

template <class T>
void add_line(std::string& table, const std::string& what, Place place,
              const std::vector<T>& values) {
  char line[160];
  std::snprintf(line, sizeof line, "%-42s %8zu @%-11llu %016llx\n", what.c_str(), place.size,
                static_cast<unsigned long long>(place.position),
                static_cast<unsigned long long>(hash_bytes(values)));
  table += line;
}

template <class Scalar, class Fill>
void add_filled(std::string& table, const std::string& what, Place place, const Fill& fill) {
  std::vector<Scalar> values(place.size);
  parton::random::Generator rng(0x0123456789ABCDEFU, 0xFEDCBA9876543210U);
  rng.seek(place.position);
  fill(rng, std::span<Scalar>(values));
  add_line(table, what + " " + std::string(parton::dtype_name<Scalar>()), place, values);
}

template <class Scalar>
void add_scalar(std::string& table) {
  const auto add = [&](const char* what, auto fill) {
    for (const Place place : places) add_filled<Scalar>(table, what, place, fill);
  };
  const auto add_long = [&](const char* what, auto fill) {
    add(what, fill);
    add_filled<Scalar>(table, what, long_place, fill);
  };
  add("uniform(0, 1)", [](auto& rng, auto to) { rng.uniform(to, 0, 1); });
  add_long("uniform(-0.07, 0.07)", [](auto& rng, auto to) { rng.uniform(to, -0.07, 0.07); });
  add("uniform(-10, 10)", [](auto& rng, auto to) { rng.uniform(to, -10, 10); });
  add("normal(0, 1)", [](auto& rng, auto to) { rng.normal(to, 0, 1); });
  add_long("normal(0.3, 0.01)", [](auto& rng, auto to) { rng.normal(to, 0.3, 0.01); });
  add_long("truncated_normal(0, 1, -2, 2)",
           [](auto& rng, auto to) { rng.truncated_normal(to, 0, 1, -2, 2); });
  add("truncated_normal(1, 2, 1.3, 2)",
      [](auto& rng, auto to) { rng.truncated_normal(to, 1, 2, 1.3, 2); });
  add("truncated_normal(0, 0.1, -9, -0.5)",
      [](auto& rng, auto to) { rng.truncated_normal(to, 0, 0.1, -9, -0.5); });
  add_long("bernoulli(0.3)", [](auto& rng, auto to) { rng.bernoulli(to, 0.3); });
}

inline std::string bits_table() {
  std::string table;
  add_scalar<float>(table);
  add_scalar<double>(table);
  add_scalar<Eigen::half>(table);
  add_scalar<Eigen::bfloat16>(table);
  for (const Place place : {Place{1, 5}, Place{10, 0}, Place{20011, 3}}) {
    parton::random::Generator rng(7, 9);
    rng.seek(place.position);
    const auto order = rng.permutation(static_cast<parton::Index>(place.size));
    add_line(table, "permutation", place, std::vector<std::int64_t>(order.begin(), order.end()));
  }
  for (const char* path : {"weight", "0.1.0.bias"}) {
    auto rng = parton::random::Generator::for_path(7, path, 1);
    std::vector<std::uint64_t> words(1000);
    for (std::uint64_t& word : words) word = rng.bits();
    add_line(table, "bits of the path " + std::string(path), {words.size(), 0}, words);
  }
  return table;
}

}  // namespace parton_test
