// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/autograd/variable.hpp>
#include <parton/nn/hooks.hpp>
#include <parton/optim/detail/borrowed.hpp>
#include <parton/optim/detail/finite.hpp>
#include <parton/optim/detail/prefetch.hpp>
#include <parton/optim/group.hpp>
#include <parton/optim/optimizer.hpp>
#include <parton/optim/trainer_state.hpp>

namespace parton::optim {

struct TrainerOptions {
  /// A step looks at the gradients first, and a NaN or infinity is an error that names the
  /// parameter; nothing is changed then.
  bool check_finite = false;
};

struct StepOptions {
  /// Leaves parameters with stale gradients out, instead of failing.
  bool ignore_stale = false;
};

/// What a step hook is told.
template <class Scalar>
struct StepInfo {
  /// The number of the step that has been made: 1 for the first.
  std::uint64_t step;
  /// The learning rate that it was made with, before groups and multipliers.
  double learning_rate;
  Index batch_size;
  const ParameterDict<Scalar>& parameters;
};

/// Updates the parameters of a net by their gradients.
///
///     optim::Trainer trainer(net.collect_params(), optim::SGD({.learning_rate = 0.1}));
///     optim::Trainer trainer(net.collect_params(), optim::AdamW(),
///                            {{".*bias", {.weight_decay = 0}}}, {.check_finite = true});
///
/// It keeps the optimizer's state for each parameter, and the parameters alive. Freezing a
/// parameter (GradReq::null) and thawing it keeps its state. Gradients are not cleared by a step.
/// It may be moved, not copied.
template <class Scalar>
class Trainer {
  using Wide = parton::detail::Wide<Scalar>;
  using Groups = std::vector<Group<Scalar>>;

 public:
  /// Later groups win over earlier ones. Parameters may still wait for their shapes.
  /// \throws ValueError for no parameters or a bad option, UninitializedError that names all
  /// parameters that nobody has initialized, KeyError for a group that selects nothing,
  /// PatternError.
  Trainer(const ParameterDict<Scalar>& parameters,
          std::type_identity_t<AnyOptimizer<Scalar>> optimizer,
          const std::type_identity_t<Groups>& groups = {}, const TrainerOptions& options = {})
      : parameters_(parameters),
        optimizer_(std::move(optimizer)),
        options_(options),
        learning_rate_(optimizer_->options().learning_rate),
        slots_(optimizer_->state_names()),
        hooks_(std::make_shared<Hooks>()) {
    if (parameters.empty()) throw errors::no_parameters_to_train();
    const std::vector<GroupOptions> own = detail::options_of(parameters, groups);
    std::vector<std::string> uninitialized;
    std::unordered_set<const ParameterBase*> seen;
    std::size_t i = 0;
    for (const auto& entry : parameters) {
      const GroupOptions& group = own[i++];
      const Parameter<Scalar>& parameter = entry.parameter();
      if (!parameter.is_initialized() && !parameter.is_deferred())
        uninitialized.push_back(described(parameter));
      if (seen.insert(&parameter).second) entries_.push_back({entry.pointer(), group});
    }
    if (!uninitialized.empty()) throw errors::cannot_train_uninitialized(uninitialized);
    state_.resize(entries_.size() * slots_.size());
    due_.reserve(entries_.size());
  }
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;
  Trainer(Trainer&&) noexcept = default;
  Trainer& operator=(Trainer&&) noexcept = default;
  ~Trainer() = default;

  /// Updates every parameter once by its gradient divided by `batch_size`, and says that the
  /// gradients have been used. Parameters with grad_req null are left alone.
  ///
  /// All checks come before the first update: after an error nothing has changed.
  /// \throws GradientError that lists every parameter whose gradient is stale: that no backward has
  /// reached since the last step; or, with check_finite, names the first gradient that has NaN or
  /// infinity.
  /// \throws DeferredInitializationError, UninitializedError, ValueError for a batch size below 1.
  void step(WholeNumber auto batch_size, const StepOptions& options = {}) {
    make_step(parton::detail::to_index(batch_size), options);
  }

