// SPDX-License-Identifier: MIT
#pragma once

#include <parton/nn/block.hpp>

/// \file What a Block does, apart from its class: a function that is defined in its class is
/// compiled by every user of it, whether or not the library is compiled (see compiled.hpp).

namespace parton::nn {

template <class Scalar>
Tensor<Scalar> Block<Scalar>::operator()(const Tensor<Scalar>& input) const {
  parton::detail::ShapeJournal journal;
  const parton::detail::TracedCall traced(*this);
  try {
    const Hooks* const hooks = parton::detail::inferring_shapes() ? nullptr : hooks_.get();
    if (hooks != nullptr && hooks->before) hooks->before->call(*this, input);
    Tensor<Scalar> output = forward(input);
    if (hooks != nullptr && hooks->after) hooks->after->call(*this, input, output);
    if (auto* observer = detail::CallObserver<Scalar>::current()) observer->called(*this, output);
    journal.keep();
    return output;
  } catch (Error& error) {
    if (const auto* node = this->node_or_null()) error.say_where(node->path());
    throw;
  }
}

template <class Scalar>
std::vector<NamedParameter<Scalar>> Block<Scalar>::named_parameters() const {
  std::vector<NamedParameter<Scalar>> result;
  node().visit_parameters([&](std::string_view path, const auto& parameter) {
    result.emplace_back(path, std::static_pointer_cast<Parameter<Scalar>>(parameter));
  });
  return result;
}

template <class Scalar>
Parameter<Scalar>& Block<Scalar>::add_parameter(parton::detail::NameView key,
                                                ParameterOptions<Scalar> options) {
  return enter(
      key, [&] { return parton::detail::make_pooled<Parameter<Scalar>>(key, std::move(options)); });
}

template <class Scalar>
Parameter<Scalar>& Block<Scalar>::add_parameter(parton::detail::NameView key,
                                                ParameterOptions<Scalar> options,
                                                const ParameterDict<Scalar>& shared) {
  return enter(key, [&] {
    std::shared_ptr<Parameter<Scalar>> found;
    for (const auto& entry : shared) {
      if (entry.parameter().key() != key) continue;
      if (found) throw errors::ambiguous_tie(key, found->name(), entry.name());
      found = entry.pointer();
    }
    if (!found) return parton::detail::make_pooled<Parameter<Scalar>>(key, std::move(options));
    found->reconcile(options);
    this->node().set_tied_to(shared.source());
    ++ties_made_;
    return found;
  });
}

template <class Scalar>
void Block<Scalar>::require_tie(const ParameterDict<Scalar>& shared) const {
  if (ties_made_ == 0 && this->node().clone_of().original == nullptr)
    throw errors::nothing_to_tie(class_name(), shared.names());
}

template <class Scalar>
Parameter<Scalar>& Block<Scalar>::add_constant(parton::detail::NameView key,
                                               const Tensor<Scalar>& value) {
  return enter(key, [&] { return parton::detail::make_pooled<Parameter<Scalar>>(key, value); });
}

template <class Scalar>
std::shared_ptr<parton::detail::BlockBase> Block<Scalar>::copy_for(std::string_view key) const {
  const auto origin = node().clone_of();
  if (origin.original == nullptr) return nullptr;
  const auto* original = origin.original->find_child(key);
  if (original == nullptr) throw errors::clone_registers_more(key, class_name());
  return origin.session->block(*original->block);
}

template <class Scalar>
ParameterDict<Scalar> Block<Scalar>::list(bool own_only, const Filter<Scalar>& filter) const {
  std::vector<NamedParameter<Scalar>> entries;
  node().visit_named(
      [&](std::string_view name, std::string_view, const auto& parameter) {
        entries.emplace_back(name, std::static_pointer_cast<Parameter<Scalar>>(parameter));
      },
      own_only);
  // A predicate may be anything, so it is not called while the tree is being listed.
  if (!filter.selects_all()) {
    std::erase_if(entries,
                  [&](const auto& entry) { return !filter(entry.name(), entry.parameter()); });
    entries.shrink_to_fit();
  }
  return ParameterDict<Scalar>(std::move(entries), shared_node(), own_only);
}

template <class Scalar>
void Block<Scalar>::fill(init::AnyInitializer<Scalar> rule, const InitializeOptions& options) {
  parton::detail::Initialization<Scalar> work(std::move(rule), options);
  node().visit_named([&](std::string_view name, std::string_view path, const auto& parameter) {
    work.add(std::static_pointer_cast<Parameter<Scalar>>(parameter), name, path);
  });
  work.carry_out();
}

template <class Scalar>
Parameter<Scalar>& Block<Scalar>::find_parameter(std::string_view key) const {
  if (auto* found = node().find_parameter(key)) return static_cast<Parameter<Scalar>&>(*found);
  std::vector<std::string> keys;
  for (const auto& parameter : node().parameters()) keys.push_back(parameter->key());
  throw errors::block_has_no_parameter(key, name(), class_name(), keys);
}

template <class Scalar>
Block<Scalar>* Block<Scalar>::child_at(Index index) const {
  const auto& children = node().children();
  const auto n = static_cast<Index>(children.size());
  if (index < -n || index >= n) throw errors::child_out_of_range(index, children.size(), name());
  return static_cast<Block*>(
      children[static_cast<std::size_t>(index < 0 ? index + n : index)].block.get());
}

template <class Scalar>
Block<Scalar>* Block<Scalar>::child_of(std::string_view path) const {
  const std::size_t dot = path.find('.');
  const auto* found = node().find_child(path.substr(0, dot));
  if (found == nullptr) {
    std::vector<std::string> keys;
    for (const auto& child : node().children()) keys.push_back(child.key);
    throw errors::no_such_child(path.substr(0, dot), class_name(),
                                parton::detail::nearest_names(path.substr(0, dot), keys));
  }
  auto* block = static_cast<Block*>(found->block.get());
  return dot == std::string_view::npos ? block : block->child_of(path.substr(dot + 1));
}

template <class Scalar>
std::string Block<Scalar>::structure(std::size_t indent) const {
  const auto& children = node().children();
  const std::string own = describe();
  if (!own.empty() && children.empty()) return own;
  std::string text = class_name() + "(\n";
  for (const auto& child : children)
    text += std::string(indent + 2, ' ') + "(" + child.key +
            "): " + static_cast<const Block&>(*child.block).structure(indent + 2) + '\n';
  return text + (children.empty() ? "\n" : "") + std::string(indent, ' ') + ")";
}

}  // namespace parton::nn
