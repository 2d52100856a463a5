// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <parton/io/detail/mapped.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using parton_test::message_of;

TEST_CASE("a shape from a file is taken if memory could hold it, also behind a zero") {
  const auto bytes_of_shape = [](const std::vector<std::uint64_t>& dims) {
    io::TensorInfo info{.dtype = io::Dtype::float64};
    io::detail::set_shape(info, dims, {"f", "t", 0});
    return info.bytes;
  };
  CHECK(bytes_of_shape({}) == 8);
  CHECK(bytes_of_shape({2, 3}) == 48);
  CHECK(bytes_of_shape({2, 0, 3}) == 0);
  const std::uint64_t large = std::uint64_t{1} << 58;
  CHECK(bytes_of_shape({large}) == 8 * large);
  CHECK(bytes_of_shape({0, large}) == 0);
  for (const auto& dims : std::vector<std::vector<std::uint64_t>>{
           {2 * large}, {large, 3}, {0, large, 3}, {large, 3, 0}, {~std::uint64_t{0}, 0}})
    CHECK(message_of<FormatError>([&] { (void)bytes_of_shape(dims); }).find("more elements") !=
          std::string::npos);
  CHECK_THROWS_AS(bytes_of_shape(std::vector<std::uint64_t>(9, 1)), FormatError);
}

TEST_CASE("the data of a mapped tensor are those at its offset, while anybody has them") {
  const io_test::Folder folder;
  io_test::put(folder / "a", "abcdef");
  io::detail::Bytes bytes;
  {
    const io::detail::MappedSource source(std::make_shared<io::detail::FileMap>(folder / "a"));
    bytes = source.bytes(0, {.offset = 2, .bytes = 3});
  }
  CHECK(bytes.data[0] == std::byte{'c'});
}
