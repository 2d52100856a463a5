// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <parton/io/safetensors.hpp>
#include <parton/ops/reduce.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "malformed.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;
using io_test::one_tensor;
using io_test::put;
using io_test::raw;
using io_test::safetensors_bytes;
using parton_test::check_says;
using parton_test::message_of;

namespace {

template <class Scalar>
void check_round_trip(const Folder& folder) {
  const auto values = Tensor<float>{{0, 1, 2}, {1, 0, 5}}.cast<Scalar>();
  const std::string path = folder / (std::string(dtype_name<Scalar>()) + ".safetensors");
  io::save_safetensors({io::Array("a", values)}, path);
  const io::File file = io::open_safetensors(path);
  CHECK(file.info("a").dtype == io::dtype_of<Scalar>());
  CHECK(file.template tensor<Scalar>("a") == values);
  CHECK(file.template converted<double>("a") == values.template cast<double>());
}

}  // namespace

TEST_CASE("safetensors: every dtype that a Tensor holds is written and read") {
  const Folder folder;
  check_round_trip<double>(folder);
  check_round_trip<float>(folder);
  check_round_trip<Eigen::half>(folder);
  check_round_trip<Eigen::bfloat16>(folder);
  check_round_trip<std::int64_t>(folder);
  check_round_trip<std::int32_t>(folder);
  check_round_trip<std::int16_t>(folder);
  check_round_trip<std::int8_t>(folder);
  check_round_trip<std::uint64_t>(folder);
  check_round_trip<std::uint32_t>(folder);
  check_round_trip<std::uint16_t>(folder);
  check_round_trip<std::uint8_t>(folder);
  check_round_trip<bool>(folder);
}

TEST_CASE("safetensors: the bytes are those of the format's Python package") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  // The order (by alignment, then by name), the form and the padding of safetensors' serialize().
  io::save_safetensors({io::Array("z", Tensor<float>{1}), io::Array("é\n", Tensor<float>{2}),
                        io::Array("i", Tensor<std::int64_t>{3}), io::Array("b", Tensor<bool>{true}),
                        io::Array("s", sum(Tensor<>{4}))},
                       path, {{"format", "pt"}, {"b\"", "1"}});
  const std::string header =
      R"({"__metadata__":{"b\"":"1","format":"pt"},"i":{"dtype":"I64","shape":[1],)"
      R"("data_offsets":[0,8]},"s":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
      R"("z":{"dtype":"F32","shape":[1],"data_offsets":[12,16]},)"
      R"("é\n":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},)"
      R"("b":{"dtype":"BOOL","shape":[1],"data_offsets":[20,21]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(bytes_of(path) == safetensors_bytes(padded, raw(std::int64_t{3}) + raw(4.f) + raw(1.f) +
                                                        raw(2.f) + raw(true)));
}

TEST_CASE("safetensors: a file that PyTorch wrote is listed and rewritten byte for byte") {
  const Folder folder;
  const std::string given = std::string(PARTON_FIXTURES) + "/torch_digits.safetensors";
  const io::File file = io::open_safetensors(given);
  CHECK(file.names() ==
        std::vector<std::string>{"fc1.bias", "fc1.weight", "fc2.bias", "fc2.weight"});
  CHECK(file.metadata() == io::Metadata{{"format", "pt"}});
  CHECK(file.info("fc1.weight").shape == Shape{32, 64});
  std::vector<io::Array> arrays;
  for (const auto& info : file.tensors())
    arrays.emplace_back(info.name, file.tensor<float>(info.name));
  std::reverse(arrays.begin(), arrays.end());
  io::save_safetensors(arrays, folder / "again.safetensors", file.metadata());
  CHECK(bytes_of(folder / "again.safetensors") == bytes_of(given));
}

TEST_CASE("safetensors: what the reference reader accepts is accepted") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const std::string data = raw(1.f) + raw(std::numeric_limits<float>::quiet_NaN());
  for (const std::string& header : {
           one_tensor,
           " \n" + one_tensor + "   \t\n",
           std::string(R"({"__metadata__":null,"a":{"dtype":"F32","shape":[2],)"
                       R"("data_offsets":[0,8]}})"),
           std::string(R"({"a":{"x":{"y":[1,{"z":null}]},"dtype":"F32","w":[[]],"shape":[2],)"
                       R"("v":-1.5,"data_offsets":[0,8],"u":"t","s":true}})"),
           std::string(R"({"z":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},)"
                       R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})"),
       }) {
    INFO(header);
    put(path, safetensors_bytes(header, data));
    const io::File file = io::open_safetensors(path);
    CHECK(file.tensor<float>("a")(0) == 1);
    CHECK(std::isnan(file.tensor<float>("a")(1)));
    if (file.contains("z")) CHECK(file.tensor<float>("z").shape() == Shape{0, 3});
  }
  put(path, safetensors_bytes("{}"));
  CHECK(io::open_safetensors(path).tensors().empty());
}

