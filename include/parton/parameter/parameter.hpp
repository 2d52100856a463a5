// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <parton/autograd/variable.hpp>
#include <parton/init/constant.hpp>
#include <parton/init/initializer.hpp>
#include <parton/init/registry.hpp>
#include <parton/parameter/base.hpp>
#include <parton/parameter/detail/fill.hpp>
#include <parton/parameter/options.hpp>
#include <parton/parameter/shape_journal.hpp>
#include <parton/tensor/tensor.hpp>

namespace parton {

/// A named tensor that a net learns, with its gradient.
///
/// Its life: declared (the shape may have -1 in it), then shaped, then initialized. An initialize()
/// before the shape is known is remembered and done when it becomes known. It is one object
/// wherever it is used: blocks that share it hold the same one. It is neither copied nor moved.
template <class Scalar>
class Parameter final : public ParameterBase {
  static_assert(FloatingScalar<Scalar>,
                "a Parameter holds float, double, Eigen::half or Eigen::bfloat16");

 public:
  using scalar_type = Scalar;

  /// \throws NameError for a bad key, ValueError for a bad multiplier.
  Parameter(detail::NameView key, ParameterOptions<Scalar> options)
      : ParameterBase(key, options.shape, options.grad_req, options.lr_mult, options.wd_mult,
                      options.differentiable, false),
        own_(std::move(options.initializer)) {}

  /// The same for a shape alone: `Parameter<> p("weight", {2, 3})`.
  template <std::integral Integer>  // or g++ takes {.shape = {2}} for it
  Parameter(detail::NameView key, std::initializer_list<Integer> shape)
      : Parameter(key, ParameterOptions<Scalar>{.shape = Shape(shape)}) {}
  template <std::same_as<Shape> ShapeOnly>
  Parameter(detail::NameView key, const ShapeOnly& shape)
      : Parameter(key, ParameterOptions<Scalar>{.shape = shape}) {}

  /// A Constant: its value is copied, there from the start, and restored by a forced
  /// initialization. Not from braces, which are a shape or options.
  template <std::convertible_to<Tensor<Scalar>> Value>
  requires(!std::same_as<Value, ParameterOptions<Scalar>>)  //
      Parameter(detail::NameView key, const Value& value)
      : Parameter(ConstantTag(), key, value) {}

 private:
  struct ConstantTag {};
  Parameter(ConstantTag, detail::NameView key, const Tensor<Scalar>& value)
      : ParameterBase(key, value.shape(), GradReq::null, 1, 1, false, true),
        own_(init::Constant<Scalar>(value.copy())),
        last_(own_) {
    become(value.detach().copy(), new_leaf());
    set_filled(FillSource::constant_value);
  }

 public:
  ~Parameter() override {
    detail::ShapeJournal::forget(this);
    disown_leaf();
  }

  [[nodiscard]] std::string_view dtype() const noexcept override { return dtype_name<Scalar>(); }
  [[nodiscard]] bool is_deferred() const noexcept override { return pending_ != nullptr; }
  /// The parameter's own initializer; empty if it takes that of the net.
  [[nodiscard]] const init::AnyInitializer<Scalar>& initializer() const noexcept { return own_; }
  /// The text form of the rule that filled it, or that is waiting to; empty for values that were
  /// set.
  [[nodiscard]] std::string rule_text() const;
  /// What initialize() decided while the shape was unknown; none if nothing is waiting.
  [[nodiscard]] FillSource pending_source() const noexcept {
    return pending_ ? pending_->source : FillSource::none;
  }

  /// Fills the parameter by `rule`, else by its own initializer, else by Uniform(0.07).
  ///
  /// What is initialized already keeps its values and warns, unless force_reinit is set. While the
  /// shape is not known the request waits; a later one replaces it.
  /// \throws InitializerError if the rule does not fit the shape; the values are then as before.
  template <int = 0>  // so that {.seed = s} is taken for options by clang 14 too
  void initialize(init::AnyInitializer<Scalar> rule, const InitializeOptions& options = {}) {
    fill(std::move(rule), options);
  }
  void initialize(const InitializeOptions& options = {}) {
    initialize(init::AnyInitializer<Scalar>(), options);
  }

