// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <parton/detail/compiled.hpp>
#include <parton/detail/type_name.hpp>
#include <parton/nn/detail/few.hpp>
#include <parton/parameter/dict.hpp>

/// \file The one registry: what a block has registered, and the names and paths that follow from
/// it.
///
/// Nothing here depends on a scalar. A block owns its node on the heap, so that registered children
/// and parameters keep their addresses when the block is moved.

namespace parton::detail {

class TreeNode;

/// The part of a block that the tree needs to know.
class BlockBase {
 public:
  virtual ~BlockBase() = default;

  /// The class's name without namespace and template arguments, as it is printed: `FancyMLP`.
  [[nodiscard]] virtual std::string class_name() const;
  /// What its automatic name begins with: the class's name in lower case.
  [[nodiscard]] virtual std::string kind() const;
  /// The same as a string that stays; null where kind() has to be asked.
  [[nodiscard]] virtual const std::string* kept_kind() const { return nullptr; }
  /// A new block of the same class and options, without values; null where only the registration
  /// knows how to make one. What clone() is built on.
  [[nodiscard]] virtual std::shared_ptr<BlockBase> make_like() const { return nullptr; }
  /// True if children may be added from outside, as to a Sequential.
  [[nodiscard]] virtual bool is_container() const noexcept { return false; }

  /// What is registered here. \throws Error for a block that was moved from.
  [[nodiscard]] TreeNode& node() const;
  [[nodiscard]] TreeNode* node_or_null() const noexcept { return node_.get(); }
  [[nodiscard]] const std::shared_ptr<TreeNode>& shared_node() const {
    static_cast<void>(node());
    return node_;
  }

 protected:
  BlockBase();
  BlockBase(const BlockBase&) = delete;
  BlockBase& operator=(const BlockBase&) = delete;
  // The node must know where its block is; and a block that moves out of a tree leaves it.
  // A place in a tree stays behind, vacant, for a block that is assigned to it.
  BlockBase(BlockBase&& other) noexcept;
  /// Takes this block's place in its tree. \throws NameError if the tree does not allow it.
  BlockBase& operator=(BlockBase&& other);

 private:
  std::shared_ptr<TreeNode> move_out(BlockBase& to);
  std::shared_ptr<TreeNode> node_;
};

/// What clone() and cast() supply while a new block of the same structure is being constructed.
class CloneSession {
 public:
  /// The copy of a parameter or of a child; the same one for the same original.
  virtual std::shared_ptr<ParameterBase> parameter(
      const std::shared_ptr<ParameterBase>& original) = 0;
  virtual std::shared_ptr<BlockBase> block(const BlockBase& original) = 0;

 protected:
  ~CloneSession() = default;
};

/// Set just before a clone is constructed; taken by the first block that is.
struct PendingClone {
  const TreeNode* original = nullptr;
  CloneSession* session = nullptr;

  static PendingClone& current() {
    thread_local PendingClone pending;
    return pending;
  }
};

/// A block's children, parameters and place in the tree.
class TreeNode final : public Owner, public NameSource {
 public:
  struct Child {
    std::string key;
    std::shared_ptr<BlockBase> block;
  };
  using Parameters = Few<std::shared_ptr<ParameterBase>, 2>;
  using Maker = std::shared_ptr<BlockBase> (*)(const BlockBase&);

  /// How many levels of blocks a tree may have: traversals and destructors recurse.
  static constexpr std::size_t max_depth = 1000;

  explicit TreeNode(const BlockBase& block);
  /// Keeps the place of a block that was moved out of its tree, until another is assigned to it.
  struct Vacant {};
  TreeNode(const BlockBase& block, Vacant);
  TreeNode(const TreeNode&) = delete;
  TreeNode& operator=(const TreeNode&) = delete;
  ~TreeNode() override;

  [[nodiscard]] const BlockBase& block() const noexcept { return *block_; }
  [[nodiscard]] bool is_vacant() const noexcept { return vacant_; }
  void block_moved_to(const BlockBase& block) noexcept { block_ = &block; }
  [[nodiscard]] const std::vector<Child>& children() const noexcept { return children_; }
  [[nodiscard]] const Parameters& parameters() const noexcept { return parameters_; }
  [[nodiscard]] ParameterBase* find_parameter(std::string_view key) const noexcept;
  [[nodiscard]] const Child* find_child(std::string_view key) const;

  // Registration. Each checks first and changes nothing if it throws.

