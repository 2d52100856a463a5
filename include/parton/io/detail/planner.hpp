// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/detail/nearest.hpp>
#include <parton/detail/std_pattern.hpp>
#include <parton/io/detail/checkpoint_text.hpp>
#include <parton/io/detail/net_view.hpp>
#include <parton/io/file.hpp>
#include <parton/io/plan.hpp>

namespace parton::io {

/// A rule that gives tensors of a file another name: wherever the pattern is found in the name, the
/// replacement takes its place; `$1` is the first group. `{"^fc1\\.", "0."}`
struct Rename {
  std::string pattern;
  std::string replacement;
};

/// Which dtypes of a file are taken.
enum class DtypeRule {
  same,    ///< only the net's own
  widen,   ///< floating ones that lose nothing too: bfloat16 into a float net
  convert  ///< any number, rounded to the nearest; one that would become infinite is an error
};

namespace detail {

/// Applies rules of renaming, in order.
class Renamer {
 public:
  /// \throws PatternError
  template <class Rules>
  explicit Renamer(const Rules& rules) {
    for (const auto& rule : rules)
      rules_.push_back([pattern = parton::detail::compile_pattern(rule.pattern),
                        replacement = rule.replacement](const std::string& name) {
        return std::regex_replace(name, pattern, replacement);
      });
  }
  [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }
  /// The new name; longer than max_tensor_name if a rule makes it so.
  [[nodiscard]] std::string operator()(std::string name) const {
    for (const auto& rule : rules_) {
      if (name.size() > max_tensor_name) break;
      name = rule(name);
    }
    return name;
  }

 private:
  std::vector<std::function<std::string(const std::string&)>> rules_;
};

/// Works out what a load does.
class Planner {
 public:
  Planner(const File& file, const std::vector<NetEntry>& net, const Renamer& rename,
          DtypeRule dtypes)
      : file_(file), net_(net), rename_(rename), dtypes_(dtypes), sources_(net.size(), nullptr) {
    plan_.file = file.path();
    for (std::size_t i = 0; i < net.size(); ++i) {
      places_.emplace(net[i].path, i);
      for (const std::string& alias : net[i].aliases) places_.emplace(alias, i);
    }
    // What MXNet's export() writes; a path of the same spelling goes first.
    for (std::size_t i = 0; i < net.size(); ++i) places_.emplace(net[i].parameter->name(), i);
  }

  LoadPlan plan() {
    for (const TensorInfo& info : file_.tensors()) place(info);
    for (const auto& [alias, name] : file_.metadata()) check_alias(alias, name);
    for (auto& [info, renamed] : homeless_) {
      if (std::find(sources_.begin(), sources_.end(), info) != sources_.end()) continue;
      plan_.extra.push_back(info->name);
      if (renamed != info->name) plan_.extra_renamed.emplace(info->name, std::move(renamed));
    }
    for (std::size_t i = 0; i < net_.size(); ++i)
      if (net_[i].selected) match(i);
    find_nearest();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] const std::size_t* find_place(const std::string& path) const {
    const auto at = places_.find(path);
    return at == places_.end() ? nullptr : &at->second;
  }

  /// The new name of a name in the file. A search takes the square of a name's length, so a file of
  /// long names only could keep it busy for hours. \throws FormatError
  [[nodiscard]] std::string rename(const std::string& name) {
    constexpr std::size_t usual = 256, most = 200'000'000;
    if (!rename_.empty() && name.size() > usual && (searched_ += name.size() * name.size()) > most)
      throw errors::names_too_long_to_rename(file_.path(), name, usual);
    return rename_(name);
  }

  /// Finds the parameter of a tensor.
  void place(const TensorInfo& info) {
    if (info.name.starts_with(checkpoint_prefix)) return;  // the state of a Trainer
    std::string path = rename(info.name);
    if (path.size() > max_tensor_name) {
      plan_.conflicts.push_back("the rules give " + errors::shown_name(info.name) + " a name of " +
                                std::to_string(path.size()) + " bytes: the limit is " +
                                std::to_string(max_tensor_name));
      return;
    }
    const std::size_t* const at = find_place(path);
    if (at == nullptr) {
      homeless_.emplace_back(&info, std::move(path));
      return;
    }
    if (!net_[*at].selected) return;
    const TensorInfo*& source = sources_[*at];
    if (source == nullptr) {
      source = &info;
    } else if (rename(source->name) == path) {
      plan_.conflicts.push_back("two tensors for " + path + ": the rules give both " +
                                errors::shown_name(source->name) + " and " +
                                errors::shown_name(info.name) + " this name");
    } else if (!same_values(*source, info, net_[*at])) {
      plan_.conflicts.push_back("tied in the net, but not in the file: " + net_[*at].path +
                                " and " + path + " are one parameter, and " +
                                errors::shown_name(source->name) + " and " +
                                errors::shown_name(info.name) + " have different values");
    }
  }

