// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <parton/detail/error_text.hpp>
#include <parton/io/dtype.hpp>
#include <parton/tensor/shape.hpp>

namespace parton::io {

/// What a load would do, or why it cannot. It prints as a report.
struct LoadPlan {
  /// A parameter and the tensor that it gets.
  struct Match {
    std::string path;
    /// The tensor's name in the file; not the path if a rule renamed it.
    std::string tensor;
    Shape shape = {};
    Dtype from = Dtype::float32;
    Dtype to = Dtype::float32;
    bool transposed = false;
  };
  /// A parameter and a tensor that does not fit it.
  struct Mismatch {
    std::string path;
    std::string tensor;
    std::string expected;
    std::string found;
  };
  struct Missing {
    std::string path;
    /// The most similar names in the file.
    std::vector<std::string> nearest;
  };

  std::string file;
  std::vector<Match> matched;
  std::vector<Missing> missing;
  /// Tensors of the file that the net has no place for.
  std::vector<std::string> extra;
  /// What the rules of renaming make of extra names, where that is another name.
  std::map<std::string, std::string> extra_renamed = {};
  std::vector<Mismatch> shapes_differ;
  std::vector<Mismatch> dtypes_differ;
  /// Ties that contradict the file, two tensors for one parameter, and other things said in words.
  std::vector<std::string> conflicts;
  bool allow_missing = false;
  bool ignore_extra = false;

  /// Whether the load can be done.
  [[nodiscard]] bool ok() const noexcept {
    return shapes_differ.empty() && dtypes_differ.empty() && conflicts.empty() &&
           (allow_missing || missing.empty()) && (ignore_extra || extra.empty());
  }

  /// What stands in the way, a line for each; empty if nothing does.
  [[nodiscard]] std::string problems() const {
    std::string text;
    std::size_t lines = 0, left_out = 0;
    const auto line = [&](const std::string& what) {
      constexpr std::size_t most = 50;
      if (++lines > most)
        ++left_out;
      else
        text += "\n  " + what;
    };
    for (const Mismatch& item : shapes_differ) line(describe(item, "the shape"));
    for (const Mismatch& item : dtypes_differ) line(describe(item, "the dtype"));
    for (const std::string& conflict : conflicts) line(conflict);
    if (!allow_missing)
      for (const Missing& item : missing) line(describe(item));
    if (!ignore_extra)
      for (const std::string& name : extra) line(describe_extra(name));
    if (left_out > 0) text += "\n  and " + std::to_string(left_out) + " more";
    return text;
  }

  [[nodiscard]] std::string to_string() const {
    std::string text = "load of '" + file + "': " + std::to_string(matched.size()) + " matched, " +
                       std::to_string(missing.size()) + " missing, " +
                       std::to_string(extra.size()) + " extra, " +
                       std::to_string(shapes_differ.size() + dtypes_differ.size()) +
                       " mismatched, " + std::to_string(conflicts.size()) +
                       " in conflict: " + (ok() ? "can be done" : "cannot be done");
    for (const Match& item : matched) {
      text += "\n  matched: " + item.path + ' ' + item.shape.to_string();
      if (item.tensor != item.path) text += ", from " + errors::shown_name(item.tensor);
      if (item.transposed) text += ", transposed";
      if (item.from != item.to)
        text += ", " + std::string(io::to_string(item.from)) + " as " +
                std::string(io::to_string(item.to));
    }
    for (const Mismatch& item : shapes_differ) text += "\n  " + describe(item, "the shape");
    for (const Mismatch& item : dtypes_differ) text += "\n  " + describe(item, "the dtype");
    for (const std::string& conflict : conflicts) text += "\n  " + conflict;
    for (const Missing& item : missing)
      text += "\n  " + describe(item) + (allow_missing ? " (allowed)" : "");
    for (const std::string& name : extra)
      text += "\n  " + describe_extra(name) + (ignore_extra ? " (ignored)" : "");
    return text;
  }

  friend std::ostream& operator<<(std::ostream& os, const LoadPlan& plan) {
    return os << plan.to_string() << '\n';
  }

 private:
  [[nodiscard]] std::string describe_extra(const std::string& name) const {
    const auto renamed = extra_renamed.find(name);
    return "extra: " + errors::shown_name(name) +
           (renamed == extra_renamed.end() ? std::string()
                                           : ", renamed to " + errors::shown_name(renamed->second));
  }
  [[nodiscard]] static std::string describe(const Mismatch& item, const std::string& what) {
    return "mismatched: " + item.path + " has " + what + ' ' + item.expected + ", the file's " +
           errors::shown_name(item.tensor) + " has " + item.found;
  }
  [[nodiscard]] static std::string describe(const Missing& item) {
    return "missing: " + item.path + parton::detail::did_you_mean(item.nearest);
  }
};

}  // namespace parton::io
