// SPDX-License-Identifier: MIT
#include "sample.hpp"

#include <clocale>
#include <limits>
#include <locale>
#include <parton/init/text_form.hpp>

using namespace parton;
using init::detail::number_text;

// Expected: what Python's repr prints, which is the shortest text that reads back, without ".0".
TEST_CASE("numbers are written as short as they read back") {
  CHECK(number_text(0.07) == "0.07");
  CHECK(number_text(1.0) == "1");
  CHECK(number_text(-0.1) == "-0.1");
  CHECK(number_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number_text(0.0001) == "0.0001");
  CHECK(number_text(0.00001) == "1e-05");
  CHECK(number_text(100000.0) == "100000");
  CHECK(number_text(1e15) == "1000000000000000");
  CHECK(number_text(1e16) == "1e+16");
  CHECK(number_text(0.1f) == "0.1");
  CHECK(number_text(16777216.f) == "16777216");
}

TEST_CASE("numbers that JSON does not have are written as strings") {
  CHECK(number_text(std::nan("")) == R"("NaN")");
  CHECK(number_text(std::numeric_limits<float>::infinity()) == R"("Infinity")");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == R"("-Infinity")");
}

TEST_CASE("numbers do not depend on the locale") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
  const std::string text = number_text(0.5);
  std::locale::global(before);
  CHECK(text == "0.5");
}

TEST_CASE("texts are escaped as JSON asks") {
  CHECK(init::detail::string_text("a\"b\\c\n") == R"("a\"b\\c\u000a")");
}

TEST_CASE("arrays are nested lists") {
  const auto array_text = [](const auto& values) {
    return init::detail::array_text(*init::detail::given(values));
  };
  CHECK(array_text(Tensor<>::full({}, 2)) == "2");
  CHECK(array_text(Tensor<>::zeros({0})) == "[]");
  CHECK(array_text(Tensor{{1, 2}, {3, 4}}) == "[[1, 2], [3, 4]]");
  CHECK(array_text(Tensor<Eigen::half>::full({1, 1, 2}, 0.5)) == "[[[0.5, 0.5]]]");
}
