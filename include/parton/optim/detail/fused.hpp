// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include <Eigen/Core>

#include <parton/optim/detail/root.hpp>
#include <parton/optim/optimizer.hpp>
#include <parton/threads.hpp>

/// \file One pass over memory for a whole update: each element of the values, the gradient and the
/// states is read once and written once, in Eigen's packets, whatever the compiler vectorises.

namespace parton::optim::detail {

/// As many elements as the machine computes with at once.
template <class T>
class Lanes {
  using Packet = typename Eigen::internal::packet_traits<T>::type;

 public:
  static constexpr Index size = Eigen::internal::unpacket_traits<Packet>::size;

  Lanes(T all) : packet_(Eigen::internal::pset1<Packet>(all)) {}  // NOLINT: implicit on purpose
  [[nodiscard]] static Lanes load(const T* from) {
    return Raw{Eigen::internal::ploadu<Packet>(from)};
  }
  void store(T* to) const { Eigen::internal::pstoreu(to, packet_); }

  friend Lanes operator+(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::padd(a.packet_, b.packet_)};
  }
  friend Lanes operator-(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::psub(a.packet_, b.packet_)};
  }
  friend Lanes operator*(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::pmul(a.packet_, b.packet_)};
  }
  friend Lanes operator/(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::pdiv(a.packet_, b.packet_)};
  }
  /// a * b + c
  friend Lanes madd(const Lanes& a, const Lanes& b, const Lanes& c) {
    return Raw{Eigen::internal::pmadd(a.packet_, b.packet_, c.packet_)};
  }
  // The first argument may be NaN and then is the result.
  friend Lanes larger(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::pmax(a.packet_, b.packet_)};
  }
  friend Lanes smaller(const Lanes& a, const Lanes& b) {
    return Raw{Eigen::internal::pmin(a.packet_, b.packet_)};
  }
  friend Lanes root(const Lanes& a) { return Raw{packet_root(a.packet_)}; }

 private:
  struct Raw {
    Packet packet;
  };
  Lanes(Raw raw) : packet_(raw.packet) {}  // NOLINT: implicit on purpose

  Packet packet_;
};

/// What an update reads and writes, side by side.
template <class T, std::size_t States>
struct Streams {
  T* data;
  const T* gradient;
  std::array<T*, States> state;
};

/// Rescaling, clipping and weight decay: the part that all optimizers share.
template <class T>
struct Preparation {
  Lanes<T> rescale, lowest, highest, decay;

  template <class Scalar>
  Preparation(const Update<Scalar>& u, double weight_decay)
      : Preparation(u, weight_decay,
                    u.clip_gradient > 0 ? static_cast<T>(u.clip_gradient)
                                        : std::numeric_limits<T>::infinity()) {}

  Lanes<T> operator()(const Lanes<T>& w, const Lanes<T>& g) const {
    return madd(w, decay, smaller(larger(g * rescale, lowest), highest));
  }

 private:
  template <class Scalar>
  Preparation(const Update<Scalar>& u, double weight_decay, T limit)
      : rescale(static_cast<T>(u.rescale)),
        lowest(-limit),
        highest(limit),
        decay(static_cast<T>(weight_decay)) {}
};

/// rule(w, g, s) for each packet of elements: `w` are the values, `g` the prepared gradient, `s`
/// the states; it changes w and s. Both functions come by value: what is written could otherwise be
/// their constants, which would be read again for each packet.
template <class T, std::size_t States, class Rule>
void run_packets(const Streams<T, States>& streams, Index n, const Preparation<T> prepare,
                 const Rule rule) {
  constexpr Index size = Lanes<T>::size;
  const auto one = [&](T* data, const T* gradient, const std::array<T*, States>& state, Index i) {
    Lanes<T> w = Lanes<T>::load(data + i);
    std::array<Lanes<T>, States> s = [&]<std::size_t... K>(std::index_sequence<K...>) {
      return std::array<Lanes<T>, States>{Lanes<T>::load(state[K] + i)...};
    }
    (std::make_index_sequence<States>());
    rule(w, prepare(w, Lanes<T>::load(gradient + i)), s);
    w.store(data + i);
    for (std::size_t k = 0; k < States; ++k) s[k].store(state[k] + i);
  };
  const auto [data, gradient, state] = streams;
  Index i = 0;
  for (; i + size <= n; i += size) one(data, gradient, state, i);
  if (i == n) return;
  // The rest goes through the same packets, so that an element's bits do not depend on its place.
  T w[size] = {}, g[size] = {}, rest[States + 1][size] = {};
  std::array<T*, States> s{};
  const auto left = n - i;
  std::copy_n(data + i, left, w);
  std::copy_n(gradient + i, left, g);
  for (std::size_t k = 0; k < States; ++k) {
    s[k] = rest[k];
    std::copy_n(state[k] + i, left, s[k]);
  }
  one(w, g, s, 0);
  std::copy_n(w, left, data + i);
  for (std::size_t k = 0; k < States; ++k) std::copy_n(s[k], left, state[k] + i);
}

/// Updates one parameter by `rule(w, g, s)`, in one pass. Half and bfloat16 are computed in float,
/// in blocks that stay in the cache; their states are float.
template <std::size_t States, class Scalar, class Rule>
void update_elements(const Update<Scalar>& u, double weight_decay, const Rule& rule) {
  using T = parton::detail::Wide<Scalar>;
  const Preparation<T> prepare(u, weight_decay);
  Scalar* const data = parton::detail::data_for_write(u.data);
  const Scalar* const gradient = u.gradient.data();
  std::array<T*, States> state{};
  for (std::size_t k = 0; k < States; ++k) state[k] = parton::detail::fresh_data(u.state[k]);
  const auto shifted = [&state](Index by) {
    std::array<T*, States> result = state;
    for (T*& one : result) one += by;
    return result;
  };
  const auto run = [&](std::uint64_t from, std::uint64_t to) {
    const auto begin = static_cast<Index>(from), end = static_cast<Index>(to);
    if constexpr (std::same_as<T, Scalar>) {
      run_packets<T, States>({data + begin, gradient + begin, shifted(begin)}, end - begin, prepare,
                             rule);
    } else {
      constexpr Index block = 512;
      alignas(64) T w[block], g[block];
      using Narrow = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
      using WideRun = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>;
      for (Index i = begin; i < end; i += block) {
        const Index n = std::min(block, end - i);
        WideRun(w, n) = Eigen::Map<const Narrow>(data + i, n).template cast<T>();
        WideRun(g, n) = Eigen::Map<const Narrow>(gradient + i, n).template cast<T>();
        run_packets<T, States>({w, g, shifted(i)}, n, prepare, rule);
        Eigen::Map<Narrow>(data + i, n) = WideRun(w, n).template cast<Scalar>();
      }
    }
  };
  constexpr std::uint64_t grain = 1 << 18;
  parton::detail::parallel_for(static_cast<std::uint64_t>(u.data.size()), grain, 512, run);
}

}  // namespace parton::optim::detail
