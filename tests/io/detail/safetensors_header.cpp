// SPDX-License-Identifier: MIT
#include <string>

#include <parton/io/detail/safetensors_header.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using io::detail::SafetensorsHeaderReader;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("safetensors: the header gives each entry as it stands there, with its place") {
  const std::string text =
      R"({"__metadata__":{"k":"v"},"b":{"x":[{}],"dtype":"F16","shape":[2,0],)"
      R"("data_offsets":[5,7]},"\u0000":{"data_offsets":[0,1],"shape":[],"dtype":"U8"}} )";
  const auto header = SafetensorsHeaderReader::read("f", text, 8);
  CHECK(header.metadata == std::map<std::string, std::string>{{"k", "v"}});
  REQUIRE(header.entries.size() == 2);
  const auto& first = header.entries[0];
  CHECK(first.info.name == "b");
  CHECK(first.info.dtype == io::Dtype::float16);
  CHECK(first.info.shape == Shape{2, 0});
  CHECK(first.info.offset == 5);
  CHECK(first.info.bytes == 2);
  CHECK(first.shape_bytes == 0);
  // Where the name ends, counted from the beginning of the file.
  CHECK(first.byte == 8 + text.find("\"b\"") + 3);
  CHECK(header.entries[1].info.name == std::string(1, '\0'));
}

TEST_CASE("safetensors: what is wrong with the JSON is told with the tensor that it is in") {
  check_says(message_of<FormatError>(
                 [] { (void)SafetensorsHeaderReader::read("f", R"({"a":{"dtype":tru}})", 8); }),
             {"the file 'f', tensor 'a', byte 25", "cannot be read"});
  check_says(message_of<FormatError>([] { (void)SafetensorsHeaderReader::read("f", "{x}", 8); }),
             {"the file 'f', byte 9"});
}

TEST_CASE("safetensors: texts are written as JSON, and only those of UTF-8") {
  CHECK(io::detail::json_text("f", "a\"\n\xC3\xA9") == "\"a\\\"\\n\xC3\xA9\"");
  CHECK_THROWS_AS(io::detail::json_text("f", "\xC3"), ValueError);
  CHECK_THROWS_AS(io::detail::json_text("f", "\xED\xA0\x80"), ValueError);
}
