// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <parton/autograd/trace.hpp>
#include <parton/detail/name_view.hpp>
#include <parton/nn/hooks.hpp>
#include <parton/nn/tree.hpp>
#include <parton/parameter/dict.hpp>

namespace parton::nn {

namespace detail {

using namespace parton::detail;

/// Sees every call of a block in this thread while it lives; what summary() is built on.
template <class Scalar>
class CallObserver {
 public:
  CallObserver() : before_(std::exchange(current(), this)) {}
  CallObserver(const CallObserver&) = delete;
  CallObserver& operator=(const CallObserver&) = delete;
  virtual ~CallObserver() { current() = before_; }
  virtual void called(const Block<Scalar>& block, const Tensor<Scalar>& output) = 0;

  static CallObserver*& current() {
    thread_local CallObserver* observer = nullptr;
    return observer;
  }

 private:
  CallObserver* before_;
};

template <class T>
inline constexpr bool is_shared_pointer = false;
template <class T>
inline constexpr bool is_shared_pointer<std::shared_ptr<T>> = true;

template <class T>
concept AnyBlock = std::derived_from<T, BlockBase>;

/// How an own block is made anew for a clone: from the original, if it has such a constructor, else
/// by default; what it registers on the way is replaced by the copies.
template <class Layer>
std::shared_ptr<BlockBase> make_own(const BlockBase& original) {
  if (typeid(original) != typeid(Layer)) return nullptr;
  if constexpr (std::is_copy_constructible_v<Layer>)
    return std::make_shared<Layer>(static_cast<const Layer&>(original));
  else if constexpr (std::is_default_constructible_v<Layer>)
    return std::make_shared<Layer>();
  else
    return nullptr;
}

/// Remembers how to make another block of this class, which is known here for the last time.
template <class Layer>
std::shared_ptr<Layer> learn_to_make(std::shared_ptr<Layer> layer) {
  if (const BlockBase* given = layer.get(); given != nullptr && typeid(*given) == typeid(Layer))
    layer->node().set_maker(&make_own<Layer>);
  return layer;
}

template <class Scalar>
class CloneOf;

/// Takes a layer as a user hands it over: an rvalue or a clone is moved in, a shared_ptr is shared.
template <class Scalar, class T>
auto hold(T&& layer) {
  using Plain = std::remove_cvref_t<T>;
  if constexpr (is_shared_pointer<Plain>) {
    using Layer = typename Plain::element_type;
    static_assert(
        AnyBlock<Layer>,
        "a net holds layers: a std::shared_ptr to something that is not a Block was added");
    static_assert(std::derived_from<Layer, Block<Scalar>>,
                  "mixing scalars: all layers of one net have the same Scalar, such as "
                  "nn::Dense<double> in nn::Sequential<double>");
    return learn_to_make(std::shared_ptr<Layer>(std::forward<T>(layer)));
  } else if constexpr (std::same_as<Plain, CloneOf<Scalar>>) {
    return std::shared_ptr<Block<Scalar>>(std::forward<T>(layer));
  } else {
    static_assert(AnyBlock<Plain>,
                  "a net holds layers: something that is not a Block was added; wrap a function in "
                  "nn::Lambda");
    static_assert(!std::is_lvalue_reference_v<T>,
                  "an lvalue layer was added, and a layer is not copied: move it, clone it or "
                  "share it, that is add "
                  "std::move(layer), layer.clone(), or a std::shared_ptr to it");
    static_assert(!std::is_const_v<std::remove_reference_t<T>>,
                  "a const layer was added: it cannot be moved in; clone it or share it");
    static_assert(std::derived_from<Plain, Block<Scalar>>,
                  "mixing scalars: all layers of one net have the same Scalar, such as "
                  "nn::Dense<double> in nn::Sequential<double>");
    if constexpr (std::derived_from<Plain, Block<Scalar>> && !std::is_lvalue_reference_v<T>)
      return learn_to_make(make_pooled<Plain>(std::forward<T>(layer)));
    else
      return std::shared_ptr<Plain>();
  }
}

}  // namespace detail

/// The base of every layer, net and own block: it owns named parameters and children, and computes.
///
/// An own block overrides forward() and registers what it owns with add_child(), add_parameter()
/// and add_constant(), best as member initializers: `nn::Dense<>& dense = add_child("dense",
/// nn::Dense(20));`. What is registered lives on the heap, is collected, initialized, trained,
/// saved, cloned and printed, and keeps its address when the block is moved. Blocks are movable,
/// not copyable. A const block may run forward in many threads at once.
template <class Scalar>
class Block : public parton::detail::BlockBase {
 public:
  using scalar_type = Scalar;

