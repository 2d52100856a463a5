// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include <parton/error.hpp>
#include <parton/report/detail/short_number.hpp>
#include <parton/report/detail/terminal.hpp>
#include <parton/tensor/shape.hpp>

/// \file A line that tells how far a long loop has come.

namespace parton {

/// Where and how a Progress draws.
struct ProgressOptions {
  /// What stands before the bar: `epoch 3`.
  std::string label = {};
  /// null for std::cerr, so that a program's output stays its own.
  std::ostream* stream = nullptr;
  /// Nothing is drawn if false; by default, whether the stream is a terminal.
  std::optional<bool> is_terminal = std::nullopt;
  /// Seconds between two drawings, at the least.
  double interval = 0.1;
  /// Seconds from any fixed moment; by default a steady clock.
  std::function<double()> clock = {};
};

/// What a Progress shows beside the bar.
struct ProgressValues {
  std::optional<double> loss = std::nullopt;
};

namespace detail {

/// The drawing; what is counted is Progress's business.
class ProgressLine {
 public:
  static constexpr std::size_t width = 79;  // a longer line would wrap and could not be redrawn

  ProgressLine(Index total, ProgressOptions options) : options_(std::move(options)), total_(total) {
    if (total < 0) throw errors::negative_progress(total);
    if (options_.stream == nullptr) options_.stream = &std::cerr;
    enabled_ = options_.is_terminal.value_or(is_terminal(*options_.stream));
    if (enabled_) started_ = now();
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    try {
      clear();
    } catch (...) {  // a stream with exceptions on: there is nobody to tell
    }
  }

  /// Counts one step, and draws if it is time to. What is not given stays as it was.
  void step(const ProgressValues& values = {}) {
    ++done_;
    show(values);
  }

  /// Changes what is shown without counting a step.
  void show(const ProgressValues& values) {
    if (values.loss) values_.loss = values.loss;
    if (!enabled_) return;
    const double time = now();
    if (drawn_at_ && time - *drawn_at_ < options_.interval) return;
    drawn_at_ = time;
    *options_.stream << '\r' << padded_right(text(time - started_), drawn_width_) << std::flush;
    drawn_width_ = text(time - started_).size();
  }

  /// Takes the line away, so that something else can be printed; the next step may draw it again.
  void clear() {
    if (drawn_width_ == 0) return;
    *options_.stream << '\r' << std::string(drawn_width_, ' ') << '\r' << std::flush;
    drawn_width_ = 0;
  }

  [[nodiscard]] Index done() const noexcept { return done_; }
  [[nodiscard]] Index total() const noexcept { return total_; }

 private:
  [[nodiscard]] double now() const {
    if (options_.clock) return options_.clock();
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double>(since).count();
  }

  /// `train  37% [#######.............]  370/1000  loss 0.1234  512/s  0:01 left`
  [[nodiscard]] std::string text(double seconds) const {
    constexpr Index bar_width = 20;
    const Index shown = std::min(done_, total_);
    const double share = total_ == 0 ? 1 : static_cast<double>(shown) / static_cast<double>(total_);
    const auto filled = static_cast<std::size_t>(share * bar_width);
    std::string line = options_.label.empty() ? "" : options_.label + "  ";
    line += padded_left(std::to_string(static_cast<int>(100 * share)), 3) + "% [" +
            std::string(filled, '#') + std::string(bar_width - filled, '.') + "]  " +
            std::to_string(done_) + "/" + std::to_string(total_);
    if (values_.loss) line += "  loss " + short_number(*values_.loss);
    if (done_ > 0 && seconds > 0) {
      const double rate = static_cast<double>(done_) / seconds;
      line += "  " + (rate >= 10 ? fixed_number(rate, 0) : short_number(rate, 2)) + "/s";
      line += "  " + minutes(static_cast<double>(total_ - shown) / rate) + " left";
    }
    return line.substr(0, width);
  }

  static std::string minutes(double seconds) {
    if (!(seconds < 360000)) return "long";  // 100 hours
    const auto all = static_cast<int>(std::ceil(seconds));
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return all < 3600 ? std::to_string(all / 60) + ":" + two(all % 60)
                      : std::to_string(all / 3600) + ":" + two(all / 60 % 60) + ":" + two(all % 60);
  }

  ProgressOptions options_;
  ProgressValues values_;
  Index total_;
  Index done_ = 0;
  bool enabled_ = false;
  double started_ = 0;
  std::optional<double> drawn_at_;
  std::size_t drawn_width_ = 0;
};

}  // namespace detail

/// A progress bar with loss, rate and the time left, for long loops.
///
/// \code
/// for (int i : Progress(1000)) work(i);               // counts by itself
///
/// Progress progress(1000, {.label = "train"});        // or is told
/// while (...) progress.step({.loss = loss});
/// \endcode
///
/// In a loop over it, `show({.loss = loss})` adds the loss without counting. It draws on std::cerr,
/// about ten times a second and only on a terminal; the line is taken away when the Progress ends,
/// by an exception too. Call clear() before printing something else on the terminal. One thread.
/// \throws ValueError if the number of steps is negative.
template <WholeNumber Number = int>
class Progress : public detail::ProgressLine {
 public:
  explicit Progress(Number total, ProgressOptions options = {})
      : ProgressLine(Dim(total).value(), std::move(options)) {}

  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Number;
    using difference_type = std::ptrdiff_t;
    using pointer = const Number*;
    using reference = Number;

    iterator(Progress* progress, Number at) : progress_(progress), at_(at) {}
    Number operator*() const noexcept { return at_; }
    iterator& operator++() {
      ++at_;
      progress_->step();
      return *this;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

   private:
    Progress* progress_;
    Number at_;
  };

  /// 0, 1, ..., total - 1; counts from where it stands.
  iterator begin() {
    if (total() > 0) show({});
    return {this, Number(0)};
  }
  iterator end() { return {this, static_cast<Number>(total())}; }
};

}  // namespace parton
