// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <parton/io/npz.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::bytes_of;
using io_test::Folder;

TEST_CASE("npz: what NumPy deflated is read, in each memory and byte order") {
  const io::File file = io::open_npz(std::string(PARTON_FIXTURES) + "/numpy_compressed.npz");
  CHECK(file.names() == std::vector<std::string>{"f4", "big", "fortran", "big_fortran", "flags",
                                                 "scalar", "empty", "u8", "zeros"});
  const Tensor<float> rows = {{0, 1, 2}, {3, 4, 5}};
  CHECK(file.tensor<float>("f4") == rows);
  CHECK(file.tensor<double>("big") == rows.cast<double>());
  CHECK(file.tensor<std::int16_t>("big_fortran") == rows.cast<std::int16_t>());
  const auto turned = file.tensor<std::int32_t>("fortran");
  CHECK(turned.shape() == Shape{2, 3, 4});
  for (std::int32_t i = 0; i < 24; ++i) CHECK(turned.data()[i] == i);
  CHECK(file.tensor<bool>("flags") == Tensor<bool>{true, false});
  CHECK(file.converted<float>("scalar").item() == 7);
  CHECK(file.tensor<float>("empty").shape() == Shape{0, 3});
  CHECK(file.tensor<std::uint8_t>("u8")(0) == 255);
  CHECK(file.tensor<double>("zeros") == Tensor<double>::zeros({20000}));
}

TEST_CASE("npz: what PyTorch's side wrote by NumPy is read") {
  const io::File file = io::open_npz(std::string(PARTON_FIXTURES) + "/torch_digits_io.npz");
  CHECK(file.info("inputs").shape == Shape{100, 64});
  CHECK(file.tensor<float>("logits").shape() == Shape{100, 10});
}

TEST_CASE("npz: our own files rewrite byte for byte, and are read by NumPy") {
  const Folder folder;
  std::vector<float> many(3000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 0.1f * static_cast<float>(i);
  const Tensor<float> x(many);
  io::save_npz({io::Array("b.weight", x), io::Array("h", x, io::Dtype::float16),
                io::Array("a", Tensor<std::int64_t>{{std::int64_t{1}}, {std::int64_t{2}}}),
                io::Array("é", Tensor<float>::zeros({0, 2}))},
               folder / "a.npz");
  const io::File file = io::open_npz(folder / "a.npz");
  CHECK(file.names() == std::vector<std::string>{"a", "b.weight", "h", "é"});
  CHECK(file.tensor<float>("b.weight") == x);
  CHECK(file.tensor<Eigen::half>("h") == x.cast<Eigen::half>());
  io::save_npz({io::Array("é", file.tensor<float>("é")), io::Array("a", file.tensor<long>("a")),
                io::Array("h", file.tensor<Eigen::half>("h")), io::Array("b.weight", x)},
               folder / "b.npz");
  CHECK(bytes_of(folder / "a.npz") == bytes_of(folder / "b.npz"));
  io::save_npz({}, folder / "none.npz");
  CHECK(io::open_npz(folder / "none.npz").tensors().empty());
  CHECK(folder.count() == 3);

  if (std::system("/usr/bin/python3 -c 'import numpy' 2>/dev/null") != 0) {
    // Where it must be here, this is no excuse.
    CHECK(std::getenv("PARTON_REQUIRE_TOOLS") == nullptr);
    WARN("not compared with NumPy, which is not here: apt-get install python3-numpy");
    return;
  }
  std::ofstream(folder / "check.py")
      << "import numpy as np, sys\n"
         "f = np.load(sys.argv[1])\n"
         "x = np.float32(0.1) * np.arange(3000, dtype='f4')\n"
         "assert sorted(f.files) == ['a', 'b.weight', 'h', '\\u00e9'], f.files\n"
         "assert f['b.weight'].dtype == np.float32 and (f['b.weight'] == x).all()\n"
         "assert (f['h'] == x.astype('f2')).all() and f['h'].dtype == np.float16\n"
         "assert f['a'].tolist() == [[1], [2]] and f['a'].dtype == np.int64\n"
         "assert f['\\u00e9'].shape == (0, 2)\n"
         "assert np.load(sys.argv[2]).files == []\n";
  const std::string command = "/usr/bin/python3 '" + folder / "check.py" + "' '" +
                              folder / "a.npz" + "' '" + folder / "none.npz" + "'";
  CHECK(std::system(command.c_str()) == 0);
}
