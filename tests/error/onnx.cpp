// SPDX-License-Identifier: MIT
#include <string>

#include <parton/error/onnx.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a net that is too large for a file of ONNX is told the limit, and what to do") {
  const auto text = [](const Error& error) { return std::string(error.what()); };
  CHECK(text(errors::onnx_too_large("a.onnx", 2147483647)) ==
        "the file 'a.onnx' would have more than 2147483647 bytes of values, which is what a file "
        "of ONNX can hold: save the parameters with io::save, or cast the net to Eigen::half");
  CHECK(text(errors::onnx_internal("tan", "is odd")) == "export_onnx: the op 'tan' is odd");
}
