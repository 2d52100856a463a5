// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>

#include <parton/nn/activation.hpp>
#include <parton/nn/batch_norm.hpp>
#include <parton/nn/clone.hpp>
#include <parton/nn/conv.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/dropout.hpp>
#include <parton/nn/embedding.hpp>
#include <parton/nn/flatten.hpp>
#include <parton/nn/lambda.hpp>
#include <parton/nn/layer_norm.hpp>
#include <parton/nn/pooling.hpp>
#include <parton/nn/prelu.hpp>
#include <parton/nn/sequential.hpp>

/// \file Nets in another scalar. A layer's class in the other scalar has to be instantiated
/// somewhere, and only for those who cast: so this header, alone beside the umbrella, lists the
/// layers.

namespace parton::nn {

namespace detail {

template <template <class> class... Layers>
struct LayerList {};

using LibraryLayers =
    LayerList<Sequential, Dense, Activation, LeakyReLU, PReLU, Dropout, Flatten, Lambda, Embedding,
              LayerNorm, BatchNorm, Conv1D, Conv2D, MaxPool1D, MaxPool2D, AvgPool1D, AvgPool2D,
              GlobalMaxPool1D, GlobalMaxPool2D, GlobalAvgPool1D, GlobalAvgPool2D>;

/// How own blocks of one scalar are made in another, as register_cast() said.
template <class From, class To>
class OwnCasts {
 public:
  using Make = std::shared_ptr<Block<To>> (*)(const Block<From>&);

  static void add(const std::type_info& type, Make make) {
    const std::lock_guard lock(mutex());
    table()[type] = make;
  }
  static Make find(const std::type_info& type) {
    const std::lock_guard lock(mutex());
    const auto at = table().find(type);
    return at == table().end() ? nullptr : at->second;
  }

 private:
  static std::unordered_map<std::type_index, Make>& table() {
    static std::unordered_map<std::type_index, Make> entries;
    return entries;
  }
  static std::mutex& mutex() {
    static std::mutex guard;
    return guard;
  }
};

template <class From, class To>
class CastingCloner final : public Cloner<From, To> {
 protected:
  std::shared_ptr<Block<To>> make(const Block<From>& original) override {
    if (auto made = make_library_layer(original, LibraryLayers())) return made;
    if (const auto own = OwnCasts<From, To>::find(typeid(original))) return own(original);
    throw errors::cannot_cast(original.class_name(), original.path(), dtype_name<To>());
  }

 private:
  template <template <class> class... Layers>
  static std::shared_ptr<Block<To>> make_library_layer(const Block<From>& original,
                                                       LayerList<Layers...>) {
    std::shared_ptr<Block<To>> made;
    static_cast<void>(((typeid(original) == typeid(Layers<From>) &&
                        (made = std::make_shared<Layers<To>>(
                             static_cast<const Layers<From>&>(original).template like<To>()),
                         true)) ||
                       ...));
    return made;
  }
};

template <class To, class LayerType>
auto cast_layer(const LayerType& layer) {
  CastingCloner<typename LayerType::scalar_type, To> cloner;
  return cloner.construct(layer, [&] { return layer.template like<To>(); });
}

}  // namespace detail

/// Lets nets that contain the own block `From` be cast to another scalar, in which it is a `To`:
/// `nn::register_cast<Own<float>, Own<double>>();`.
///
/// A `To` is made from a `const From&` if it has such a constructor, else by default; it must
/// register the same children and parameters. Values and ties are copied by the library.
template <class From, class To>
requires(std::derived_from<From, Block<typename From::scalar_type>>&&
             std::derived_from<To, Block<typename To::scalar_type>>) void register_cast() {
  using Original = Block<typename From::scalar_type>;
  using Copy = Block<typename To::scalar_type>;
  static_assert(std::is_constructible_v<To, const From&> || std::is_default_constructible_v<To>,
                "this block cannot be cast: give it a default constructor, or one from itself in "
                "the other scalar");
  detail::OwnCasts<typename From::scalar_type, typename To::scalar_type>::add(
      typeid(From), [](const Original& original) -> std::shared_ptr<Copy> {
        if constexpr (std::is_constructible_v<To, const From&>)
          return std::make_shared<To>(static_cast<const From&>(original));
        else
          return std::make_shared<To>();
      });
}

template <class Scalar>
template <class To>
std::shared_ptr<Block<To>> Block<Scalar>::cast() const {
  detail::CastingCloner<Scalar, To> cloner;
  return std::static_pointer_cast<Block<To>>(cloner.block(*this));
}

}  // namespace parton::nn