  /// The learning rate of the last step, or of the first one if there was none; before groups and
  /// multipliers.
  [[nodiscard]] double learning_rate() const {
    return learning_rate_ * schedule()(std::max<std::uint64_t>(steps_, 1));
  }
  /// Takes effect at the next step. Groups with a learning rate of their own keep it.
  /// \throws ValueError if there is a schedule, or the rate is negative or not finite.
  void set_learning_rate(double rate) {
    if (schedule()) throw errors::rate_is_scheduled(rate);
    learning_rate_ = detail::not_negative("Trainer", "learning_rate", rate);
  }

  /// How many steps were made.
  [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
  [[nodiscard]] const ParameterDict<Scalar>& parameters() const noexcept { return parameters_; }

  /// Calls `hook(const StepInfo<Scalar>&)` after every step, until the handle's detach().
  nn::HookHandle on_step(std::function<void(const StepInfo<Scalar>&)> hook) {
    if (!hook) throw errors::empty_function("hook");
    return {hooks_, hooks_->add(std::move(hook))};
  }

  /// A copy of all that the optimizer remembers, by the paths of the parameters.
  /// \throws NameError if two parameters have one path.
  [[nodiscard]] TrainerState<Scalar> state_dict() const;

  /// Goes on where the state was taken; the multipliers of the parameters stay as they are. All or
  /// nothing.
  /// \throws ValueError that lists everything that is missing, extra or of another shape, or for
  /// the state of another optimizer. \throws NameError if two parameters have one path.
  void load_state_dict(const TrainerState<Scalar>& given) { commit_load(prepare_load(given)); }

  /// The two steps of load_state_dict(), for those who load a net along with it, all or nothing:
  /// everything that can fail is done by prepare_load(), and nothing is changed before
  /// commit_load().
  class Load {
    friend class Trainer;
    std::vector<Tensor<Wide>> tensors;
    std::vector<std::uint64_t> counts;
    std::uint64_t steps = 0;
    double learning_rate = 0;
  };
  /// \param shapes those that parameters are about to have; others are as they are.
  [[nodiscard]] Load prepare_load(
      const TrainerState<Scalar>& given,
      const std::unordered_map<const ParameterBase*, Shape>& shapes = {}) const;
  void commit_load(Load load) noexcept;

 private:
  using Hooks = nn::detail::HookList<std::function<void(const StepInfo<Scalar>&)>>;

  struct Entry {
    std::shared_ptr<Parameter<Scalar>> parameter;
    GroupOptions options;
    // Once it is initialized: its values, whose storage never moves, and the leaf that they are.
    Tensor<Scalar> data = {};
    parton::detail::Variable* variable = nullptr;
    std::uint64_t count = 0;
  };

  /// `'dense0_weight' (path 0.weight)`
  static std::string described(const ParameterBase& parameter);

  [[nodiscard]] const Schedule& schedule() const noexcept { return optimizer_->options().schedule; }
  [[nodiscard]] std::span<Tensor<Wide>> state(std::size_t i) {
    return std::span(state_).subspan(i * slots_.size(), slots_.size());
  }
  [[nodiscard]] std::span<const Tensor<Wide>> state(std::size_t i) const {
    return std::span(state_).subspan(i * slots_.size(), slots_.size());
  }

  void make_step(Index batch_size, const StepOptions& options);

  /// Which parameters this step updates.
  void find_due(const StepOptions& options);

  static void connect(Entry& entry) {
    entry.data = entry.parameter->data();
    auto* const node = parton::detail::Access::record(entry.data)->node.get();
    entry.variable = static_cast<parton::detail::Variable*>(node);
  }

  [[noreturn]] void explain_why_not() const;

  void check_finite() const;

  /// Allocates what first updates need: all first states, then all second ones, so that a step over
  /// many small tensors reads each kind in one run, which the processor fetches ahead.
  void prepare_states();

  void update(std::size_t i, double rescale, double factor);

  /// Asks memory for what the next updates read: many small tensors lie all over it, and waiting
  /// for each in turn would take longer than the arithmetic.
  void look_ahead(std::size_t at);

  ParameterDict<Scalar> parameters_;
  AnyOptimizer<Scalar> optimizer_;
  TrainerOptions options_;
  double learning_rate_;
  std::vector<std::string> slots_;
  std::vector<Entry> entries_;
  std::vector<Tensor<Wide>> state_;  // those of a parameter side by side
  std::vector<std::size_t> due_;     // of the step at hand
  std::uint64_t steps_ = 0;
  std::shared_ptr<Hooks> hooks_;
};

template <class Scalar>
TrainerState<Scalar> Trainer<Scalar>::state_dict() const {
  TrainerState<Scalar> result{optimizer_->name(), steps_, learning_rate_, {}, {}};
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const std::string path = entries_[i].parameter->path();
    if (!result.counts.emplace(path, entries_[i].count).second)
      throw errors::ambiguous_state_path(path);
    for (std::size_t k = 0; entries_[i].count > 0 && k < slots_.size(); ++k)
      result.tensors.emplace(path + '/' + slots_[k], state(i)[k].copy());
  }
  return result;
}

template <class Scalar>
typename Trainer<Scalar>::Load Trainer<Scalar>::prepare_load(
    const TrainerState<Scalar>& given,
    const std::unordered_map<const ParameterBase*, Shape>& shapes) const {
  if (given.optimizer != optimizer_->name())
    throw errors::state_of_other_optimizer(optimizer_->name(), given.optimizer);
  detail::not_negative("the state", "learning_rate", given.learning_rate);
  std::vector<std::string> missing, extra, mismatched;
  std::unordered_set<std::string> known, known_tensors;
  Load load;
  auto& [tensors, counts, steps, learning_rate] = load;
  std::vector<const Tensor<Wide>*> found(state_.size());
  steps = given.steps;
  learning_rate = given.learning_rate;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Parameter<Scalar>& parameter = *entries_[i].parameter;
    const std::string path = parameter.path();
    if (!known.insert(path).second) throw errors::ambiguous_state_path(path);
    const auto about_to_be = shapes.find(&parameter);
    const Shape& shape = about_to_be == shapes.end() ? parameter.shape() : about_to_be->second;
    const auto count = given.counts.find(path);
    counts.push_back(count == given.counts.end() ? 0 : count->second);
    if (count == given.counts.end()) missing.push_back(parton::detail::in_quotes(path));
    for (std::size_t k = 0; counts.back() > 0 && k < slots_.size(); ++k) {
      const std::string key = path + '/' + slots_[k];
      known_tensors.insert(key);
      const auto tensor = given.tensors.find(key);
      if (tensor == given.tensors.end())
        missing.push_back(parton::detail::in_quotes(key));
      else if (!shape.accepts(tensor->second.shape()))
        mismatched.push_back(parton::detail::in_quotes(key) + " (expected " + shape.to_string() +
                             ", found " + tensor->second.shape().to_string() + ")");
      else
        found[i * slots_.size() + k] = &tensor->second;
    }
  }
  for (const auto& [path, count] : given.counts)
    if (!known.contains(path)) extra.push_back(parton::detail::in_quotes(path));
  for (const auto& [key, tensor] : given.tensors)
    if (!known_tensors.contains(key)) extra.push_back(parton::detail::in_quotes(key));
  if (!missing.empty() || !extra.empty() || !mismatched.empty())
    throw errors::state_does_not_fit(missing, extra, mismatched);
  tensors.resize(found.size());
  for (std::size_t k = 0; k < slots_.size(); ++k)  // one kind after the other, as for a new state
    for (std::size_t at = k; at < found.size(); at += slots_.size())
      if (found[at] != nullptr) tensors[at] = found[at]->copy();
  return load;
}

