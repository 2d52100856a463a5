// SPDX-License-Identifier: MIT
#include <cstddef>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <parton/report/progress.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

/// A terminal of one line, and a clock that is wound by hand.
struct ProgressScreen {
  std::ostringstream stream;
  double seconds = 0;

  [[nodiscard]] ProgressOptions options(std::string label = {}) {
    return {.label = std::move(label), .stream = &stream, .is_terminal = true, .clock = [this] {
              return seconds;
            }};
  }
  /// What can be read there: '\r' returns to the left, and what follows is written over.
  [[nodiscard]] std::string line() const {
    std::string shown;
    std::size_t at = 0;
    for (const char c : stream.str()) {
      REQUIRE(c != '\n');
      if (c == '\r') {
        at = 0;
        continue;
      }
      if (at == shown.size()) shown += ' ';
      shown[at++] = c;
    }
    return shown.substr(0, shown.find_last_not_of(' ') + 1);
  }
  [[nodiscard]] std::size_t drawings() const {
    std::size_t count = 0;
    for (const char c : stream.str()) count += c == '\r' ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE("Progress shows share, count, loss, rate and the time left") {
  ProgressScreen screen;
  Progress progress(1000, screen.options("train"));
  for (int i = 0; i < 370; ++i) {
    screen.seconds += 1.0 / 512;
    progress.step({.loss = 0.12345});
  }
  screen.seconds += 1;
  progress.show({});
  CHECK(screen.line() ==
        "train   37% [#######.............]  370/1000  loss 0.1235  215/s  0:03 left");
  CHECK(progress.done() == 370);
  CHECK(progress.total() == 1000);
}

TEST_CASE("Progress counts a loop over it, from 0, in the type of the total") {
  ProgressScreen screen;
  std::vector<int> seen;
  for (int i : Progress(4, screen.options())) {
    screen.seconds += 10;
    seen.push_back(i);
  }
  CHECK(seen == std::vector<int>{0, 1, 2, 3});
  parton_test::check_says(
      screen.stream.str(),
      {"\r  0% [....................]  0/4", "\r 75% [###############.....]  3/4  0.1/s  0:10 left",
       "\r100% [####################]  4/4  0.1/s  0:00 left"});
  for (auto i : Progress(std::size_t{2}, screen.options()))
    STATIC_REQUIRE(std::is_same_v<decltype(i), std::size_t>);
  for (int i : Progress(0, screen.options())) FAIL("there is no step " << i);
}

TEST_CASE("Progress leaves the line clean at the end, after a break and after an exception") {
  ProgressScreen screen;
  for (int i : Progress(3, screen.options())) screen.seconds += i;
  CHECK(screen.line().empty());
  for (int i : Progress(3, screen.options()))
    if (i == 1) break;
  CHECK(screen.line().empty());
  try {
    for (int i : Progress(3, screen.options())) throw std::runtime_error(std::to_string(i));
  } catch (const std::runtime_error&) {
  }
  CHECK(screen.line().empty());
  CHECK(screen.stream.str().back() == '\r');
}

TEST_CASE("Progress gives way to other text and overwrites what it drew before") {
  ProgressScreen screen;
  Progress progress(10, screen.options());
  progress.step({.loss = 0.33333});
  CHECK_FALSE(screen.line().empty());
  progress.clear();
  CHECK(screen.line().empty());
  screen.seconds += 1;
  progress.step({.loss = 0.33333});
  screen.seconds += 1;
  progress.step({.loss = 1});  // a shorter line than the one before
  CHECK(screen.line() == " 30% [######..............]  3/10  loss 1  1.5/s  0:05 left");
}

TEST_CASE("Progress draws at most ten times a second") {
  ProgressScreen screen;
  Progress progress(100000, screen.options());
  for (int i = 0; i < 10000; ++i) {
    screen.seconds += 1e-4;
    progress.step();
  }
  CHECK(screen.drawings() >= 9);
  CHECK(screen.drawings() <= 11);
}

TEST_CASE("Progress is quiet where there is no terminal, and then asks no clock") {
  std::ostringstream file;
  const auto never = []() -> double { throw std::logic_error("the clock was asked"); };
  for (int i : Progress(10, {.stream = &file, .clock = never})) static_cast<void>(i);
  Progress progress(10, {.stream = &file, .is_terminal = false, .clock = never});
  progress.step({.loss = 1});
  progress.clear();
  CHECK(progress.done() == 1);
  CHECK(file.str().empty());
}

TEST_CASE("Progress writes to std::cerr unless told, whose terminal it finds by itself") {
  std::ostringstream taken;
  std::streambuf* const before = std::cerr.rdbuf(taken.rdbuf());
  for (int i : Progress(2)) static_cast<void>(i);
  for (int i : Progress(2, {.is_terminal = true})) static_cast<void>(i);
  std::cerr.rdbuf(before);
  CHECK(taken.str().find("0/2") != std::string::npos);
}

TEST_CASE("Progress never wraps a line, passes its total and tells long times in hours") {
  ProgressScreen screen;
  Progress progress(2, screen.options(std::string(100, 'x')));
  progress.step();
  CHECK(screen.line() == std::string(79, 'x'));

  ProgressScreen over;
  Progress more(1, over.options());
  for (int i = 0; i < 3; ++i, over.seconds += 1) more.step();
  CHECK(over.line() == "100% [####################]  3/1  1.5/s  0:00 left");

  ProgressScreen slow;
  Progress hours(100, slow.options());
  slow.seconds += 60;
  hours.step();
  CHECK(slow.line() == "  1% [....................]  1/100  0.017/s  1:39:00 left");
  slow.seconds += 1e9;
  hours.step();
  CHECK(slow.line().find("long left") != std::string::npos);
}

TEST_CASE("Progress refuses a negative number of steps") {
  CHECK(parton_test::message_of<ValueError>([] { Progress progress(-1); }) ==
        "Progress: the number of steps must be at least 0, not -1");
}