  /// The block's function; call the block itself, `net(x)`, so that hooks run.
  virtual Tensor<Scalar> forward(const Tensor<Scalar>& input) const = 0;

  /// Runs the pre-hooks, forward(), and the hooks. Takes Eigen matrices, arrays and tensors too.
  ///
  /// If any of them throws, the parameters whose shapes this call told are as they were before, and
  /// an Error says at which block it was thrown.
  Tensor<Scalar> operator()(const Tensor<Scalar>& input) const;

  // Names.

  /// The block's name in the outermost tree: `dense0`; it depends on that tree alone.
  [[nodiscard]] std::string name() const { return node().block_name(); }
  /// Where it stands in the outermost tree, `0.1`; empty for the outermost block.
  [[nodiscard]] std::string path() const { return node().path(); }

  // Parameters.

  /// This block's own parameters, without those of its children.
  [[nodiscard]] ParameterDict<Scalar> params() const { return list(true, {}); }

  /// The parameters of this block and all below it, each once; those that `filter` selects: a
  /// pattern on the full name (`".*weight"`) or a predicate. \throws PatternError, NameError
  [[nodiscard]] ParameterDict<Scalar> collect_params(const Filter<Scalar>& filter = {}) const {
    return list(false, filter);
  }

  /// The same with structural paths from this block on: `"0.weight"`, `"0.1.0.bias"`.
  [[nodiscard]] std::vector<NamedParameter<Scalar>> named_parameters() const;

  /// Calls `visit(path, parameter)` for the same, in the same order, and keeps nothing: for trees
  /// of many thousands. The path, a std::string_view, is good until visit returns, which must not
  /// change the tree.
  template <std::invocable<std::string_view, Parameter<Scalar>&> Visit>
  void visit_parameters(Visit&& visit) const {
    node().visit_parameters([&](std::string_view path, const auto& parameter) {
      visit(path, static_cast<Parameter<Scalar>&>(*parameter));
    });
  }

  /// The own parameter of this key. \throws KeyError with the nearest keys if there is none.
  [[nodiscard]] Parameter<Scalar>& parameter(parton::detail::NameView key) {
    return find_parameter(key);
  }
  [[nodiscard]] const Parameter<Scalar>& parameter(parton::detail::NameView key) const {
    return find_parameter(key);
  }
  [[nodiscard]] Parameter<Scalar>& weight() { return find_parameter("weight"); }
  [[nodiscard]] const Parameter<Scalar>& weight() const { return find_parameter("weight"); }
  [[nodiscard]] Parameter<Scalar>& bias() { return find_parameter("bias"); }
  [[nodiscard]] const Parameter<Scalar>& bias() const { return find_parameter("bias"); }

  /// Fills all parameters; those with an initializer of their own keep to it (see
  /// InitializeOptions). Without a rule: Uniform(0.07). All or nothing. \throws InitializerError
  template <int = 0>  // so that {.seed = s} is taken for options by clang 14 too
  void initialize(init::AnyInitializer<Scalar> rule, const InitializeOptions& options = {}) {
    fill(std::move(rule), options);
  }
  void initialize(const InitializeOptions& options = {}) {
    initialize(init::AnyInitializer<Scalar>(), options);
  }

  // Children.