template <class Scalar>
void Trainer<Scalar>::commit_load(Load load) noexcept {
  state_ = std::move(load.tensors);
  for (std::size_t i = 0; i < entries_.size(); ++i) entries_[i].count = load.counts[i];
  steps_ = load.steps;
  learning_rate_ = load.learning_rate;
}

template <class Scalar>
std::string Trainer<Scalar>::described(const ParameterBase& parameter) {
  const std::string name = parameter.name(), path = parameter.path();
  return parton::detail::in_quotes(name) + (name == path ? "" : " (path " + path + ")");
}

template <class Scalar>
void Trainer<Scalar>::make_step(Index batch_size, const StepOptions& options) {
  if (batch_size < 1) throw errors::bad_batch_size(batch_size);
  const autograd::Pause pause(autograd::is_training());
  find_due(options);
  const double factor = schedule()(steps_ + 1);
  if (options_.check_finite) check_finite();
  prepare_states();
  for (std::size_t at = 0; at < due_.size(); ++at) {
    look_ahead(at);
    update(due_[at], 1 / static_cast<double>(batch_size), factor);
  }
  ++steps_;
  hooks_->call(StepInfo<Scalar>{steps_, learning_rate_ * factor, batch_size, parameters_});
}

template <class Scalar>
void Trainer<Scalar>::find_due(const StepOptions& options) {
  due_.clear();
  bool all_well = true;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (i + 16 < entries_.size()) detail::prefetch(entries_[i + 16].variable);
    Entry& entry = entries_[i];
    if (entry.variable == nullptr && entry.parameter->is_initialized()) connect(entry);
    if (entry.variable == nullptr)
      all_well = all_well && entry.parameter->grad_req() == GradReq::null;
    else if (entry.variable->req == GradReq::null)
      continue;
    else if (entry.variable->fresh)
      due_.push_back(i);
    else
      all_well = all_well && options.ignore_stale;
  }
  if (!all_well) explain_why_not();
}

