// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hostile.hpp"

/// \file Malformed files of each format, with what the error must say. The tests of io/ check the
/// texts; fuzz/ starts from the bytes.

namespace io_test {

struct Malformed {
  Malformed(std::string file, std::string_view text) : bytes(std::move(file)), says{text} {}
  Malformed(std::string file, std::initializer_list<std::string_view> texts)
      : bytes(std::move(file)), says(texts) {}

  std::string bytes;
  std::vector<std::string_view> says;
};

inline std::vector<Malformed> malformed_safetensors() {
  const auto entry = [](const std::string& fields) { return "{\"a\":{" + fields + "}}"; };
  const std::string shape = R"("dtype":"F32","shape":[2],)", eight(8, 'x');
  return {
      {"", {"byte 0", "8 bytes are needed", "there are 0"}},
      {"1234567", {"there are 7"}},
      {raw(std::uint64_t{100'000'001}), {"byte 0", "100000001", "the limit is 100000000"}},
      {raw(~std::uint64_t{0}), {"18446744073709551615"}},
      {raw(std::uint64_t{3}) + "{}", {"byte 8", "3 bytes are needed", "there are 2"}},
      {safetensors_bytes(""), {"must begin with '{'"}},
      {safetensors_bytes("[]"), {"byte 8", "must begin with '{'"}},
      {safetensors_bytes("\xEF\xBB\xBF{}"), {"must begin with '{'"}},
      {safetensors_bytes("{}" + std::string(6, '\0')), {"byte 10", "zero byte"}},
      {safetensors_bytes("{} x"), {"byte 11", "cannot be read"}},
      {safetensors_bytes("{}{}"), {"cannot be read"}},
      {safetensors_bytes("{/**/}"), {"cannot be read"}},
      {safetensors_bytes("{"), {"cannot be read"}},
      {safetensors_bytes("{\"\xFF\":1}"), {"cannot be read"}},
      {safetensors_bytes("{\"\\ud800\":1}"), {"cannot be read"}},
      {safetensors_bytes("{\"a\":1}"), {"tensor 'a'", "an object, not a number"}},
      {safetensors_bytes("{\"a\":null}"), {"tensor 'a'", "an object, not null"}},
      {safetensors_bytes("{\"a\":[]}"), {"an object, not an array"}},
      {safetensors_bytes("{\"__metadata__\":1}"), {"'__metadata__' must be an object of texts"}},
      {safetensors_bytes("{\"__metadata__\":{\"a\":1}}"), {"an object of texts, not a number"}},
      {safetensors_bytes("{\"__metadata__\":{\"a\":null}}"), {"an object of texts, not null"}},
      {safetensors_bytes("{\"__metadata__\":{\"a\":{}}}"), {"not an object"}},
      {safetensors_bytes("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}"), {"'a' is there twice"}},
      {safetensors_bytes("{\"__metadata__\":{},\"__metadata__\":{}}"), {"is there twice"}},
      {safetensors_bytes(entry("")), {"'dtype' is missing"}},
      {safetensors_bytes(entry(R"("dtype":"F32")")), {"tensor 'a'", "'shape' is missing"}},
      {safetensors_bytes(entry(R"("dtype":"F32","shape":[2])"), eight),
       {"'data_offsets' is missing"}},
      {safetensors_bytes(entry(R"("dtype":"F32","dtype":"F32")")), {"'dtype' is there twice"}},
      {safetensors_bytes(entry(R"("shape":[],"shape":[])")), {"'shape' is there twice"}},
      {safetensors_bytes(entry(R"("data_offsets":[0,1],"data_offsets":[0,1])")),
       {"'data_offsets' is there twice"}},
      {safetensors_bytes(entry(R"("dtype":1)")), {"'dtype' must be a text, not a number"}},
      {safetensors_bytes(entry(R"("dtype":"f32","shape":[2],"data_offsets":[0,8])"), eight),
       {"the dtype 'f32' is not known"}},
      {safetensors_bytes(entry(R"("dtype":"F4","shape":[2],"data_offsets":[0,1])"), "x"),
       {"'F4' is not known"}},
      {safetensors_bytes(entry(R"("shape":2)")), {"whole numbers from 0, not a number"}},
      {safetensors_bytes(entry(R"("shape":[-1])")), {"not a negative number"}},
      {safetensors_bytes(entry(R"("shape":[1.0])")), {"not a number that is not whole"}},
      {safetensors_bytes(entry(R"("shape":[18446744073709551616])")), {"or too large"}},
      {safetensors_bytes(entry(R"("shape":[[1]])")), {"not an array"}},
      {safetensors_bytes(entry(R"("shape":[-0])")), {"not a negative number"}},
      {safetensors_bytes(entry(R"("shape":[1e2])")), {"not a number that is not whole"}},
      {safetensors_bytes(entry(R"("shape":[1e999])")), {"tensor 'a'", "cannot be read"}},
      {safetensors_bytes(entry(R"("x":-1e999)")), {"cannot be read"}},
      {safetensors_bytes(entry(R"("shape":[NaN])")), {"cannot be read"}},
      {safetensors_bytes(entry(R"("shape":[null])")), {"not null"}},
      {safetensors_bytes(entry(R"("shape":["1"])")), {"not a text"}},
      {safetensors_bytes(entry(R"("dtype":"F32","shape":[4611686018427387904,4],)"
                               R"("data_offsets":[0,0])")),
       {"(4611686018427387904,4,)", "more elements than memory"}},
      {safetensors_bytes(entry(R"("dtype":"F32","shape":[0,4611686018427387904,4],)"
                               R"("data_offsets":[0,0])")),
       {"more elements than memory"}},
      {safetensors_bytes(entry(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],)"
                               R"("data_offsets":[0,4])"),
                         "1234"),
       {"9 dimensions", "at most 8"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[0])"), eight), {"two whole numbers"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[0,8,8])"), eight), {"two whole numbers"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[8,0])"), eight),
       {"tensor 'a'", "begin at 8 and end before, at 0"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[-8,0])"), eight), {"a negative number"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[1,9])"), eight + "x"), {"a hole"}},
      {safetensors_bytes(entry(shape + R"("data_offsets":[0,7])"), eight),
       {"takes 8 bytes, but it has 7"}},
      {safetensors_bytes(one_tensor, "1234567"), {"tensor 'a'", "byte 62", "there are 7"}},
      {safetensors_bytes(one_tensor, eight + "x"), {"byte 70", "goes on to byte 71"}},
      {safetensors_bytes("{}", "x"), {"something was appended"}},
      {safetensors_bytes(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                         R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                         eight),
       {"tensor 'b'", "they overlap"}},
      {safetensors_bytes(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                         R"("a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})",
                         eight),
       {"'a' is there twice"}},
      {safetensors_bytes("{\"" + std::string(5000, 'n') +
                         R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})"),
       {"5000 bytes", "the limit is 4096", "nnn...'"}},
      {safetensors_bytes("{\"a\":{\"x\":" + std::string(100000, '[') + std::string(100000, ']') +
                         "}}"),
       {"nested deeper than 64"}},
      {safetensors_bytes("{\"a\":{\"x\":" + std::string(100000, '[')), {"nested deeper"}},
  };
}

