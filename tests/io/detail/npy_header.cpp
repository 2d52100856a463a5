// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <vector>

#include <parton/io/detail/npy_header.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using io::detail::NpyHeaderReader;

TEST_CASE("npy: what is written is read again, and ends at a multiple of 64 bytes") {
  const auto check = [](const io::Array& array) {
    const std::string header = io::detail::npy_header(array);
    CHECK(header.size() % 64 == 0);
    CHECK(header.back() == '\n');
    const auto info = io::detail::read_npy_header(
        {"f", "t", 0}, [&](std::size_t at, std::size_t n) { return header.substr(at, n); });
    CHECK(info.offset == header.size());
    CHECK(info.shape == array.shape());
    CHECK(info.dtype == array.dtype());
    CHECK((!info.column_major && !info.big_endian));
  };
  // Lengths of the dictionary on both sides of the padding.
  for (Index n = 1; n < 1'000'000; n *= 10)
    for (const Shape& shape : {Shape{}, Shape{n}, Shape{0, n}, Shape{1, 1, 1, 1, 1, 1, 0, n}})
      check(io::Array("", Tensor<>::zeros(shape)));
  check(io::Array("", Tensor<>{1}, io::Dtype::bfloat16));
  check(io::Array("", Tensor<bool>{true}));
}

TEST_CASE("npy: a dictionary in any form that Python writes it is read") {
  for (const std::string_view text :
       {"{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }",
        "{'shape':(2,3,),\"fortran_order\":True,'descr':\"<f8\"}",
        " {\t'descr' : '=f8' , 'shape' : ( 2L , 3L ) , 'fortran_order' : True } \n"}) {
    INFO(text);
    const auto info = NpyHeaderReader({"f", "t", 0}, text).read();
    CHECK(info.shape == Shape{2, 3});
    CHECK(info.dtype == io::Dtype::float64);
    CHECK(info.column_major);
    CHECK(info.name == "t");
  }
}

TEST_CASE("npy: tricks with Python's literals are refused") {
  const std::string before = "{'descr': '<f8', 'fortran_order': True, 'shape': ";
  for (const std::string& text :
       {before + "(0x10,)}", before + "(1_0,)}", before + "(+2,)}", before + "(2,) + (3,)}",
        before + "(2,)*3}", before + "((2,),)}", before + "2,}", before + "(2,,)}",
        before + "(2,)}#", before + "(True,)}", before + "()} if 1 else {}",
        std::string("{'descr': '<f8' '', 'fortran_order': True, 'shape': ()}"),
        std::string("{b'descr': '<f8', 'fortran_order': True, 'shape': ()}"),
        std::string("{'d\\x65scr': '<f8', 'fortran_order': True, 'shape': ()}"),
        std::string("{'descr': '<f8', 'fortran_order': Truest, 'shape': ()}"),
        std::string("{'descr': '|f\0', 'fortran_order': True, 'shape': ()}", 52),
        std::string("dict(descr='<f8', fortran_order=True, shape=())")}) {
    INFO(text);
    CHECK_THROWS_AS(NpyHeaderReader({"f", "t", 0}, text).read(), FormatError);
  }
}
