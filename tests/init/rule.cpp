// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <cstring>
#include <parton/init/he.hpp>
#include <parton/init/normal.hpp>
#include <parton/init/orthogonal.hpp>
#include <parton/init/sparse.hpp>
#include <parton/init/uniform.hpp>
#include <parton/init/xavier.hpp>
#include <vector>

using namespace parton;
using parton_test::sample;

namespace {

/// FNV-1a of the values' bytes.
template <class Scalar>
std::uint64_t hash_of(const init::AnyInitializer<float>& initializer) {
  const Tensor<Scalar> values = sample(initializer.cast<Scalar>(), {37, 21});
  std::vector<unsigned char> bytes(static_cast<std::size_t>(values.size()) * sizeof(Scalar));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

struct Expected {
  init::AnyInitializer<float> initializer;
  std::uint64_t float32, float64, float16;
};

}  // namespace

// Rule 5 of API.md: values depend on the seed and the path alone, not on compiler or platform. The
// hashes were recorded once, with g++ 12 at -O0 on x86-64; every compiler, optimization level and
// instruction set must give the same.
TEST_CASE("initial values have the same bits everywhere") {
  const Expected table[] = {
      // clang-format off
      {init::Uniform(), 0x69f5725d19d2393cU, 0xa3317989898e4f45U, 0x8e9179f4eebe8042U},
      {init::Normal(), 0x39f1da13d007c1cfU, 0xb798805f2319ab7aU, 0x11da8d8b1ce291abU},
      {init::TruncatedNormal(), 0xe3dca4e39e9db46bU, 0x553ae7d42f74ef76U, 0x7964a61c057b2069U},
      {init::VarianceScaling(), 0xcbdf315f4ef40a44U, 0xd05228236f71bbb4U, 0xfac6b8b4adab3cc9U},
      {init::Xavier(), 0x4c2769c67c7a92e5U, 0xef9a2afdd9f37a3U, 0x621bf74f85d9addcU},
      {init::Xavier({.rnd_type = init::gaussian}), 0xa780d7600a373066U, 0x454606ff7613822dU, 0xe4ced38bc8b7d9a7U},
      {init::He({.slope = 0.1}), 0x309aa34cac45686aU, 0x885bf937720b9e83U, 0xc8c9a482557ecd87U},
      {init::MSRAPrelu(), 0x5ea6bdde5eed6b1cU, 0x2d4c69ece54649dU, 0xe4fc784dcfb15ca5U},
      {init::LeCun(), 0xfc384fddc89de3acU, 0xdc6c8fee82ef850eU, 0x4ad3be1b94b36ec0U},
      {init::Orthogonal(), 0xde8390d54a242a6aU, 0xdf215c0405f9b124U, 0x118c5fc5835237d9U},
      {init::Orthogonal(1, init::gaussian), 0x82268a9db5dea8a8U, 0x410e1803924a677fU, 0x14b91f64815cf457U},
      {init::Sparse(0.3), 0x96ac3b706c827ecU, 0xe0cfff524a9b19e4U, 0x96454c18265d957cU},
      // clang-format on
  };
  for (const Expected& expected : table) {
    INFO(expected.initializer->dump());
    CHECK(hash_of<float>(expected.initializer) == expected.float32);
    CHECK(hash_of<double>(expected.initializer) == expected.float64);
    CHECK(hash_of<Eigen::half>(expected.initializer) == expected.float16);
  }
}

TEST_CASE("a rule fills a tensor of any scalar through a target that tells its shape and range") {
  Tensor<Eigen::half> data = Tensor<Eigen::half>::zeros({2, 2});
  init::detail::TargetOf<Eigen::half> target(data);
  CHECK(target.shape() == Shape{2, 2});
  CHECK(target.size() == 4);
  CHECK(target.dtype() == "float16");
  CHECK(target.highest() == 65504);  // IEEE 754 binary16: (2 - 2^-10) 2^15
  CHECK(target.kind() == init::detail::Kind::float16);
  target.set(2, 3);
  target.assign(*init::detail::given(Tensor<double>{1, 2}));
  CHECK(data ==
        Tensor<Eigen::half>{{Eigen::half(1), Eigen::half(2)}, {Eigen::half(1), Eigen::half(2)}});
}
