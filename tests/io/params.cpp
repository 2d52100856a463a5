// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/params.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using io_test::put;
using io_test::raw;
using parton_test::check_says;
using parton_test::message_of;

namespace {

constexpr std::uint32_t params_v2 = 0xF993FAC9U, params_v3 = 0xF993FACAU;

std::string params_array(const std::vector<std::int64_t>& dims, std::int32_t dtype,
                         const std::string& data, std::uint32_t magic = params_v2,
                         std::int32_t storage = 0) {
  std::string bytes = raw(magic) + raw(storage) + raw(static_cast<std::int32_t>(dims.size()));
  for (const std::int64_t dim : dims) bytes += raw(dim);
  return bytes + raw(std::int32_t{1}) + raw(std::int32_t{0}) + raw(dtype) + data;
}

std::string params_file(const std::vector<std::string>& arrays,
                        const std::vector<std::string>& names) {
  std::string bytes =
      raw(std::uint64_t{0x112}) + raw(std::uint64_t{0}) + raw(std::uint64_t{arrays.size()});
  for (const std::string& array : arrays) bytes += array;
  bytes += raw(std::uint64_t{names.size()});
  for (const std::string& name : names) bytes += raw(std::uint64_t{name.size()}) + name;
  return bytes;
}

const std::string two = raw(1.f) + raw(2.f);

}  // namespace

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
  const std::string good = params_array({2}, 0, two);
  struct Row {
    std::string bytes;
    std::string_view says;
  };
  const std::string head = raw(std::uint64_t{0x112}) + raw(std::uint64_t{0});
  const std::vector<Row> rows = {
      {"", "8 bytes are needed"},
      {raw(std::uint64_t{0x111}), "with 0x112"},
      {head + raw(~std::uint64_t{0}), "'a count' must be at most 0"},
      {head + raw(std::uint64_t{5}) + good, "at most 3"},
      {params_file({good}, {}), "'the number of names' must be 1"},
      {params_file({good}, {"a"}) + "x", "something was appended"},
      {params_file({good, good}, {"a", "a"}), "'a' is there twice"},
      {params_file({good, good}, {"a", "arg:a"}), "'a' is there twice"},
      {params_file({good}, {std::string(5000, 'a')}), "5000 bytes: the limit is 4096"},
      {params_file({params_array({2}, 0, two, 0xF993FAC8U)}, {"a"}), "before 1.0"},
      {params_file({params_array({2}, 0, two, params_v2, 1)}, {"a"}), "sparse"},
      {params_file({params_array({-2}, 0, two)}, {"a"}), "at least 0"},
      {params_file({params_array({}, 0, "1234")}, {"a"}), "the array has no values"},
      {params_file({params_array({2}, 99, two)}, {"a"}), "the dtype '99' is not known"},
      {params_file({params_array({1LL << 40, 1LL << 40}, 0, two)}, {"a"}), "more elements"},
      {params_file({params_array({1000}, 0, two)}, {"a"}), "4000 bytes are needed"},
      {params_file({params_array({1, 1, 1, 1, 1, 1, 1, 1, 2}, 0, two)}, {"a"}), "9 dimensions"},
      {head + raw(std::uint64_t{1}) + good + raw(std::uint64_t{1}) + raw(~std::uint64_t{0}),
       "18446744073709551615 bytes are needed"},
  };
  for (const Row& row : rows) {
    INFO(row.says);
    put(path, row.bytes);
    check_says(message_of<FormatError>([&] { (void)io::open_params(path); }),
               {path, "byte ", row.says});
  }
  const std::string whole = params_file({good, good}, {"a", "b"});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    put(path, whole.substr(0, i));
    CHECK_THROWS_AS((void)io::open_params(path), FormatError);
  }
}