  /// Reads both, which may unpack them, only where the parameter has room for them.
  [[nodiscard]] bool same_values(const TensorInfo& a, const TensorInfo& b,
                                 const NetEntry& entry) const {
    if (a.dtype != b.dtype || !(a.shape == b.shape) || a.column_major != b.column_major ||
        a.big_endian != b.big_endian)
      return false;
    if (!entry.parameter->shape().accepts(found_shape(a, entry))) return true;  // match() says so
    const Bytes left = file_.bytes(a), right = file_.bytes(b);
    return a.bytes == 0 ||
           std::memcmp(left.data, right.data, static_cast<std::size_t>(a.bytes)) == 0;
  }

  /// A key of the metadata whose value is the name of a tensor says that both are one parameter.
  void check_alias(const std::string& alias, const std::string& name) {
    const TensorInfo* const kept = file_.find(name);
    if (kept == nullptr || alias.size() > max_tensor_name || file_.contains(alias)) return;
    const std::string path = rename(alias), kept_path = rename(name);
    const std::size_t* const at = find_place(path);
    const std::size_t* const kept_at = find_place(kept_path);
    if (at == nullptr || !net_[*at].selected) return;
    if (kept_at == nullptr) {
      if (sources_[*at] == nullptr) sources_[*at] = kept;
    } else if (*at != *kept_at) {
      plan_.conflicts.push_back(
          "tied in the file, but not in the net: " + errors::shown_name(alias) + " and " +
          errors::shown_name(name) + " are one tensor, and " + net_[*at].path + " and " +
          net_[*kept_at].path + " are two parameters; tie them with {.params = ...}");
    }
  }

  [[nodiscard]] static Shape found_shape(const TensorInfo& info, const NetEntry& entry) {
    return entry.transpose ? reversed(info.shape) : info.shape;
  }

  void match(std::size_t i) {
    const NetEntry& entry = net_[i];
    const TensorInfo* const info = sources_[i];
    if (info == nullptr) {
      plan_.missing.push_back({entry.path, {}});
      return;
    }
    const Shape found = found_shape(*info, entry);
    const Dtype wanted = entry.dtype();
    bool fits = true;
    if (!entry.parameter->shape().accepts(found)) {
      plan_.shapes_differ.push_back({entry.path, info->name, entry.parameter->shape().to_string(),
                                     found.to_string() + (entry.transpose ? " transposed" : "")});
      fits = false;
    }
    if (!is_held(info->dtype) || !(info->dtype == wanted || dtypes_ == DtypeRule::convert ||
                                   (dtypes_ == DtypeRule::widen && widens(info->dtype, wanted)))) {
      plan_.dtypes_differ.push_back(
          {entry.path, info->name, std::string(to_string(wanted)),
           std::string(to_string(info->dtype)) + (!is_held(info->dtype) ? ", which cannot be read"
                                                  : dtypes_ == DtypeRule::widen
                                                      ? "; .dtype = io::DtypeRule::convert rounds"
                                                      : "")});
      fits = false;
    }
    if (fits)
      plan_.matched.push_back(
          {entry.path, info->name, found, info->dtype, wanted, entry.transpose});
  }

  /// For the first missing ones, among so many names that nobody waits for it.
  void find_nearest() {
    std::vector<std::string> candidates;
    std::size_t length = 0;
    for (const std::string& extra : plan_.extra) {
      const auto renamed = plan_.extra_renamed.find(extra);
      const std::string& name = renamed == plan_.extra_renamed.end() ? extra : renamed->second;
      length += name.size();
      if (length > 50'000) break;
      candidates.push_back(name);
    }
    for (std::size_t i = 0; i < plan_.missing.size() && i < 20; ++i)
      plan_.missing[i].nearest = parton::detail::nearest_names(plan_.missing[i].path, candidates);
  }

  const File& file_;
  const std::vector<NetEntry>& net_;
  const Renamer& rename_;
  DtypeRule dtypes_;
  std::size_t searched_ = 0;
  std::map<std::string, std::size_t> places_;  // every path of every parameter
  std::vector<const TensorInfo*> sources_;     // for each parameter
  std::vector<std::pair<const TensorInfo*, std::string>> homeless_;  // and their new names
  LoadPlan plan_;
};

}  // namespace detail

}  // namespace parton::io
