// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include <parton/fwd.hpp>

namespace parton::detail {

/// Lays the words of an array out in brackets and lines; `word(position)` is one element's text.
class ArrayLayout {
 public:
  static constexpr Index threshold = 1000, edge = 3;
  static constexpr std::size_t line_width = 75;

  explicit ArrayLayout(std::span<const Index> dims) : dims_(dims) {
    Index size = 1;
    for (const Index dim : dims) size *= dim;
    summarized_ = size > threshold;
  }

  /// Calls f(position) for every element that is shown.
  template <class Function>
  void for_each_shown(const Function& f, std::size_t axis = 0, Index position = 0) const {
    if (axis == dims_.size()) return f(position);
    for (Index i = 0; i < dims_[axis]; ++i) {
      if (cuts(axis) && i == edge) i = dims_[axis] - edge;
      for_each_shown(f, axis + 1, position * dims_[axis] + i);
    }
  }

  [[nodiscard]] std::string text(const std::function<std::string(Index)>& word) const {
    return level(word, 0, 0, 1, line_width);
  }

 private:
  [[nodiscard]] bool cuts(std::size_t axis) const { return summarized_ && dims_[axis] > 2 * edge; }

  [[nodiscard]] std::string level(const std::function<std::string(Index)>& word, std::size_t axis,
                                  Index position, std::size_t indent, std::size_t width) const {
    if (axis == dims_.size()) return word(position);
    const std::size_t axes_left = dims_.size() - axis;
    std::string result, line(indent, ' ');
    for (Index i = 0; i < dims_[axis]; ++i) {
      const bool dots = cuts(axis) && i == edge;
      if (dots) i = dims_[axis] - edge - 1;
      const std::string item =
          dots ? "..." : level(word, axis + 1, position * dims_[axis] + i, indent + 1, width - 1);
      const bool last = i + 1 == dims_[axis];
      if (axes_left > 1) {
        result += std::string(indent, ' ') + item + (last ? "" : std::string(axes_left - 1, '\n'));
        continue;
      }
      if (line.size() + item.size() > width - 1 && line.size() > indent) {
        while (line.back() == ' ') line.pop_back();
        result += line + '\n';
        line.assign(indent, ' ');
      }
      line += item + (last ? "" : " ");
    }
    if (axes_left == 1) result += line;
    return "[" + result.substr(indent) + "]";
  }

  std::span<const Index> dims_;
  bool summarized_;
};

}  // namespace parton::detail