inline std::vector<Malformed> malformed_npy() {
  const std::string six = raw(0.f) + raw(1.f) + raw(2.f) + raw(3.f) + raw(4.f) + raw(5.f);
  const auto dictionary = [&](const std::string& text) { return npy_bytes(text, six); };
  const std::string order = "'fortran_order': False, ";
  return {
      {"", "8 bytes are needed"},
      {"\x93NUMP", "8 bytes are needed"},
      {"PK345678", "it does not begin as"},
      {std::string("\x93NUMPY\x9\0\0\0", 10), "version 9.0"},
      {std::string("\x93NUMPY\0\0\0\0", 10), "version 0.0"},
      {std::string("\x93NUMPY\1\1\0\0", 10), "version 1.1"},
      {std::string("\x93NUMPY\1\0", 8), "2 bytes are needed"},
      {std::string("\x93NUMPY\1\0\xFF\xFF", 10), "65535 bytes are needed"},
      {std::string("\x93NUMPY\2\0\xFF\xFF\xFF\xFF", 12), "4294967295 bytes long"},
      {dictionary(""), "expected '{'"},
      {dictionary("{}"), "'descr' is missing"},
      {dictionary("{'descr': '<f4'}"), "'fortran_order' is missing"},
      {dictionary("{'descr': '<f4', 'fortran_order': False}"), "'shape' is missing"},
      {dictionary("{'descr': '<f4', 'descr': '<f4'}"), "'descr' is there twice"},
      {dictionary("{'descr': '<f4', 'more': 1}"), "the key 'more' is not known"},
      {dictionary("{'descr': '|O', " + order + "'shape': (6,)}"), "the dtype '|O' is not known"},
      {dictionary("{'descr': [('a', '<f4')], " + order + "'shape': (6,)}"), "structured array"},
      {dictionary("{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}"), "True or False"},
      {dictionary("{'descr': '<f4', " + order + "'shape': [6]}"), "expected '('"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (6)}"), "expected ','"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (-6,)}"), "a whole number from 0"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (6.0,)}"), "expected ','"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (99999999999999999999,)}"), "64 bits"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (4294967296, 4294967296)}"),
       "more elements than memory"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (1,1,1,1,1,1,1,1,6)}"), "9 dimensions"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (6,)} x"), "the end of the text"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (6,)"), "expected '}'"},
      {dictionary("{'descr"), "the end of a text in quotes"},
      {dictionary("{descr: 1}"), "a text in quotes"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (7,)}"), "28 bytes are needed"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (5,)}"), "something was appended"},
      {dictionary("{'descr': '<f4', " + order + "'shape': (" + std::string(30000, '1') + ",)}"),
       "64 bits"},
  };
}