TEST_CASE("safetensors: each malformed file is an error that names file, tensor and byte") {
  const Folder folder;
  const std::string path = folder / "bad.safetensors";
  for (const io_test::Malformed& row : io_test::malformed_safetensors()) {
    INFO(row.bytes.substr(0, 200));
    put(path, row.bytes);
    const std::string text = message_of<FormatError>([&] { (void)io::open_safetensors(path); });
    check_says(text, {path, "byte "});
    CHECK(text.size() < 1000);
    for (const std::string_view part : row.says) check_says(text, {part});
  }
}

TEST_CASE(
    "safetensors: every file cut off at any byte, and with any byte flipped, is read or refused") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  io::save_safetensors({io::Array("a", Tensor<float>{1, 2}), io::Array("b", Tensor<bool>{true})},
                       path, {{"k", "v"}});
  const std::string whole = bytes_of(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    put(path, whole.substr(0, length));
    CHECK_THROWS_AS((void)io::open_safetensors(path), FormatError);
  }
  std::size_t read = 0;
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int bit : {0, 2, 7}) {
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      put(path, flipped);
      try {
        const io::File file = io::open_safetensors(path);
        for (const auto& info : file.tensors())
          if (io::is_held(info.dtype)) static_cast<void>(file.read<float>(info, false));
        ++read;
      } catch (const FormatError&) {
      }
    }
  CHECK(read > 0);
}

TEST_CASE("safetensors: an attack on memory ends quickly") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  std::string header = "{";
  for (int i = 0; i < 100000; ++i)
    header += "\"" + std::to_string(i) + R"(":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)";
  header.back() = '}';
  put(path, safetensors_bytes(header, "12345678"));
  CHECK_THROWS_AS((void)io::open_safetensors(path), FormatError);
}

TEST_CASE("safetensors: what cannot be written is said before anything is") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const Tensor<float> x = {1};
  const auto save = [&](const std::vector<io::Array>& arrays) {
    return message_of<ValueError>([&] { io::save_safetensors(arrays, path); });
  };
  check_says(save({io::Array("a", x), io::Array("a", x)}), {path, "two tensors named 'a'"});
  check_says(save({io::Array("\xFF", x)}), {"it is not UTF-8"});
  check_says(save({io::Array("__metadata__", x)}), {"it stands for the metadata"});
  check_says(save({io::Array(std::string(5000, 'a'), x)}), {"longer than 4096 bytes"});
  check_says(message_of<ValueError>([&] { io::Array("a", x, io::Dtype::int32); }),
             {"'a' of float32 cannot be written as int32"});
  CHECK_THROWS_AS(io::Array("a", Tensor<>::shape_only({2})), ValueError);
  CHECK(folder.count() == 0);
}

TEST_CASE("safetensors: values are rounded to the dtype of the file") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  std::vector<float> many(3000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 0.1f * static_cast<float>(i);
  const Tensor<float> x(many);
  io::save_safetensors(
      {io::Array("h", x, io::Dtype::bfloat16), io::Array("d", x, io::Dtype::float64)}, path);
  const io::File file = io::open_safetensors(path);
  CHECK(file.tensor<Eigen::bfloat16>("h") == x.cast<Eigen::bfloat16>());
  CHECK(file.tensor<double>("d") == x.cast<double>());
  CHECK(file.converted<float>("d") == x);
}

TEST_CASE("what a dtype can only hold as infinity is an error on each way, and infinity is none") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const double infinity = std::numeric_limits<double>::infinity();
  // The largest numbers that are rounded to a finite one, below 65520 and 2^128 - 2^103.
  const Tensor<double> held = {65519.99, -65519.99, infinity, -infinity};
  io::save_safetensors({io::Array("h", held, io::Dtype::float16)}, path);
  CHECK(io::open_safetensors(path).converted<double>("h") ==
        Tensor<double>{65504, -65504, infinity, -infinity});
  std::vector<double> many(2000, 1.0);
  many[1500] = -65520;
  check_says(message_of<ValueError>([&] {
               io::save_safetensors({io::Array("h", Tensor<double>(many), io::Dtype::float16)},
                                    path);
             }),
             {"'h' has -65520 as element 1500, which float16 can only hold as infinity",
              "a wider .dtype"});
  CHECK(folder.count() == 1);
  io::save_safetensors({io::Array("w", Tensor<double>{{1, 1e39}, {1, 1}}),
                        io::Array("i", Tensor<std::int64_t>{-70000})},
                       path);
  const io::File file = io::open_safetensors(path);
  check_says(message_of<ValueError>([&] { (void)file.converted<float>("w"); }),
             {path, "'w' has 1e+39 as element 1, which float32 can only", "a wider scalar"});
  check_says(message_of<ValueError>([&] { (void)file.converted<Eigen::half>("i"); }),
             {"-70000", "float16"});
  CHECK(file.converted<Eigen::bfloat16>("i").cast<float>() == Tensor<>{-70144});
}