  [[nodiscard]] std::size_t child_count() const { return node().children().size(); }
  /// The child at a position; -1 is the last. \throws IndexError
  [[nodiscard]] Block& operator[](Index index) { return *child_at(index); }
  [[nodiscard]] const Block& operator[](Index index) const { return *child_at(index); }
  /// The child of a key, or of a path of keys: `"0.1"`. \throws KeyError
  [[nodiscard]] Block& child(parton::detail::NameView path) { return *child_of(path); }
  [[nodiscard]] const Block& child(parton::detail::NameView path) const { return *child_of(path); }
  // A literal 0 would be taken for a null string: operator[] takes positions.
  Block& child(std::nullptr_t) const = delete;
  Parameter<Scalar>& parameter(std::nullptr_t) const = delete;

  /// The child as what it is: `net.at<nn::Dense>(0)`, `net.at<FancyMLP>(1)`. \throws TypeError
  /// naming both.
  template <template <class...> class Layer>
  [[nodiscard]] Layer<Scalar>& at(Index index) {
    return checked_cast<Layer<Scalar>>(child_at(index));
  }
  template <template <class...> class Layer>
  [[nodiscard]] const Layer<Scalar>& at(Index index) const {
    return checked_cast<Layer<Scalar>>(child_at(index));
  }
  template <class Layer>
  [[nodiscard]] Layer& at(Index index) {
    return checked_cast<Layer>(child_at(index));
  }
  template <class Layer>
  [[nodiscard]] const Layer& at(Index index) const {
    return checked_cast<Layer>(child_at(index));
  }

  /// Calls `function` on every block, children before their parent; a block that stands in two
  /// places is visited twice.
  template <std::invocable<Block&> Function>
  Block& apply(Function&& function) {
    if constexpr (requires { function == nullptr; })
      if (function == nullptr) throw errors::empty_function("apply");
    const auto children = node().children();  // a copy: the function may add layers
    for (const auto& child : children) static_cast<Block&>(*child.block).apply(function);
    function(*this);
    return *this;
  }

  // Hooks.

  using PreHook = std::function<void(const Block&, const Tensor<Scalar>& input)>;
  using Hook =
      std::function<void(const Block&, const Tensor<Scalar>& input, const Tensor<Scalar>& output)>;

  /// Calls `hook` before, or after, each forward of this block.
  HookHandle register_forward_pre_hook(PreHook hook) {
    return add_hook(&Hooks::before, std::move(hook));
  }
  HookHandle register_forward_hook(Hook hook) { return add_hook(&Hooks::after, std::move(hook)); }

  // Copies; defined in nn/clone.hpp and nn/cast.hpp.

  /// A deep copy, for a variable of the block's own class: `FancyMLP copy = net.clone();`. Values,
  /// states and ties are copied, hooks are not. The class needs a default constructor, or one that
  /// takes a `const FancyMLP&` and registers the same children and parameters; nothing is copied by
  /// it but options. \throws CloneError naming the block that has neither.
  [[nodiscard]] detail::CloneOf<Scalar> clone() const;
  /// The same net in another scalar. \throws CloneError naming a block written for one scalar only.
  template <class To>
  [[nodiscard]] std::shared_ptr<Block<To>> cast() const;

  // Printing.

  /// The form that a structure print shows, without the children: `Dense(20 -> 10, linear)`.
  [[nodiscard]] virtual std::string describe() const { return std::string(); }

  /// The structure: one line a child, nested ones indented.
  friend std::ostream& operator<<(std::ostream& os, const Block& block) {
    return os << block.structure(0);
  }

 protected:
  Block() = default;
  Block(Block&&) noexcept = default;
  Block& operator=(Block&&) = default;

  /// Registers a layer under a key, which becomes part of its path, and returns it: an rvalue is
  /// moved in, a std::shared_ptr is shared. \throws NameError
  template <class T>
  decltype(auto) add_child(parton::detail::NameView key, T&& layer) {
    auto held = detail::hold<Scalar>(std::forward<T>(layer));
    using Layer = typename decltype(held)::element_type;
    if (auto copy = copy_for(key))
      if (!(held = std::dynamic_pointer_cast<Layer>(std::move(copy))))
        throw errors::clone_registers_more(key, class_name());
    Layer* const result = held.get();
    this->node().add_child(std::string(key), std::move(held));
    return (*result);
  }

