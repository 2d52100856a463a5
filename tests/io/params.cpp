// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/params.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "malformed.hpp"

using namespace parton;
using io_test::Folder;
using io_test::params_array;
using io_test::params_file;
using io_test::params_v3;
using io_test::put;
using io_test::raw;
using io_test::two;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("params: both forms of names, both versions and all dtypes are read") {
  const Folder folder;
  const std::string path = folder / "a.params";
  put(path,
      params_file({params_array({2}, 0, two), params_array({1, 2}, 0, two, params_v3),
                   params_array({}, 1, raw(2.5), params_v3), params_array({2}, 3, "\1\2"),
                   params_array({1}, 6, raw(std::int64_t{-3})),
                   params_array({1}, 12, std::string("\x80\x3f", 2)), params_array({0, 3}, 0, "")},
                  {"0.bias", "arg:dense0_weight", "aux:mean", "u8", "i64", "bf16", "none"}));
  const io::File file = io::open_params(path);
  CHECK(file.names() ==
        std::vector<std::string>{"0.bias", "dense0_weight", "mean", "u8", "i64", "bf16", "none"});
  CHECK(file.tensor<float>("0.bias") == Tensor<float>{1, 2});
  CHECK(file.tensor<float>("dense0_weight") == Tensor<float>{{1, 2}});
  CHECK(file.tensor<double>("mean").item() == 2.5);
  CHECK(file.converted<float>("u8") == Tensor<float>{1, 2});
  CHECK(file.tensor<std::int64_t>("i64")(0) == -3);
  CHECK(file.converted<float>("bf16") == Tensor<float>{1});
  CHECK(file.tensor<float>("none").shape() == Shape{0, 3});
}

TEST_CASE("params: each malformed file is an error that names file and byte") {
  const Folder folder;
  const std::string path = folder / "bad.params";
  for (const io_test::Malformed& row : io_test::malformed_params()) {
    INFO(row.says.front());
    put(path, row.bytes);
    const std::string text = message_of<FormatError>([&] { (void)io::open_params(path); });
    check_says(text, {path, "byte "});
    for (const std::string_view part : row.says) check_says(text, {part});
  }
  const std::string good = params_array({2}, 0, two);
  const std::string whole = params_file({good, good}, {"a", "b"});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    put(path, whole.substr(0, i));
    CHECK_THROWS_AS((void)io::open_params(path), FormatError);
  }
}
