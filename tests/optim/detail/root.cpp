// SPDX-License-Identifier: MIT
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <parton/optim/detail/root.hpp>
#include <parton/random/generator.hpp>
#include <parton_test/catch.hpp>

namespace {

/// Against std::sqrt, which is rounded correctly wherever floats are those of IEEE 754.
template <class Packet, class Bits>
void check_roots() {
  using namespace Eigen::internal;
  using T = typename unpacket_traits<Packet>::type;
  using Limits = std::numeric_limits<T>;
  constexpr int size = unpacket_traits<Packet>::size;
  parton::random::Generator rng(1);
  for (int round = 0; round < 200; ++round) {
    T x[size], y[size];
    for (T& element : x) element = std::bit_cast<T>(static_cast<Bits>(rng.below(~Bits{0}) >> 1));
    if (round == 0) x[0] = 0, x[size - 1] = Limits::infinity();
    if (round == 1) x[0] = Limits::denorm_min(), x[size - 1] = Limits::max();
    pstoreu(y, parton::optim::detail::packet_root(ploadu<Packet>(x)));
    for (int i = 0; i < size; ++i) {
      if (std::isnan(x[i])) {
        CHECK(std::isnan(y[i]));
      } else if (std::bit_cast<Bits>(y[i]) != std::bit_cast<Bits>(std::sqrt(x[i]))) {
        CAPTURE(x[i], y[i], std::sqrt(x[i]));
        FAIL("not the nearest");
      }
    }
  }
}

}  // namespace

TEST_CASE("roots of packets are rounded correctly, of zero, denormals and infinity too") {
  using namespace Eigen::internal;
  check_roots<packet_traits<float>::type, std::uint32_t>();
  check_roots<packet_traits<double>::type, std::uint64_t>();
  check_roots<packet_traits<float>::half, std::uint32_t>();
  check_roots<packet_traits<double>::half, std::uint64_t>();
  check_roots<float, std::uint32_t>();
  check_roots<double, std::uint64_t>();
}