  /// How often it has been filled since the last random::seed(), which tells what it would be
  /// filled with next.
  [[nodiscard]] std::uint64_t draws() const {
    return draws_since(random::detail::seed_state().epoch);
  }
  /// Goes on from such a number, after random::set_state().
  void set_draws(std::uint64_t draws);

  /// The live values, shared with the parameter: writes through it are seen by everybody.
  /// \throws DeferredInitializationError, UninitializedError
  [[nodiscard]] Tensor<Scalar> data() const {
    if (!is_initialized()) return no_data();
    return data_;
  }

  /// The gradient, of the shape of the data: zero until the first backward.
  /// \throws GradientError if grad_req is null, and the errors of data().
  [[nodiscard]] Tensor<Scalar> grad() const;
  /// True once the gradient has taken memory: after grad() or the first backward.
  [[nodiscard]] bool has_grad() const noexcept { return leaf() != nullptr && leaf()->has_grad(); }
  [[nodiscard]] bool has_fresh_grad() const noexcept override {
    return leaf() != nullptr && leaf()->fresh;
  }
  void mark_grad_stale() noexcept override {
    if (auto* const variable = leaf()) variable->fresh = false;
  }

  void zero_grad() override;

  /// Copies `value` into the parameter, initialized or not; unknown dimensions are taken from it.
  /// \throws ShapeError if a known dimension differs; nothing has changed then.
  void set_data(const Tensor<Scalar>& value) { take(value, FillSource::set_data); }
  /// The same for values from a file.
  void load_data(const Tensor<Scalar>& value) { take(value, FillSource::loaded); }

  /// The two steps of load_data(), for those who load many parameters, all or nothing: everything
  /// that can fail is done by prepare_load(), and nothing is changed before commit_load().
  using Load = detail::Drawn<Scalar>;
  /// \param values which nobody else holds. \throws ShapeError, std::bad_alloc
  [[nodiscard]] Load prepare_load(Tensor<Scalar> values) const;
  void commit_load(Load load) noexcept;

  /// Tells the dimensions that are not known yet; -1 leaves one open. Initialization that waited
  /// for them is done now. May be called in a const forward, from several threads; if that forward
  /// fails, the dimensions are unknown again. \throws ShapeError if a known dimension differs.
  void set_shape(const Shape& wanted);

  /// A parameter of its own with the same declaration, values and gradient, converted to `To`.
  template <class To = Scalar>
  [[nodiscard]] std::shared_ptr<Parameter<To>> clone() const {
    auto result = detail::make_pooled<Parameter<To>>(
        key(), ParameterOptions<To>{shape(), own_.template cast<To>(), grad_req(), lr_mult(),
                                    wd_mult(), is_differentiable()});
    if (is_constant())
      result = detail::make_pooled<Parameter<To>>(key(), constant_value().template cast<To>());
    if (is_initialized()) result->adopt(data_.detach().template cast<To>(), filled_by());
    if (has_grad() && result->leaf() != nullptr)
      result->leaf()->grad =
          detail::Access::counted(grad().template cast<To>());  // not fresh: nothing reached it
    result->last_ = last_.template cast<To>();
    if (draws_)
      result->draws_ = std::make_unique<typename Parameter<To>::Draws>(
          typename Parameter<To>::Draws{draws_->epoch, draws_->count});
    if (pending_)
      result->pending_ = std::make_unique<detail::Fill<To>>(
          detail::Fill<To>{pending_->rule.template cast<To>(), pending_->source, pending_->draws,
                           pending_->verbose});
    return result;
  }

  /// Makes one declaration of two when a layer asks to share this parameter: unknown dimensions are
  /// filled from either side. \throws TieError naming what differs.
  void reconcile(const ParameterOptions<Scalar>& wanted);

  // The two steps of initialize(), for those who fill many parameters, all or nothing.

  /// Chooses the rule by precedence; nothing if there is nothing to do. Warns where values are
  /// kept.
  [[nodiscard]] std::optional<detail::Fill<Scalar>> decide(init::AnyInitializer<Scalar> rule,
                                                           FillSource level,
                                                           const InitializeOptions& options,
                                                           const detail::DrawSource& draws) const;