inline std::vector<Malformed> malformed_npz() {
  return {
      {"", "22 bytes are needed"},
      {"no archive at all, but long enough for the end of one", "Not a zip archive"},
      {Zip{}.bytes().substr(0, 150), "cannot be read"},
      {Zip{.before = "#!/bin/sh\n"}.bytes(), "it begins with something else"},
      {Zip{.name = "a.txt"}.bytes(), "it is not named .npy"},
      {Zip{.name = "npy"}.bytes(), "it is not named .npy"},
      {Zip{.method = 12}.bytes(), "method 12"},
      {Zip{.flags = 1}.bytes(), "it is encrypted"},
      {Zip{.data = "12345678"}.bytes(), "tensor 'a', byte 0"},
      {Zip{.data = "1234"}.bytes(), "8 bytes are needed"},
      {Zip{.size = 4000000000U}.bytes(), "unpack to 4000000000 bytes"},
      {Zip{.method = 8, .size = 4000000000U}.bytes(), "unpack to 4000000000 bytes"},
      {Zip{.size = 4000000000U, .packed = 4000000000U}.bytes(), "cannot be read"},
      {Zip{.times = 200}.bytes(), "the members say to be longer than the file"},
      {Zip{.data = npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
                             io_test::raw(1.f))}
           .bytes(),
       "8 bytes are needed from here on, there are 4"},
      {Zip{.data = npy_bytes("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "12345678")}
           .bytes(),
       "something was appended"},
  };
}

inline std::vector<Malformed> malformed_params() {
  const std::string good = params_array({2}, 0, two);
  const std::string head = raw(std::uint64_t{0x112}) + raw(std::uint64_t{0});
  return {
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
}

}  // namespace io_test
