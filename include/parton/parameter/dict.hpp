// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parton/parameter/detail/entry_iterator.hpp>
#include <parton/parameter/filter.hpp>
#include <parton/parameter/initialization.hpp>
#include <parton/parameter/parameter.hpp>

namespace parton {

/// A parameter and the name under which a list knows it; binds as `auto& [name, parameter]`.
template <class Scalar>
class NamedParameter {
 public:
  NamedParameter(std::string_view name, std::shared_ptr<Parameter<Scalar>> parameter)
      : name_(name), parameter_(std::move(parameter)) {}
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] Parameter<Scalar>& parameter() const noexcept { return *parameter_; }
  [[nodiscard]] const std::shared_ptr<Parameter<Scalar>>& pointer() const noexcept {
    return parameter_;
  }
  void rename(std::string_view name) { name_ = name; }

  template <std::size_t I>
  [[nodiscard]] friend decltype(auto) get(const NamedParameter& entry) noexcept {
    if constexpr (I == 0)
      return (entry.name_);
    else
      return (*entry.parameter_);
  }

 private:
  std::string name_;
  std::shared_ptr<Parameter<Scalar>> parameter_;
};

namespace detail {

/// Where a dictionary's names come from: the tree that it was collected from, as long as it lives.
class NameSource {
 public:
  virtual ~NameSource() = default;
  /// Another number whenever a name may have changed.
  [[nodiscard]] virtual std::uint64_t epoch() const = 0;
  /// What names begin with, `sequential0_`: of all parameters of the collecting block, or its own.
  [[nodiscard]] virtual std::string prefix(bool own_only) const = 0;
  /// The current name of each parameter of the collecting block.
  [[nodiscard]] virtual std::unordered_map<const ParameterBase*, std::string> parameter_names()
      const = 0;
};

}  // namespace detail

/// Parameters by name, in the order in which the tree declares them, each once.
///
/// Finding by name takes constant time. The dictionary shares the parameters with the net and keeps
/// them alive; when the net joins a larger tree, its names follow. A const dictionary may be read
/// by many threads.
template <class Scalar>
class ParameterDict {
 public:
  using Entry = NamedParameter<Scalar>;

  ParameterDict() = default;
  /// \param own_only whether they are the own parameters of `source` alone.
  ParameterDict(std::vector<Entry> entries, const std::shared_ptr<const detail::NameSource>& source,
                bool own_only)
      : state_(std::make_shared<State>()) {
    state_->entries = std::move(entries);
    state_->prefix = source->prefix(own_only);
    state_->source = source;
    state_->own_only = own_only;
    state_->epoch = source->epoch();
  }

  [[nodiscard]] std::size_t size() const { return entries().size(); }
  [[nodiscard]] bool empty() const { return entries().empty(); }
  using iterator = detail::EntryIterator<Entry>;
  using const_iterator = iterator;
  [[nodiscard]] iterator begin() const {
    const auto& all = entries();
    return {all.data(), all.data() + all.size()};
  }
  [[nodiscard]] iterator end() const { return begin() + static_cast<std::ptrdiff_t>(size()); }
  [[nodiscard]] bool contains(detail::NameView name) const { return find(name) != nullptr; }
  [[nodiscard]] std::vector<std::string> names() const;

  // A literal 0 would be taken for a null string.
  bool contains(std::nullptr_t) const = delete;
  Parameter<Scalar>& operator[](std::nullptr_t) const = delete;

  /// The parameter of this full name. \throws KeyError with the nearest names if there is none.
  Parameter<Scalar>& operator[](detail::NameView name) const;

  /// Those that `filter` selects, in the same order. \throws PatternError
  [[nodiscard]] ParameterDict filter(const Filter<Scalar>& filter) const;

  /// Adds a parameter under its full name, or those of another dictionary: of two nets, say.
  /// \throws NameError if another parameter has that name; nothing is added then.
  void insert(const std::shared_ptr<Parameter<Scalar>>& parameter) {
    insert(Entry(parameter->name(), parameter));
  }
  void insert(const ParameterDict& other) {
    for (const Entry& entry : other) check_free(entry);
    for (const Entry& entry : other) insert(entry);
  }

  /// Fills every parameter; `rule` is weaker than a parameter's own initializer (see
  /// InitializeOptions). All or nothing: if a rule does not fit one parameter, none is changed.
  /// \throws InitializerError
  template <int = 0>  // so that {.seed = s} is taken for options by clang 14 too
  void initialize(init::AnyInitializer<Scalar> rule, const InitializeOptions& options = {}) const {
    fill(std::move(rule), options);
  }
  void initialize(const InitializeOptions& options = {}) const {
    initialize(init::AnyInitializer<Scalar>(), options);
  }

  void zero_grad() const {
    for (const Entry& entry : entries()) entry.parameter().zero_grad();
  }
  /// See ParameterBase::set_grad_req; freezes a whole selection with GradReq::null.
  void set_grad_req(GradReq req) const {
    for (const Entry& entry : entries()) entry.parameter().set_grad_req(req);
  }
  /// \throws ValueError unless the multiplier is finite and at least 0; nothing has changed then.
  void set_lr_mult(double mult) const {
    for (const Entry& entry : entries()) entry.parameter().set_lr_mult(mult);
  }
  void set_wd_mult(double mult) const {
    for (const Entry& entry : entries()) entry.parameter().set_wd_mult(mult);
  }

