// SPDX-License-Identifier: MIT
#pragma once

#include <parton/nn/tree.hpp>

namespace parton::detail {

PARTON_DETAIL_INLINE std::string BlockBase::class_name() const {
  return detail::class_name(typeid(*this));
}

PARTON_DETAIL_INLINE std::string BlockBase::kind() const { return lower(class_name()); }

PARTON_DETAIL_INLINE BlockBase::BlockBase() : node_(std::make_shared<TreeNode>(*this)) {}

PARTON_DETAIL_INLINE TreeNode& BlockBase::node() const {
  if (!node_) throw errors::moved_from_block({});
  if (node_->is_vacant()) throw errors::moved_from_block(node_->place());
  return *node_;
}

/// Hands the node over to `to`; in a tree, a vacant one stays.
PARTON_DETAIL_INLINE std::shared_ptr<TreeNode> BlockBase::move_out(BlockBase& to) {
  std::shared_ptr<TreeNode> vacant;
  if (node_->has_parents()) {
    vacant = std::make_shared<TreeNode>(*this, TreeNode::Vacant());
    vacant->take_place_of(*node_);
  }
  std::shared_ptr<TreeNode> node = std::exchange(node_, std::move(vacant));
  node->block_moved_to(to);
  return node;
}

PARTON_DETAIL_INLINE BlockBase::BlockBase(BlockBase&& other) noexcept {
  if (other.node_ && !other.node_->is_vacant()) node_ = other.move_out(*this);
}

PARTON_DETAIL_INLINE BlockBase& BlockBase::operator=(BlockBase&& other) {
  if (this == &other) return *this;
  TreeNode& given = other.node();
  if (node_) {
    given.check_place_of(*node_);
    given.keep_source(*node_);
  }
  const std::shared_ptr<TreeNode> before = std::exchange(node_, other.move_out(*this));
  if (!before) return *this;
  node_->take_place_of(*before);
  try {
    node_->check_names();
  } catch (...) {
    before->take_place_of(*node_);
    if (other.node_) node_->take_place_of(*other.node_);
    other.node_ = std::exchange(node_, before);
    other.node_->block_moved_to(other);
    throw;
  }
  return *this;
}

PARTON_DETAIL_INLINE TreeNode::TreeNode(const BlockBase& block) : block_(&block) {
  if (auto& pending = PendingClone::current(); pending.original != nullptr)
    rare().clone_of = std::exchange(pending, {});
}

PARTON_DETAIL_INLINE TreeNode::TreeNode(const BlockBase& block, Vacant)
    : block_(&block), vacant_(true) {}

PARTON_DETAIL_INLINE TreeNode::~TreeNode() {
  for (const Child& child : children_)
    if (TreeNode* node = child.block->node_or_null()) node->leave(*this);
  for (const auto& parameter : parameters_) parameter->remove_owner(*this);
}

PARTON_DETAIL_INLINE ParameterBase* TreeNode::find_parameter(std::string_view key) const noexcept {
  for (const auto& parameter : parameters_)
    if (parameter->key() == key) return parameter.get();
  return nullptr;
}

PARTON_DETAIL_INLINE const TreeNode::Child* TreeNode::find_child(std::string_view key) const {
  if (keys_are_positions_) {
    std::size_t at = 0;
    std::from_chars(key.data(), key.data() + key.size(), at);
    return at < children_.size() && children_[at].key == key ? &children_[at] : nullptr;
  }
  if (rare_ && rare_->places) {
    const auto at = rare_->places->find(std::string(key));
    return at == rare_->places->end() ? nullptr : &children_[at->second];
  }
  for (const Child& child : children_)
    if (child.key == key) return &child;
  return nullptr;
}

/// Blocks that stand in several places can be reached on exponentially many ways: each is visited
/// once.
PARTON_DETAIL_INLINE void TreeNode::touch(std::uint64_t visit) noexcept {
  if (visit_ == visit) return;
  visit_ = visit;
  epoch_ = next_epoch();
  for (TreeNode* parent : parents_) parent->touch(visit);
}

/// Visits this node and all above it, each once.
template <class Visit>
void TreeNode::visit_ancestors(Visit visit) const {
  std::unordered_set<const TreeNode*> seen{this};
  std::vector<const TreeNode*> open{this};
  while (!open.empty()) {
    const TreeNode* node = open.back();
    open.pop_back();
    visit(*node);
    for (const TreeNode* parent : node->parents_)
      if (seen.insert(parent).second) open.push_back(parent);
  }
}

PARTON_DETAIL_INLINE bool TreeNode::is_below(const TreeNode& other) const {
  if (other.children_.empty()) return this == &other;
  bool found = false;
  visit_ancestors([&](const TreeNode& node) { found = found || &node == &other; });
  return found;
}

/// The longest way up; `known` remembers those of nodes with several parents.
PARTON_DETAIL_INLINE std::size_t TreeNode::levels_above(
    std::unordered_map<const TreeNode*, std::size_t>& known) const {
  std::size_t levels = 0;
  const TreeNode* node = this;
  for (; node->parents_.size() == 1; node = node->parents_.front()) ++levels;
  if (node->parents_.empty()) return levels;
  if (const auto at = known.find(node); at != known.end()) return levels + at->second;
  std::size_t most = 0;
  for (const TreeNode* parent : node->parents_)
    most = std::max(most, parent->levels_above(known) + 1);
  known.emplace(node, most);
  return levels + most;
}

PARTON_DETAIL_INLINE void TreeNode::check_depth(const TreeNode& child) const {
  std::unordered_map<const TreeNode*, std::size_t> known;
  const std::size_t levels = levels_above(known) + child.height_ + 2;
  if (levels > max_depth) throw errors::tree_too_deep(levels, max_depth);
}

PARTON_DETAIL_INLINE void TreeNode::raise(std::size_t levels) noexcept {
  if (height_ >= levels) return;
  height_ = static_cast<std::uint32_t>(levels);
  for (TreeNode* parent : parents_) parent->raise(levels + 1);
}

PARTON_DETAIL_INLINE void TreeNode::check_key_free(std::string_view key) const {
  check_name(key);
  if (find_parameter(key) != nullptr || find_child(key) != nullptr)
    throw errors::key_taken(key, block_->class_name());
}

PARTON_DETAIL_INLINE void TreeNode::set_given_name(std::string name) {
  if (name == given_name()) return;
  if (!name.empty()) check_name(name);
  std::swap(rare().given_name, name);
  touch();
  if (parents_.empty() && children_.empty()) return;
  if (is_irregular()) irregular_below_ = false, mark_irregular();
  try {
    check_names();
  } catch (...) {
    std::swap(rare().given_name, name);
    touch();
    throw;
  }
}

PARTON_DETAIL_INLINE void TreeNode::add_parameter(std::shared_ptr<ParameterBase> parameter) {
  check_key_free(parameter->key());
  parameters_.reserve_one();  // so that the parameter does not know an owner without it
  parameter->add_owner(*this);
  parameters_.push_back(std::move(parameter));
  touch();
  if (parents_.empty() && children_.empty()) return;
  try {
    check_names();
  } catch (...) {
    parameters_.back()->remove_owner(*this);
    parameters_.pop_back();
    touch();
    throw;
  }
}

/// Adds a child to the list alone, or nothing if there is no memory.
PARTON_DETAIL_INLINE void TreeNode::append(Child child) {
  constexpr std::size_t many = 32;
  children_.push_back(std::move(child));
  try {
    const std::size_t position = children_.size() - 1;
    keys_are_positions_ = keys_are_positions_ && children_.back().key == std::to_string(position);
    if (keys_are_positions_) return;
    if (rare_ && rare_->places) {
      rare_->places->emplace(children_.back().key, position);
    } else if (children_.size() >= many) {
      auto places = std::make_unique<std::unordered_map<std::string, std::size_t>>();
      for (std::size_t i = 0; i < children_.size(); ++i) places->emplace(children_[i].key, i);
      rare().places = std::move(places);
    }
  } catch (...) {
    children_.pop_back();
    throw;
  }
}

PARTON_DETAIL_INLINE void TreeNode::drop_last_child() noexcept {
  if (rare_ && rare_->places) rare_->places->erase(children_.back().key);
  children_.pop_back();
}

PARTON_DETAIL_INLINE void TreeNode::add_child(std::string key, std::shared_ptr<BlockBase> block) {
  if (!block) throw errors::null_block(key);
  TreeNode& child = block->node();
  check_key_free(key);
  if (is_below(child)) throw errors::block_inside_itself(key, block->class_name());
  check_depth(child);
  child.parents_.reserve_one();  // so that nothing fails after the first step
  append({std::move(key), std::move(block)});
  child.parents_.push_back(this);
  touch();
  if (child.irregular_below_ || child.is_irregular()) mark_irregular();
  try {
    check_names();
  } catch (...) {
    child.parents_.pop_back();
    drop_last_child();
    touch();
    throw;
  }
  raise(child.height_ + 1);
}

PARTON_DETAIL_INLINE void TreeNode::drop_children_from(std::size_t count) noexcept {
  while (children_.size() > count) {
    if (TreeNode* node = children_.back().block->node_or_null()) node->leave(*this);
    drop_last_child();
  }
  touch();
}

PARTON_DETAIL_INLINE void TreeNode::replace_child(std::string_view key,
                                                  std::shared_ptr<BlockBase> block) {
  if (!block) throw errors::null_block(key);
  const auto at = std::find_if(children_.begin(), children_.end(),
                               [&](const Child& child) { return child.key == key; });
  if (at == children_.end()) throw errors::no_such_child(key, block_->class_name());
  TreeNode& child = block->node();
  if (is_below(child)) throw errors::block_inside_itself(key, block->class_name());
  check_depth(child);
  child.parents_.push_back(this);
  std::swap(at->block, block);
  touch();
  if (child.irregular_below_ || child.is_irregular()) mark_irregular();
  try {
    check_names();
  } catch (...) {
    std::swap(at->block, block);
    child.parents_.pop_back();
    touch();
    throw;
  }
  raise(child.height_ + 1);
  if (TreeNode* before = block->node_or_null()) before->leave(*this);
}

PARTON_DETAIL_INLINE void TreeNode::take_place_of(TreeNode& other) noexcept {
  parents_ = std::exchange(other.parents_, {});
  for (TreeNode* parent : parents_) parent->raise(height_ + 1);
  if (!vacant_ && (irregular_below_ || is_irregular())) irregular_below_ = false, mark_irregular();
  touch();
  other.touch();
}

PARTON_DETAIL_INLINE void TreeNode::check_place_of(const TreeNode& other) const {
  if (other.is_below(*this)) throw errors::block_inside_itself(other.place(), block_->class_name());
  for (const TreeNode* parent : other.parents_) parent->check_depth(*this);
}

/// `net = std::move(net[0])` would destroy what it is moving from with the rest of net.
PARTON_DETAIL_INLINE void TreeNode::keep_source(const TreeNode& above) {
  if (rare_) rare_->source = nullptr;
  if (!is_below(above)) return;
  for (const Child& child : parents_.front()->children_)
    if (child.block.get() == block_) rare().source = child.block;
}

/// True if this block's name could meet another one: a given name, or a class name that looks
/// numbered. Ordinary automatic names are unique by construction.
PARTON_DETAIL_INLINE bool TreeNode::is_irregular() const {
  if (!given_name().empty()) return true;
  std::string buffer;
  const std::string_view kind = this->kind(buffer);
  return kind.empty() || (kind.back() >= '0' && kind.back() <= '9') ||
         kind.find('_') != std::string_view::npos;
}

PARTON_DETAIL_INLINE void TreeNode::mark_irregular() noexcept {
  if (std::exchange(irregular_below_, true)) return;
  for (TreeNode* parent : parents_) parent->mark_irregular();
}

PARTON_DETAIL_INLINE void TreeNode::check_names() const {
  const TreeNode* top = this;
  while (top->parents_.size() == 1) top = top->parents_.front();
  if (top->parents_.empty()) return top->check_names_below();
  visit_ancestors([](const TreeNode& node) {
    if (node.parents_.empty()) node.check_names_below();
  });
}

PARTON_DETAIL_INLINE void TreeNode::check_names_below() const {
  if (!irregular_below_ && !is_irregular()) return;
  const std::lock_guard lock(naming_mutex());
  number_tree();
  std::unordered_map<std::string, std::string> block_paths, parameter_paths;
  std::unordered_set<const ParameterBase*> seen;
  const auto claim = [](auto& paths, const std::string& name, const std::string& path) {
    if (const auto [at, fresh] = paths.emplace(name, path); !fresh)
      throw errors::name_clash(name, at->second, path);
  };
  std::unordered_set<const TreeNode*> met;
  const auto check = [&](const TreeNode& node, const std::string& path) {
    if (node.vacant_) return;
    const std::string name = node.plain_name();
    claim(block_paths, name, path);
    for (const auto& parameter : node.parameters_)
      if (seen.insert(parameter.get()).second)
        claim(parameter_paths, name + "_" + parameter->key(), join(path, parameter->key()));
  };
  std::string path;
  walk_below(check, path, met);
}

/// Numbers all blocks of this tree by kind in pre-order; a block with a given name takes no number.
PARTON_DETAIL_INLINE void TreeNode::number_tree() const {
  std::vector<std::pair<std::string, std::uint32_t>> counters;
  std::unordered_set<const TreeNode*> met;
  std::string buffer;
  if (rare_) rare_->first_owners.clear();
  const auto number = [&](const auto& self, const TreeNode& node, const TreeNode* parent,
                          std::size_t place) -> void {
    if (node.parents_.size() > 1 && !met.insert(&node).second) return;
    node.numbered_for_ = epoch_;
    node.first_parent_ = parent;
    node.first_place_ = static_cast<std::uint32_t>(place);
    if (node.given_name().empty() && !node.vacant_) {
      const std::string_view kind = node.kind(buffer);
      auto at = std::find_if(counters.begin(), counters.end(),
                             [&](const auto& counter) { return counter.first == kind; });
      if (at == counters.end()) at = counters.emplace(at, kind, 0);
      node.number_ = at->second++;
    }
    for (const auto& parameter : node.parameters_)
      if (parameter->has_several_owners()) rare().first_owners.emplace(parameter.get(), &node);
    for (std::size_t i = 0; i < node.children_.size(); ++i)
      self(self, *node.children_[i].block->node_or_null(), &node, i);
  };
  number(number, *this, nullptr, 0);
}

PARTON_DETAIL_INLINE void TreeNode::append_plain_name(std::string& text) const {
  if (rare_ && !rare_->given_name.empty()) {
    text += rare_->given_name;
    return;
  }
  std::string buffer;
  (text += kind(buffer)) += std::to_string(number_);
}

PARTON_DETAIL_INLINE std::string TreeNode::plain_name() const {
  std::string name;
  append_plain_name(name);
  return name;
}

PARTON_DETAIL_INLINE std::string TreeNode::block_name() const {
  const std::lock_guard lock(naming_mutex());
  number_for(root());
  return plain_name();
}

PARTON_DETAIL_INLINE std::string TreeNode::numbered_path() const {
  std::string result;
  for (const TreeNode* node = this; node->first_parent_ != nullptr; node = node->first_parent_) {
    const std::string& key = node->first_parent_->children_[node->first_place_].key;
    result.insert(0, result.empty() ? key : key + ".");
  }
  return result;
}

PARTON_DETAIL_INLINE std::string TreeNode::path() const {
  const std::lock_guard lock(naming_mutex());
  number_for(root());
  return numbered_path();
}

PARTON_DETAIL_INLINE std::string TreeNode::place() const {
  std::string result;
  for (const TreeNode* node = this; !node->parents_.empty(); node = node->parents_.front())
    for (const Child& child : node->parents_.front()->children_)
      if (child.block.get() == node->block_) {
        result = result.empty() ? child.key : child.key + "." + result;
        break;
      }
  return result;
}

/// A shared parameter is named after the first block in pre-order that holds it.
PARTON_DETAIL_INLINE const TreeNode& TreeNode::owner_within(const TreeNode& top,
                                                            const ParameterBase& parameter) const {
  number_for(top);
  if (!parameter.has_several_owners()) return *this;
  if (!top.rare_) return *this;
  const auto at = top.rare_->first_owners.find(&parameter);
  if (at == top.rare_->first_owners.end()) return *this;
  at->second->number_for(top);
  return *at->second;
}

PARTON_DETAIL_INLINE std::string TreeNode::parameter_name(const ParameterBase& parameter) const {
  const std::lock_guard lock(naming_mutex());
  return owner_within(root(), parameter).plain_name() + "_" + parameter.key();
}

PARTON_DETAIL_INLINE std::string TreeNode::parameter_path(const ParameterBase& parameter) const {
  const std::lock_guard lock(naming_mutex());
  return join(owner_within(root(), parameter).numbered_path(), parameter.key());
}

PARTON_DETAIL_INLINE std::unordered_map<const ParameterBase*, std::string>
TreeNode::parameter_names() const {
  std::unordered_map<const ParameterBase*, std::string> names;
  visit_named([&](std::string_view name, std::string_view, const auto& parameter) {
    names.emplace(parameter.get(), name);
  });
  return names;
}

PARTON_DETAIL_INLINE std::string TreeNode::prefix(bool own_only) const {
  if (const auto source = own_only ? tied_to() : nullptr)
    if (const auto* node = dynamic_cast<const TreeNode*>(source.get());
        node != nullptr && &node->root() == &root())
      return node->block_name() + "_";
  return block_name() + "_";
}

}  // namespace parton::detail