template <class Scalar>
void Trainer<Scalar>::explain_why_not() const {
  std::vector<std::string> deferred, uninitialized, stale;
  for (const Entry& entry : entries_) {
    const Parameter<Scalar>& parameter = *entry.parameter;
    if (parameter.grad_req() == GradReq::null) continue;
    auto& list = parameter.is_deferred()       ? deferred
                 : !parameter.is_initialized() ? uninitialized
                                               : stale;
    if (!parameter.has_fresh_grad()) list.push_back(described(parameter));
  }
  if (!uninitialized.empty()) throw errors::cannot_train_uninitialized(uninitialized);
  if (!deferred.empty()) throw errors::cannot_step_deferred(deferred);
  throw errors::stale_gradients(stale);
}

template <class Scalar>
void Trainer<Scalar>::check_finite() const {
  for (const std::size_t i : due_) {
    const Parameter<Scalar>& parameter = *entries_[i].parameter;
    const Tensor<Scalar> gradient = parameter.grad();
    const Scalar* const values = gradient.data();
    if (const Index at = detail::first_not_finite(values, gradient.size()); at >= 0)
      throw errors::gradient_not_finite(described(parameter), static_cast<double>(values[at]), at);
  }
}

template <class Scalar>
void Trainer<Scalar>::prepare_states() {
  for (std::size_t k = 0; k < slots_.size(); ++k)
    for (const std::size_t i : due_)
      if (entries_[i].count == 0)
        state(i)[k] = Tensor<Wide>::full(entries_[i].data.shape(), optimizer_->initial_state(k));
}

template <class Scalar>
void Trainer<Scalar>::update(std::size_t i, double rescale, double factor) {
  Entry& entry = entries_[i];
  const CommonOptions& common = optimizer_->options();
  const detail::Borrowed<Scalar> gradient(*entry.variable->grad);
  const Parameter<Scalar>& parameter = *entry.parameter;
  optimizer_->update(
      {parameter, entry.data, gradient.tensor(), state(i), entry.count + 1, rescale,
       entry.options.learning_rate.value_or(learning_rate_) * factor * parameter.lr_mult(),
       entry.options.weight_decay.value_or(common.weight_decay) * parameter.wd_mult(),
       entry.options.clip_gradient.value_or(common.clip_gradient)});
  ++entry.count;
  entry.variable->fresh = false;
}

template <class Scalar>
void Trainer<Scalar>::look_ahead(std::size_t at) {
  using detail::prefetch;
  using parton::detail::Access;
  if (at + 6 < due_.size()) {
    const std::size_t i = due_[at + 6];
    const Entry& entry = entries_[i];
    prefetch(entry.variable);
    prefetch(&entry.parameter->shape() + 1);  // the multipliers
    prefetch(Access::record(entry.data));
    for (const Tensor<Wide>& one : state(i)) prefetch(Access::record(one));
  }
  if (at + 3 < due_.size()) {
    const std::size_t i = due_[at + 3];
    prefetch(entries_[i].variable->grad.get());
    detail::prefetch_values(Access::record(entries_[i].data));
    for (const Tensor<Wide>& one : state(i)) detail::prefetch_values(Access::record(one));
  }
  if (at + 1 < due_.size()) detail::prefetch_values(entries_[due_[at + 1]].variable->grad.get());
}

}  // namespace parton::optim