  /// What the parameters' names begin with where they were collected: `sequential0_`.
  [[nodiscard]] std::string prefix() const {
    static_cast<void>(entries());
    return state_ ? state_->prefix : std::string();
  }
  [[nodiscard]] std::shared_ptr<const detail::NameSource> source() const {
    return state_ ? state_->source.lock() : nullptr;
  }

  /// Gluon's form: the prefix, one parameter a line, a closing bracket.
  friend std::ostream& operator<<(std::ostream& os, const ParameterDict& dict) {
    return os << dict.to_string();
  }

 private:
  [[nodiscard]] std::string to_string() const;

  struct State {
    std::vector<Entry> entries;
    std::string prefix;
    std::weak_ptr<const detail::NameSource> source;
    bool own_only = false;
    std::uint64_t epoch = 0;
    std::unordered_map<std::string_view, std::size_t> index;  // views of the entries' names
    bool indexed = false;
    std::mutex mutex;
  };

  void fill(init::AnyInitializer<Scalar> rule, const InitializeOptions& options) const;

  /// The entries under their current names.
  const std::vector<Entry>& entries() const;

  const Entry* find(std::string_view name) const;

  void check_free(const Entry& entry) const;

  void insert(const Entry& entry);

  /// Other entries under the same prefix, with names from the same tree.
  [[nodiscard]] ParameterDict with(std::vector<Entry> chosen) const;

  std::shared_ptr<State> state_;
};

template <class Scalar>
std::vector<std::string> ParameterDict<Scalar>::names() const {
  std::vector<std::string> result;
  for (const Entry& entry : entries()) result.push_back(entry.name());
  return result;
}

template <class Scalar>
Parameter<Scalar>& ParameterDict<Scalar>::operator[](detail::NameView name) const {
  if (const auto* entry = find(name)) return entry->parameter();
  throw errors::no_such_parameter(name, detail::nearest_names(name, names()), size());
}

template <class Scalar>
ParameterDict<Scalar> ParameterDict<Scalar>::filter(const Filter<Scalar>& filter) const {
  std::vector<Entry> chosen;
  for (const Entry& entry : *this)
    if (filter(entry.name(), entry.parameter())) chosen.push_back(entry);
  return with(std::move(chosen));
}

template <class Scalar>
void ParameterDict<Scalar>::fill(init::AnyInitializer<Scalar> rule,
                                 const InitializeOptions& options) const {
  detail::Initialization<Scalar> work(std::move(rule), options);
  for (const Entry& entry : entries())
    work.add(entry.pointer(), entry.parameter().name(), entry.parameter().path());
  work.carry_out();
}

template <class Scalar>
const std::vector<typename ParameterDict<Scalar>::Entry>& ParameterDict<Scalar>::entries() const {
  static const std::vector<Entry> none;
  if (!state_) return none;
  if (const auto source = state_->source.lock()) {
    const std::lock_guard lock(state_->mutex);
    if (const std::uint64_t now = source->epoch(); now != state_->epoch) {
      const auto names = source->parameter_names();
      for (Entry& entry : state_->entries)
        if (const auto at = names.find(&entry.parameter()); at != names.end())
          entry.rename(at->second);
      state_->prefix = source->prefix(state_->own_only);
      state_->epoch = now;
      state_->indexed = false;
    }
  }
  return state_->entries;
}

template <class Scalar>
const typename ParameterDict<Scalar>::Entry* ParameterDict<Scalar>::find(
    std::string_view name) const {
  const auto& all = entries();
  if (!state_) return nullptr;
  const std::lock_guard lock(state_->mutex);
  if (!state_->indexed) {
    state_->index.clear();
    for (std::size_t i = 0; i < all.size(); ++i) state_->index.emplace(all[i].name(), i);
    state_->indexed = true;
  }
  const auto at = state_->index.find(name);
  return at == state_->index.end() ? nullptr : &all[at->second];
}

template <class Scalar>
void ParameterDict<Scalar>::check_free(const Entry& entry) const {
  const auto* existing = find(entry.name());
  if (existing != nullptr && existing->pointer() != entry.pointer())
    throw errors::parameter_name_taken(entry.name());
}

template <class Scalar>
void ParameterDict<Scalar>::insert(const Entry& entry) {
  check_free(entry);
  if (contains(entry.name())) return;
  // Copies share their state until one of them changes.
  std::vector<Entry> all = entries();
  all.push_back(entry);
  state_ = with(std::move(all)).state_;
}

template <class Scalar>
ParameterDict<Scalar> ParameterDict<Scalar>::with(std::vector<Entry> chosen) const {
  ParameterDict result;
  result.state_ = std::make_shared<State>();
  result.state_->entries = std::move(chosen);
  if (!state_) return result;
  result.state_->prefix = state_->prefix;
  result.state_->source = state_->source;
  result.state_->own_only = state_->own_only;
  result.state_->epoch = state_->epoch;
  return result;
}

template <class Scalar>
std::string ParameterDict<Scalar>::to_string() const {
  const std::string start = prefix();
  std::string text = start.empty() ? "(\n" : start + " (\n";
  for (const Entry& entry : *this) text += "  " + entry.parameter().describe(entry.name()) + '\n';
  return text + (empty() ? "\n)" : ")");
}

}  // namespace parton

template <class Scalar>
struct std::tuple_size<parton::NamedParameter<Scalar>> : std::integral_constant<std::size_t, 2> {};
template <class Scalar>
struct std::tuple_element<0, parton::NamedParameter<Scalar>> {
  using type = const std::string&;
};
template <class Scalar>
struct std::tuple_element<1, parton::NamedParameter<Scalar>> {
  using type = parton::Parameter<Scalar>&;
};
