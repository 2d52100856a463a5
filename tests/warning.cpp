// SPDX-License-Identifier: MIT
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <parton/warning.hpp>
#include <parton_test/capture.hpp>

using namespace parton;

TEST_CASE("a warning goes to the handler that is set, whole and without a line end") {
  std::vector<std::string> texts;
  const WarningHandler before =
      set_warning_handler([&](const std::string& text) { texts.push_back(text); });
  warn("mind the gap");
  set_warning_handler(before);
  CHECK(texts == std::vector<std::string>{"mind the gap"});
}

TEST_CASE("without a handler a warning goes to standard error as one line") {
  const WarningHandler before = set_warning_handler({});
  std::ostringstream captured;
  std::streambuf* const real = std::cerr.rdbuf(captured.rdbuf());
  warn("mind the gap");
  std::cerr.rdbuf(real);
  set_warning_handler(before);
  CHECK(captured.str() == "parton warning: mind the gap\n");
}

TEST_CASE("set_warning_handler returns the handler before it") {
  std::string last;
  const WarningHandler before =
      set_warning_handler([&](const std::string& text) { last = "first: " + text; });
  WarningHandler first = set_warning_handler([&](const std::string& text) { last = text; });
  first("x");
  CHECK(last == "first: x");
  warn("y");
  CHECK(last == "y");
  set_warning_handler(before);
}

TEST_CASE("a handler may warn, set another handler, and throw") {
  parton_test::Warnings warnings;
  int calls = 0;
  set_warning_handler([&](const std::string&) {
    ++calls;
    set_warning_handler([&](const std::string&) { ++calls; });
    warn("inner");
    throw std::runtime_error("a warning is an error here");
  });
  CHECK_THROWS_AS(warn("outer"), std::runtime_error);
  CHECK(calls == 2);
}

TEST_CASE("many threads may warn and set handlers at once") {
  parton_test::Warnings warnings;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) {
        set_warning_handler([](const std::string&) {});
        warn("x");
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(warnings.texts.empty());
}