  void set_given_name(std::string name);
  [[nodiscard]] const std::string& given_name() const noexcept {
    static const std::string none;
    return rare_ ? rare_->given_name : none;
  }
  void add_parameter(std::shared_ptr<ParameterBase> parameter);
  void add_child(std::string key, std::shared_ptr<BlockBase> block);
  /// Takes back the children that were added since there were `count` of them.
  void drop_children_from(std::size_t count) noexcept;
  /// Puts another block in a child's place; names and paths follow.
  void replace_child(std::string_view key, std::shared_ptr<BlockBase> block);
  [[nodiscard]] bool has_parents() const noexcept { return !parents_.empty(); }
  /// Takes the place of `other` in its parents.
  void take_place_of(TreeNode& other) noexcept;
  /// Throws if that would make a cycle or a tree too deep. \throws NameError
  void check_place_of(const TreeNode& other) const;
  /// Checks the names in all trees that this node stands in. \throws NameError giving both paths
  void check_names() const;
  /// Keeps the block that this node is about to be moved out of alive, if it hangs below `above`.
  void keep_source(const TreeNode& above);

  // Cloning.

  [[nodiscard]] PendingClone clone_of() const noexcept {
    return rare_ ? rare_->clone_of : PendingClone();
  }
  void end_clone() noexcept {
    if (rare_) rare_->clone_of = {};
  }
  void set_maker(Maker function) noexcept { maker_ = function; }
  [[nodiscard]] Maker maker() const noexcept { return maker_; }
  /// The block whose parameters this one was asked to share, if any.
  void set_tied_to(std::weak_ptr<const NameSource> source) { rare().tied_to = std::move(source); }
  [[nodiscard]] std::shared_ptr<const NameSource> tied_to() const {
    return rare_ ? rare_->tied_to.lock() : nullptr;
  }

  // Names and paths, from the outermost block on.

  [[nodiscard]] const TreeNode& root() const noexcept {
    const TreeNode* node = this;
    while (!node->parents_.empty()) node = node->parents_.front();
    return *node;
  }
  [[nodiscard]] std::uint64_t epoch() const override { return root().epoch_; }
  [[nodiscard]] std::string block_name() const;
  [[nodiscard]] std::string path() const;
  /// The same, found without looking at other blocks: for one that was moved from.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::string parameter_name(const ParameterBase& parameter) const override;
  [[nodiscard]] std::string parameter_path(const ParameterBase& parameter) const override;
  [[nodiscard]] std::unordered_map<const ParameterBase*, std::string> parameter_names()
      const override;

  /// `dense0_`; of its own parameters alone, that of the block whose parameters it shares, if it
  /// does.
  [[nodiscard]] std::string prefix(bool own_only) const override;

  /// Visits this node and all below it in pre-order, each block once: `visit(node, path)`, with
  /// paths from this node on.
  template <class Visit>
  void walk(Visit&& visit) const {
    std::unordered_set<const TreeNode*> seen;
    std::string path;
    walk_below(visit, path, seen);
  }

  /// Visits each parameter once: this block's own ones first, then its children's, depth first:
  /// `visit(path, parameter)`, with paths from this node on. Builds no names, and all paths in one
  /// buffer.
  template <class Visit>
  void visit_parameters(Visit&& visit) const {
    std::string full;
    walk_parameters([&](const TreeNode&, const std::string& path, const auto& parameter) {
      full.assign(path);
      extend(full, parameter->key());
      visit(std::string_view(full), parameter);
    });
  }

  /// The same, or only this block's own ones, with their full names and with paths from the
  /// outermost block on: `visit(name, path, parameter)`. Holds the lock of names meanwhile.
  template <class Visit>
  void visit_named(Visit&& visit, bool own_only = false) const {
    const std::lock_guard lock(naming_mutex());
    const TreeNode& top = root();
    std::string name, full;
    const auto named = [&](const TreeNode& node, const std::string& path, const auto& parameter) {
      const TreeNode& owner = node.owner_within(top, *parameter);
      name.clear();
      owner.append_plain_name(name);
      (name += '_') += parameter->key();
      if (this == &top && &owner == &node)
        full.assign(path);
      else
        full = owner.numbered_path();
      extend(full, parameter->key());
      visit(std::string_view(name), std::string_view(full), parameter);
    };
    walk_parameters(named, own_only);
  }

  /// Of a block that stands in more places, the first ones count as its places: thirty blocks, each
  /// of which holds the next one twice, make a billion.
  static constexpr std::size_t max_occurrences = 1000;

  /// The same with every occurrence of a block that stands in several places, for aliases; but of
  /// none more than max_occurrences.
  template <class Visit>
  void walk_occurrences(Visit&& visit) const {
    std::unordered_map<const TreeNode*, std::size_t> visits;
    walk_occurrences_below(visit, std::string(), visits);
  }

  [[nodiscard]] static std::string join(const std::string& path, std::string_view key) {
    std::string result(path);
    extend(result, key);
    return result;
  }
  static void extend(std::string& path, std::string_view key) {
    if (!path.empty()) path += '.';
    path += key;
  }

