// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>
#include <utility>

#include <parton/nn/block.hpp>

/// \file Deep copies of a tree of blocks. A clone is constructed as its class constructs itself,
/// while every parameter and child that it registers is replaced by the copy of the original's: one
/// copy for each object, so that ties stay ties.

namespace parton::nn {

namespace detail {

/// Copies a tree of one scalar into one of another; `make` constructs an empty block like another
/// one.
template <class From, class To>
class Cloner : public parton::detail::CloneSession {
 public:
  virtual ~Cloner() = default;

  std::shared_ptr<ParameterBase> parameter(const std::shared_ptr<ParameterBase>& original) final {
    auto& copy = parameters_[original.get()];
    if (!copy) copy = static_cast<const Parameter<From>&>(*original).template clone<To>();
    return copy;
  }

  std::shared_ptr<BlockBase> block(const BlockBase& original) final {
    auto& copy = blocks_[&original.node()];
    if (!copy)
      copy = construct(original, [&] { return make(static_cast<const Block<From>&>(original)); });
    return copy;
  }

  /// Constructs a block, by value or on the heap, while the original supplies what it registers.
  template <class Construct>
  auto construct(const BlockBase& original, Construct construct_one) {
    using parton::detail::PendingClone;
    const auto before = std::exchange(PendingClone::current(), {&original.node(), this});
    auto result = [&] {
      try {
        return construct_one();
      } catch (...) {
        PendingClone::current() = before;
        throw;
      }
    }();
    PendingClone::current() = before;
    if constexpr (std::derived_from<decltype(result), BlockBase>) {
      finish(result, original);
    } else {
      if (!result) throw errors::cannot_clone(original.class_name(), original.node().path());
      finish(*result, original);
    }
    return result;
  }

 protected:
  virtual std::shared_ptr<Block<To>> make(const Block<From>& original) = 0;

 private:
  /// Adds what a container was given from outside, and makes sure that nothing is missing.
  void finish(BlockBase& copy, const BlockBase& original) {
    auto& to = copy.node();
    const auto& from = original.node();
    to.end_clone();
    to.set_maker(from.maker());
    if (to.given_name() != from.given_name()) to.set_given_name(from.given_name());
    if (copy.is_container())
      for (const auto& child : from.children())
        if (to.find_child(child.key) == nullptr) to.add_child(child.key, block(*child.block));
    if (to.children().size() != from.children().size() ||
        to.parameters().size() != from.parameters().size())
      throw errors::clone_registers_less(original.class_name());
    if (const auto tied = from.tied_to())
      for (const auto& [node, block] : blocks_)
        if (static_cast<const parton::detail::NameSource*>(node) == tied.get() && block)
          to.set_tied_to(block->shared_node());
  }

  std::unordered_map<const ParameterBase*, std::shared_ptr<ParameterBase>> parameters_;
  std::unordered_map<const parton::detail::TreeNode*, std::shared_ptr<BlockBase>> blocks_;
};

/// The cloner within one scalar: layers of the library make themselves, own blocks as registered.
template <class Scalar>
class SameScalarCloner final : public Cloner<Scalar, Scalar> {
 protected:
  std::shared_ptr<Block<Scalar>> make(const Block<Scalar>& original) override {
    std::shared_ptr<BlockBase> made = original.make_like();
    if (!made)
      if (const auto maker = original.node().maker()) made = maker(original);
    return std::static_pointer_cast<Block<Scalar>>(made);
  }
};

/// What Block::clone() returns: it becomes a copy when a variable of the block's class takes it.
template <class Scalar>
class CloneOf {
 public:
  explicit CloneOf(const Block<Scalar>& original) : original_(original) {}

  // For the temporary only: the original may not live longer.
  template <std::derived_from<Block<Scalar>> Layer>
  operator Layer() && {  // NOLINT: implicit on purpose
    if (typeid(original_) != typeid(Layer))
      throw errors::clone_of_other_class(original_.class_name(),
                                         parton::detail::class_name(typeid(Layer)));
    SameScalarCloner<Scalar> cloner;
    if constexpr (std::is_copy_constructible_v<Layer>) {
      return cloner.construct(original_,
                              [&] { return Layer(static_cast<const Layer&>(original_)); });
    } else {
      static_assert(std::is_default_constructible_v<Layer>,
                    "this block cannot be cloned: give it a default constructor, or one that takes "
                    "a const reference to the "
                    "original and registers the same children and parameters");
      return cloner.construct(original_, [] { return Layer(); });
    }
  }

  /// The copy on the heap; works for every layer of the library and every own block that was added
  /// to a net.
  operator std::shared_ptr<Block<Scalar>>() && {  // NOLINT: implicit on purpose
    SameScalarCloner<Scalar> cloner;
    return std::static_pointer_cast<Block<Scalar>>(cloner.block(original_));
  }

 private:
  const Block<Scalar>& original_;
};

}  // namespace detail

template <class Scalar>
detail::CloneOf<Scalar> Block<Scalar>::clone() const {
  return detail::CloneOf<Scalar>(*this);
}

/// A deep copy of a layer or net of known class. \throws CloneError
template <class Layer>
requires(std::derived_from<Layer, Block<typename Layer::scalar_type>> && !std::is_abstract_v<Layer>)
    [[nodiscard]] Layer clone(const Layer& original) {
  return static_cast<const Block<typename Layer::scalar_type>&>(original).clone();
}

}  // namespace parton::nn
