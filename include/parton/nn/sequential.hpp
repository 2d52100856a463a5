// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <parton/nn/layer.hpp>

namespace parton::nn {

namespace detail {

template <class T>
struct LayerScalarOf {
  using type = float;
};
template <AnyBlock T>
struct LayerScalarOf<T> {
  using type = typename T::scalar_type;
};
template <class T>
struct LayerScalarOf<std::shared_ptr<T>> : LayerScalarOf<T> {};

/// The scalar of a layer, or of the layer that a shared_ptr points to.
template <class T>
using LayerScalar = typename LayerScalarOf<std::remove_cvref_t<T>>::type;

template <class T>
inline constexpr bool is_layer_argument =
    AnyBlock<std::remove_cvref_t<T>> || is_shared_pointer<std::remove_cvref_t<T>>;

/// Walks the children of a block as blocks, by position: layers may be added while it walks, and a
/// loop visits those that were there when it started.
template <class BlockType>
class ChildIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = BlockType;
  using difference_type = std::ptrdiff_t;
  using pointer = BlockType*;
  using reference = BlockType&;

  ChildIterator() = default;
  ChildIterator(BlockType& net, std::size_t position) : net_(&net), position_(position) {}
  /// \throws IndexError past the end.
  reference operator*() const { return (*net_)[static_cast<Index>(position_)]; }
  pointer operator->() const { return &**this; }
  ChildIterator& operator++() {
    ++position_;
    return *this;
  }
  ChildIterator operator++(int) { return ChildIterator(*net_, position_++); }
  friend bool operator==(const ChildIterator& a, const ChildIterator& b) {
    return a.net_ == b.net_ && a.position_ == b.position_;
  }

 private:
  BlockType* net_ = nullptr;
  std::size_t position_ = 0;
};

}  // namespace detail

/// A chain of layers: each one's output is the next one's input.
///
/// Layers are moved in, or shared through a std::shared_ptr by a caller who keeps hold of them.
/// They are registered under their positions, `0`, `1`, ..., or under a given key. Note that
/// `nn::Sequential outer{inner()}` with one Sequential is a move, not a nesting; nesting is
/// `outer.add(inner())`.
template <class Scalar>
class Sequential : public Layer<Sequential, Scalar> {
 public:
  Sequential() = default;

  /// The same as add(layers...). \throws NameError
  template <class First, class... Rest>
  requires(detail::is_layer_argument<First> &&
           !(sizeof...(Rest) == 0 &&
             std::derived_from<std::remove_cvref_t<First>, Sequential>)) explicit(sizeof...(Rest) ==
                                                                                  0)
      Sequential(First&& first, Rest&&... rest) {
    add(std::forward<First>(first), std::forward<Rest>(rest)...);
  }

  /// Appends layers, in order, all or none. \throws NameError if a given name is taken.
  template <class... Layers>
  requires(sizeof...(Layers) > 0 && !(std::convertible_to<Layers, std::string_view> ||
                                      ...)) Sequential& add(Layers&&... layers) {
    const std::size_t before = size();
    try {
      (static_cast<void>(this->add_child(next_key(), std::forward<Layers>(layers))), ...);
    } catch (...) {
      this->node().drop_children_from(before);
      throw;
    }
    return *this;
  }

  /// Appends a layer under a key, which stands in paths in place of its position: `hidden.weight`.
  template <class OneLayer>
  Sequential& add(parton::detail::NameView key, OneLayer&& layer) {
    static_cast<void>(this->add_child(key, std::forward<OneLayer>(layer)));
    return *this;
  }

  /// Puts another layer in the place of the one at a position. \throws IndexError, NameError
  template <class OneLayer>
  Sequential& replace(Index index, OneLayer&& layer) {
    static_cast<void>((*this)[index]);  // checks the position
    const std::size_t position =
        static_cast<std::size_t>(index < 0 ? index + static_cast<Index>(size()) : index);
    const std::string key = this->node().children()[position].key;
    this->replace_child(key, detail::hold<Scalar>(std::forward<OneLayer>(layer)));
    return *this;
  }

  Tensor<Scalar> forward(const Tensor<Scalar>& input) const override;

  [[nodiscard]] std::size_t size() const { return this->node().children().size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }

  /// The layers [begin, end) as a net of its own that shares them; negative positions count from
  /// the end. \throws IndexError
  [[nodiscard]] Sequential slice(Index begin, Index end) const;
  [[nodiscard]] Sequential slice(Index begin) const {
    return slice(begin, static_cast<Index>(size()));
  }

  using iterator = detail::ChildIterator<Block<Scalar>>;
  using const_iterator = detail::ChildIterator<const Block<Scalar>>;
  [[nodiscard]] iterator begin() { return {*this, 0}; }
  [[nodiscard]] iterator end() { return {*this, size()}; }
  [[nodiscard]] const_iterator begin() const { return {*this, 0}; }
  [[nodiscard]] const_iterator end() const { return {*this, size()}; }

  [[nodiscard]] std::string class_name() const override;
  [[nodiscard]] const std::string* kept_kind() const override;
  [[nodiscard]] bool is_container() const noexcept override { return true; }

  template <class To>
  [[nodiscard]] Sequential<To> like() const {
    return Sequential<To>();
  }

 private:
  [[nodiscard]] std::string next_key() const { return std::to_string(size()); }
};

template <class Scalar>
Tensor<Scalar> Sequential<Scalar>::forward(const Tensor<Scalar>& input) const {
  Tensor<Scalar> x = input;
  for (const Block<Scalar>& layer : *this) x = layer(x);
  return x;
}

template <class Scalar>
Sequential<Scalar> Sequential<Scalar>::slice(Index begin, Index end) const {
  const auto n = static_cast<Index>(size());
  const Index first = begin < 0 ? begin + n : begin, last = end < 0 ? end + n : end;
  if (first < 0 || last < first || last > n)
    throw errors::layer_slice_out_of_range(begin, end, size());
  Sequential result;
  for (Index i = first; i < last; ++i)
    result.node().add_child(result.next_key(),
                            this->node().children()[static_cast<std::size_t>(i)].block);
  return result;
}

template <class Scalar>
std::string Sequential<Scalar>::class_name() const {
  const Block<Scalar>& block = *this;
  return typeid(block) == typeid(Sequential) ? "Sequential"
                                             : parton::detail::class_name(typeid(block));
}

template <class Scalar>
const std::string* Sequential<Scalar>::kept_kind() const {
  static const std::string kind = "sequential";
  const Block<Scalar>& block = *this;
  return typeid(block) == typeid(Sequential) ? &kind : nullptr;
}

template <class First, class... Rest>
requires(detail::is_layer_argument<First> &&
         !(sizeof...(Rest) == 0 && detail::AnyBlock<std::remove_cvref_t<First>> &&
           std::derived_from<std::remove_cvref_t<First>, Sequential<detail::LayerScalar<First>>>))
    Sequential(First&&, Rest&&...)
->Sequential<detail::LayerScalar<First>>;

}  // namespace parton::nn