 private:
  /// Visits each parameter once, with its node and that one's path from this node on.
  template <class Visit>
  void walk_parameters(const Visit& visit, bool own_only = false) const {
    std::unordered_set<const ParameterBase*> seen;
    const auto list = [&](const TreeNode& node, const std::string& path) {
      static_cast<void>(node.block_->node());  // throws for one that was moved from
      for (const auto& parameter : node.parameters_)
        if (!parameter->has_several_owners() || seen.insert(parameter.get()).second)
          visit(node, path, parameter);
    };
    if (own_only)
      list(*this, std::string());
    else
      walk(list);
  }
  template <class Visit, class Seen>
  void walk_below(Visit& visit, std::string& path, Seen& seen) const {
    if (parents_.size() > 1 && !seen.insert(this).second) return;
    visit(*this, std::as_const(path));
    const std::size_t length = path.size();
    for (const Child& child : children_) {
      extend(path, child.key);
      child.block->node_or_null()->walk_below(visit, path, seen);
      path.resize(length);
    }
  }

  template <class Visit, class Visits>
  void walk_occurrences_below(Visit& visit, const std::string& path, Visits& visits) const {
    // What is below has been visited as often by then.
    if (++visits[this] > max_occurrences) return;
    visit(*this, path);
    for (const Child& child : children_)
      child.block->node().walk_occurrences_below(visit, join(path, child.key), visits);
  }

  void leave(const TreeNode& parent) noexcept {
    // Once for each place in that parent.
    const auto at = std::find(parents_.begin(), parents_.end(), &parent);
    if (at != parents_.end()) parents_.erase(at);
    touch();
  }
  void append(Child child);
  void drop_last_child() noexcept;
  void touch() noexcept { touch(next_epoch()); }
  void touch(std::uint64_t visit) noexcept;
  template <class Visit>
  void visit_ancestors(Visit visit) const;
  [[nodiscard]] bool is_below(const TreeNode& other) const;
  [[nodiscard]] std::size_t levels_above(
      std::unordered_map<const TreeNode*, std::size_t>& known) const;
  void check_depth(const TreeNode& child) const;
  void raise(std::size_t levels) noexcept;
  [[nodiscard]] bool is_irregular() const;
  void mark_irregular() noexcept;
  void check_names_below() const;
  void check_key_free(std::string_view key) const;

  // Names are worked out on demand, for a whole tree at once, and kept until the tree changes.
  static std::recursive_mutex& naming_mutex() {
    static std::recursive_mutex mutex;
    return mutex;
  }
  void number_tree() const;
  /// Numbers the tree of `top` unless this node carries its numbers: a block that stands in two
  /// trees is numbered for one at a time.
  void number_for(const TreeNode& top) const {
    if (numbered_for_ != top.epoch_) top.number_tree();
  }
  /// kind(), in `buffer` if it has to be made.
  [[nodiscard]] std::string_view kind(std::string& buffer) const {
    if (const std::string* kept = block_->kept_kind()) return *kept;
    buffer = block_->kind();
    return buffer;
  }
  [[nodiscard]] std::string plain_name() const;
  void append_plain_name(std::string& text) const;
  [[nodiscard]] std::string numbered_path() const;
  [[nodiscard]] const TreeNode& owner_within(const TreeNode& top,
                                             const ParameterBase& parameter) const;

  /// What few nodes have.
  struct Rare {
    std::string given_name;
    std::weak_ptr<const NameSource> tied_to;
    PendingClone clone_of;
    std::shared_ptr<BlockBase> source;  // see keep_source()
    std::unordered_map<const ParameterBase*, const TreeNode*>
        first_owners;  // of shared parameters; at the root
    // Children by key, where there are so many that looking through them would take long.
    std::unique_ptr<std::unordered_map<std::string, std::size_t>> places;
  };
  [[nodiscard]] Rare& rare() const {
    if (!rare_) rare_ = std::make_unique<Rare>();
    return *rare_;
  }

  const BlockBase* block_;
  std::vector<Child> children_;
  Parameters parameters_;
  Few<TreeNode*, 1> parents_;  // one for each place that it stands in
  mutable std::unique_ptr<Rare> rare_;
  Maker maker_ = nullptr;
  bool vacant_ = false;
  bool irregular_below_ = false;    // some name in this tree could meet another one
  bool keys_are_positions_ = true;  // the children's are "0", "1", ...
  std::uint32_t height_ = 0;        // levels below this one, at least
  std::uint64_t visit_ = 0;         // marks what touch() has been to
  std::uint64_t epoch_ =
      next_epoch();  // another one, unique in the process, whenever this tree changes

  mutable std::uint64_t numbered_for_ = 0;  // the root's epoch when this was
  mutable std::uint32_t number_ = 0;
  // In pre-order, when it stands in several places: its parent, and which child of it it is.
  mutable std::uint32_t first_place_ = 0;
  mutable const TreeNode* first_parent_ = nullptr;

  static std::uint64_t next_epoch() noexcept {
    static std::atomic<std::uint64_t> epochs{0};
    return epochs.fetch_add(1, std::memory_order_relaxed) + 1;
  }
};

}  // namespace parton::detail

#if PARTON_DETAIL_BODIES
#include <parton/nn/detail/tree_impl.hpp>
#endif