  /// Declares a parameter. \throws NameError
  Parameter<Scalar>& add_parameter(parton::detail::NameView key, ParameterOptions<Scalar> options);

  /// The same, sharing the parameter of this key from `shared` if there is one there.
  /// \throws TieError if both declarations contradict each other.
  Parameter<Scalar>& add_parameter(parton::detail::NameView key, ParameterOptions<Scalar> options,
                                   const ParameterDict<Scalar>& shared);

  /// Says that `shared` was meant to tie something. \throws TieError if none of its keys was
  /// declared here.
  void require_tie(const ParameterDict<Scalar>& shared) const;

  /// Registers values that are used and saved but not trained. \throws NameError
  Parameter<Scalar>& add_constant(parton::detail::NameView key, const Tensor<Scalar>& value);

  /// Gives the block a name of its own in place of the automatic one; empty for none. \throws
  /// NameError
  void set_name(const std::string& name) { this->node().set_given_name(name); }

  /// The parameter that was registered as number `position`: faster than by key.
  [[nodiscard]] Parameter<Scalar>& own_parameter(std::size_t position) const {
    return static_cast<Parameter<Scalar>&>(*this->node().parameters()[position]);
  }

  /// Puts another layer in a child's place. \throws KeyError, NameError
  void replace_child(parton::detail::NameView key, std::shared_ptr<Block> layer) {
    this->node().replace_child(key, std::move(layer));
  }

 private:
  /// The copy to register as this child while a clone is being constructed; null at other times.
  [[nodiscard]] std::shared_ptr<BlockBase> copy_for(std::string_view key) const;

  template <class Make>
  Parameter<Scalar>& enter(std::string_view key, Make make) {
    auto& node = this->node();
    std::shared_ptr<Parameter<Scalar>> parameter;
    if (const auto origin = node.clone_of(); origin.original != nullptr) {
      for (const auto& original : origin.original->parameters())
        if (original->key() == key)
          parameter =
              std::static_pointer_cast<Parameter<Scalar>>(origin.session->parameter(original));
      if (!parameter) throw errors::clone_registers_more(key, class_name());
    } else {
      parameter = make();
    }
    node.add_parameter(parameter);
    return *parameter;
  }

  [[nodiscard]] ParameterDict<Scalar> list(bool own_only, const Filter<Scalar>& filter) const;

  void fill(init::AnyInitializer<Scalar> rule, const InitializeOptions& options);

  [[nodiscard]] Parameter<Scalar>& find_parameter(std::string_view key) const;

  [[nodiscard]] Block* child_at(Index index) const;

  [[nodiscard]] Block* child_of(std::string_view path) const;

  template <class Layer>
  static Layer& checked_cast(Block* block) {
    static_assert(std::derived_from<Layer, Block>,
                  "at<Layer>(index): Layer must be a Block of the net's Scalar");
    if (auto* layer = dynamic_cast<Layer*>(block)) return *layer;
    throw errors::wrong_layer_type(block->path(), block->class_name(),
                                   parton::detail::class_name(typeid(Layer)));
  }

  struct Hooks {
    std::shared_ptr<detail::HookList<PreHook>> before;
    std::shared_ptr<detail::HookList<Hook>> after;
  };

  template <class Function>
  HookHandle add_hook(std::shared_ptr<detail::HookList<Function>> Hooks::*which, Function hook) {
    if (!hook) throw errors::empty_function("forward hook");
    if (!hooks_) hooks_ = std::make_unique<Hooks>();
    auto& list = hooks_.get()->*which;
    if (!list) list = std::make_shared<detail::HookList<Function>>();
    const auto id = list->add(std::move(hook));
    return HookHandle(list, id);
  }

  [[nodiscard]] std::string structure(std::size_t indent) const;

  std::unique_ptr<Hooks> hooks_;
  std::size_t ties_made_ = 0;
};

}  // namespace parton::nn

#include <parton/nn/detail/block_impl.hpp>