  /// The generator of the next fill, for this parameter at this path.
  [[nodiscard]] random::Generator generator(const detail::DrawSource& draws,
                                            std::string_view path) const noexcept {
    return random::Generator::for_path(draws.seed, path,
                                       draws.draw ? *draws.draw : draws_since(draws.epoch));
  }

  /// What a rule gives, not yet written; nothing while the shape is unknown.
  [[nodiscard]] std::optional<detail::Drawn<Scalar>> draw(const init::Initializer<Scalar>& given,
                                                          std::string_view name,
                                                          random::Generator rng) const;

  /// Writes what was drawn, or remembers the fill if there is nothing yet.
  void commit(detail::Fill<Scalar> fill, std::optional<detail::Drawn<Scalar>> drawn);

 private:
  template <class>
  friend class Parameter;

  /// How often it was filled since a random::seed().
  struct Draws {
    std::uint64_t epoch = 0, count = 0;
  };
  [[nodiscard]] std::uint64_t draws_since(std::uint64_t epoch) const noexcept {
    return draws_ && draws_->epoch == epoch ? draws_->count : 0;
  }

  /// The leaf that takes its gradient; null without values.
  [[nodiscard]] detail::Variable* leaf() const noexcept {
    const detail::TensorRecord* const record = detail::Access::record(data_);
    return record == nullptr ? nullptr : static_cast<detail::Variable*>(record->node.get());
  }

  /// Lets a forward that fails later take back what it tells this parameter.
  void note_in_journal();

  void fill(init::AnyInitializer<Scalar> rule, const InitializeOptions& options);

  void carry_out(detail::Fill<Scalar> fill);

  template <class Filling>
  void say_where_it_fails(std::string_view name, const Filling& filling) const {
    try {
      filling();
    } catch (Error& error) {
      // The rule knows the name alone, which for a lone parameter is its path.
      if (const std::string where = path(); where != name) error.say_where(where);
      throw;
    }
  }

  /// The handle itself where it can be, so that the storage is seen to be held by nobody else.
  [[nodiscard]] static Tensor<Scalar> without_history(const Tensor<Scalar>& values) {
    return detail::Access::record(values)->node ? values.detach() : values;
  }

  /// The memory that filling this parameter takes besides the values. \throws std::bad_alloc
  [[nodiscard]] detail::Drawn<Scalar> room() const;

  /// Puts values in place: into the storage there is, else `values` becomes the storage. What has
  /// been recorded keeps, in `past`, the values that it was recorded with.
  void put(detail::Drawn<Scalar> drawn, FillSource source);
  void adopt(const Tensor<Scalar>& values, FillSource source);

  void check_fits(const Tensor<Scalar>& value) const;

  void take(const Tensor<Scalar>& value, FillSource source);

  [[nodiscard]] Tensor<Scalar> constant_value() const;

  [[nodiscard]] Tensor<Scalar> no_data() const;

  [[nodiscard]] detail::Counted<detail::Variable> new_leaf() const {
    return detail::Counted<detail::Variable>(new detail::Variable(grad_req()));
  }

  /// A recording may outlive the parameter, or the leaf that it had.
  void disown_leaf() noexcept {
    if (auto* const variable = leaf()) variable->owner = nullptr;
  }

  /// Takes a tensor that nobody else holds as the values, and marks it as a leaf.
  void become(Tensor<Scalar> values, detail::Counted<detail::Variable> variable) noexcept;

  void drop_grad() noexcept override;

  /// `'dense0_weight' (path 0.weight)`: how messages name it.
  [[nodiscard]] std::string path_and_name() const override;

  init::AnyInitializer<Scalar> own_;
  Tensor<Scalar> data_;
  init::AnyInitializer<Scalar> last_;  // the rule that filled it
  std::unique_ptr<detail::Fill<Scalar>> pending_;
  std::unique_ptr<Draws> draws_;  // empty before the first
};

template <class Scalar>
Parameter(detail::NameView, const Tensor<Scalar>&) -> Parameter<Scalar>;

}  // namespace parton

#include <parton/parameter/detail/parameter_impl.hpp>
