// SPDX-License-Identifier: MIT
#pragma once

#include <parton/parameter/parameter.hpp>

/// \file What a Parameter does, apart from its class, as nn/detail/block_impl.hpp is.

namespace parton {

template <class Scalar>
std::string Parameter<Scalar>::rule_text() const {
  const auto& rule = pending_ ? pending_->rule : last_;
  return rule ? rule->dump() : std::string();
}

template <class Scalar>
void Parameter<Scalar>::set_draws(std::uint64_t draws) {
  draws_ = std::make_unique<Draws>(Draws{random::detail::seed_state().epoch, draws});
}

template <class Scalar>
Tensor<Scalar> Parameter<Scalar>::grad() const {
  if (!is_initialized()) return no_data();
  if (grad_req() == GradReq::null) throw errors::no_gradient(path_and_name());
  // Allocated when first asked for: a net that only infers holds its data once.
  return leaf()->template gradient<Scalar>(shape());
}

template <class Scalar>
void Parameter<Scalar>::zero_grad() {
  if (!has_grad()) return;
  Tensor<Scalar> gradient = grad();
  gradient.fill(Scalar(0));
}

template <class Scalar>
typename Parameter<Scalar>::Load Parameter<Scalar>::prepare_load(Tensor<Scalar> values) const {
  check_fits(values);
  Load load = room();
  load.values = std::move(values);
  return load;
}

template <class Scalar>
void Parameter<Scalar>::commit_load(Load load) noexcept {
  mutable_shape() = load.values.shape();
  last_ = {};
  put(std::move(load), FillSource::loaded);
}

template <class Scalar>
void Parameter<Scalar>::set_shape(const Shape& wanted) {
  const std::lock_guard lock(detail::initialization_mutex());
  if (!shape().accepts(wanted))
    throw errors::parameter_shape(path_and_name(), shape().to_string(), wanted.to_string());
  const Shape before = shape();
  if (!before.is_known()) note_in_journal();
  // What is known is not written again: others may be reading it.
  for (std::size_t i = 0; i < wanted.rank(); ++i)
    if (wanted.dims()[i] != Shape::unknown && shape().dims()[i] == Shape::unknown)
      mutable_shape() = shape().with(static_cast<Index>(i), wanted.dims()[i]);
  if (!pending_ || !shape().is_known()) return;
  const detail::TraceScope silent(nullptr);  // this may be in a forward, but is no part of it
  try {
    carry_out(*pending_);
  } catch (...) {
    mutable_shape() = before;
    throw;
  }
}

template <class Scalar>
void Parameter<Scalar>::reconcile(const ParameterOptions<Scalar>& wanted) {
  if (!shape().accepts(wanted.shape))
    throw errors::tie_conflict(path_and_name(), "shape", wanted.shape.to_string(),
                               shape().to_string());
  if (wanted.initializer && own_ && !(wanted.initializer == own_))
    throw errors::tie_conflict(path_and_name(), "initializer", wanted.initializer->dump(),
                               own_->dump());
  const ParameterOptions<Scalar> unsaid;
  const auto check = [&](std::string_view what, const auto& wants, const auto& unsaid_one,
                         const auto& has, const auto& shown) {
    if (wants != unsaid_one && wants != has)
      throw errors::tie_conflict(path_and_name(), what, shown(wants), shown(has));
  };
  check("lr_mult", wanted.lr_mult, unsaid.lr_mult, lr_mult(), errors::shown);
  check("wd_mult", wanted.wd_mult, unsaid.wd_mult, wd_mult(), errors::shown);
  check("grad_req", wanted.grad_req, unsaid.grad_req, grad_req(),
        [](GradReq req) { return to_string(req); });
  const auto before = own_;
  if (!own_) own_ = wanted.initializer;
  try {
    set_shape(wanted.shape);
  } catch (...) {
    own_ = before;
    throw;
  }
}

template <class Scalar>
std::optional<detail::Fill<Scalar>> Parameter<Scalar>::decide(
    init::AnyInitializer<Scalar> rule, FillSource level, const InitializeOptions& options,
    const detail::DrawSource& draws) const {
  if (is_initialized() && !options.force_reinit) {
    if (!is_constant() || (rule && level == FillSource::parameter_rule))
      warn("the parameter " + path_and_name() +
           " is initialized already and keeps its values; to fill it again, " +
           "initialize with {.force_reinit = true}");
    return std::nullopt;
  }
  if (pending_ && pending_->source == FillSource::parameter_rule && level == FillSource::net_rule &&
      !options.force_reinit)
    return std::nullopt;  // the parameter's own initialize() is the stronger one
  detail::Fill<Scalar> fill{std::move(rule), level, draws, options.verbose};
  if (is_constant()) {
    if (fill.rule && level == FillSource::parameter_rule)
      warn("the constant " + path_and_name() +
           " keeps its value: the initializer is ignored; set_data() gives it another value");
    fill.rule = own_, fill.source = FillSource::constant_value;
  } else if (own_ && (!fill.rule || (level == FillSource::net_rule && !options.override_own))) {
    fill.rule = own_, fill.source = FillSource::own_rule;
  } else if (!fill.rule) {
    fill.rule = detail::default_rule<Scalar>(), fill.source = FillSource::default_rule;
  }
  return fill;
}

template <class Scalar>
std::optional<detail::Drawn<Scalar>> Parameter<Scalar>::draw(const init::Initializer<Scalar>& given,
                                                             std::string_view name,
                                                             random::Generator rng) const {
  if (!shape().is_known()) return std::nullopt;
  detail::Drawn<Scalar> drawn = room();
  if (const auto rule = given.rule()) {
    init::detail::Planned<Scalar> planned(shape());
    say_where_it_fails(name, [&] { rule->fill(name, planned, rng); });
    if (planned.plan() && is_initialized())
      drawn.plan = std::make_unique<const init::detail::Plan<Scalar>>(*planned.plan());
    else
      drawn.values = planned.take_values();
    return drawn;
  }
  const Tensor<Scalar> values = Tensor<Scalar>::zeros(shape());
  Tensor<Scalar> filled = values;
  say_where_it_fails(name, [&] { given.init_weight(name, filled, rng); });
  if (!(filled.shape() == shape()))
    throw errors::initializer_changed_shape(path_and_name(), shape().to_string(),
                                            filled.shape().to_string());
  // A custom initializer may have re-seated its handle onto storage that somebody else holds.
  drawn.values = without_history(filled.data() == values.data() ? values : filled.copy());
  return drawn;
}

template <class Scalar>
void Parameter<Scalar>::commit(detail::Fill<Scalar> fill,
                               std::optional<detail::Drawn<Scalar>> drawn) {
  if (!drawn) {
    pending_ = std::make_unique<detail::Fill<Scalar>>(std::move(fill));
    return;
  }
  if (fill.verbose)
    std::clog << name() << ' ' << shape() << ": " << fill.rule->dump() << ", "
              << to_string(fill.source) << '\n';
  if (!fill.draws.draw) {
    // Counted when done, so that a fill that failed leaves no trace.
    const std::uint64_t epoch = fill.draws.epoch;
    if (!draws_) draws_ = std::make_unique<Draws>();
    *draws_ = {epoch, draws_since(epoch) + 1};
  }
  last_ = std::move(fill.rule);
  put(std::move(*drawn), fill.source);
  zero_grad();
  mark_grad_stale();
}

template <class Scalar>
void Parameter<Scalar>::note_in_journal() {
  if (!detail::ShapeJournal::is_open() || is_initialized()) return;
  std::optional<detail::Fill<Scalar>> waiting;
  if (pending_) waiting = *pending_;
  detail::ShapeJournal::note(
      this, [this, before = shape(), waiting = std::move(waiting), last = last_,
             filled = filled_by(), draws = draws_ ? *draws_ : Draws()]() mutable {
        set_unfilled(filled);
        mutable_shape() = before;
        if (waiting) pending_ = std::make_unique<detail::Fill<Scalar>>(std::move(*waiting));
        last_ = std::move(last);
        if (draws_) *draws_ = draws;
      });
}

template <class Scalar>
void Parameter<Scalar>::fill(init::AnyInitializer<Scalar> rule, const InitializeOptions& options) {
  const std::lock_guard lock(detail::initialization_mutex());
  if (auto decided = decide(std::move(rule), FillSource::parameter_rule, options,
                            detail::DrawSource::of(options)))
    carry_out(std::move(*decided));
}

template <class Scalar>
void Parameter<Scalar>::carry_out(detail::Fill<Scalar> fill) {
  auto drawn = draw(*fill.rule, name(), generator(fill.draws, path()));
  commit(std::move(fill), std::move(drawn));
}

template <class Scalar>
detail::Drawn<Scalar> Parameter<Scalar>::room() const {
  detail::Drawn<Scalar> room;
  if (is_initialized())
    room.past = detail::room_for_past(*detail::Access::record(data_)->buffer);
  else
    room.leaf = new_leaf();
  return room;
}

template <class Scalar>
void Parameter<Scalar>::put(detail::Drawn<Scalar> drawn, FillSource source) {
  if (is_initialized()) {
    detail::TensorRecord& record = *detail::Access::record(data_);
    // Recorded since, by a custom initializer that filled this one too.
    if (!drawn.past) drawn.past = detail::room_for_past(*record.buffer);
    detail::keep_past(*record.buffer, std::move(drawn.past));
    const std::span to(static_cast<Scalar*>(record.data), static_cast<std::size_t>(data_.size()));
    if (drawn.plan)
      drawn.plan->write(to);
    else
      std::copy_n(drawn.values.data(), to.size(), to.data());
  } else {
    become(std::move(drawn.values), std::move(drawn.leaf));
  }
  pending_.reset();
  set_filled(source);
}

template <class Scalar>
void Parameter<Scalar>::adopt(const Tensor<Scalar>& values, FillSource source) {
  detail::Drawn<Scalar> drawn = room();
  drawn.values = is_initialized() ? values : without_history(values);
  put(std::move(drawn), source);
}

template <class Scalar>
void Parameter<Scalar>::check_fits(const Tensor<Scalar>& value) const {
  if (!shape().accepts(value.shape()))
    throw errors::parameter_shape(path_and_name(), shape().to_string(), value.shape().to_string());
  static_cast<void>(value.data());  // throws for a tensor without values
}

template <class Scalar>
void Parameter<Scalar>::take(const Tensor<Scalar>& value, FillSource source) {
  const std::lock_guard lock(detail::initialization_mutex());
  check_fits(value);
  const Tensor<Scalar> own = is_initialized() ? value : value.detach().copy();
  mutable_shape() = value.shape();
  last_ = {};
  adopt(own, source);
}

template <class Scalar>
Tensor<Scalar> Parameter<Scalar>::constant_value() const {
  Tensor<Scalar> value = Tensor<Scalar>::zeros(shape());
  random::Generator rng(0, 0);
  own_->init_weight(key(), value, rng);
  return value;
}

template <class Scalar>
Tensor<Scalar> Parameter<Scalar>::no_data() const {
  const std::lock_guard lock(detail::initialization_mutex());
  if (is_initialized()) return data_;  // another thread has just done it
  if (detail::inferring_shapes() && shape().is_known()) return Tensor<Scalar>::shape_only(shape());
  if (pending_) throw errors::deferred_initialization(path_and_name(), shape().to_string());
  throw errors::uninitialized(path_and_name());
}

template <class Scalar>
void Parameter<Scalar>::become(Tensor<Scalar> values,
                               detail::Counted<detail::Variable> variable) noexcept {
  disown_leaf();
  variable->owner = this;
  data_ = std::move(values);
  // Whatever an initializer wrote through has gone out of scope.
  detail::Buffer& buffer = *detail::Access::record(data_)->buffer;
  if (buffer.references.load(std::memory_order_relaxed) == 1 && !buffer.owner)
    buffer.exposed.store(false, std::memory_order_relaxed);
  detail::Access::record(data_)->node = std::move(variable);
}

template <class Scalar>
void Parameter<Scalar>::drop_grad() noexcept {
  auto* const variable = leaf();
  if (variable == nullptr) return;
  const detail::Variable::Guard guard(*variable);
  variable->req = grad_req();
  variable->fresh = false;
  variable->grad.reset();
}

template <class Scalar>
std::string Parameter<Scalar>::path_and_name() const {
  const std::string full = name(), where = path();
  return detail::in_quotes(full) + (full == where ? "" : " (path " + where + ")");
}

}  // namespace parton
