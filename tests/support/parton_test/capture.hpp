// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/warning.hpp>
#include <parton_test/catch.hpp>

/// \file What tests look at besides values: printed forms, warnings and messages.

namespace parton_test {

template <class T>
std::string printed(const T& value) {
  std::ostringstream os;
  os << value;
  return os.str();
}

/// Collects the warnings of its lifetime.
class Warnings {
 public:
  Warnings()
      : before_(parton::set_warning_handler(
            [this](const std::string& text) { texts.push_back(text); })) {}
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;
  ~Warnings() { parton::set_warning_handler(std::move(before_)); }

  std::vector<std::string> texts;

 private:
  parton::WarningHandler before_;
};

/// The text of the E, and of nothing else, that `f` throws.
template <class E, class F>
std::string message_of(F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    FAIL("another exception was thrown: " << error.what());
  }
  FAIL("nothing was thrown");
  return {};
}

/// Checks that a text says each of these.
inline void check_says(const std::string& text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) {
    INFO("text: " << text << "\nmissing: " << part);
    CHECK(text.find(part) != std::string::npos);
  }
}

}  // namespace parton_test
