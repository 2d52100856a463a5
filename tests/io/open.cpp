// SPDX-License-Identifier: MIT
#include <string>

#include <parton/io/open.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("the extension says the format, in either case") {
  const Folder folder;
  const std::vector<io::Array> arrays = {io::Array("x", Tensor<float>{1, 2})};
  for (const char* name : {"a.safetensors", "a.npz", "b.SafeTensors"}) {
    io::save(arrays, folder / name);
    CHECK(io::open(folder / name).tensor<float>("x") == Tensor<float>{1, 2});
  }
  io::save_npy(Tensor<float>{1, 2}, folder / "x.npy");
  CHECK(io::open(folder / "x.npy").tensor<float>("x") == Tensor<float>{1, 2});
}

TEST_CASE("an unknown extension and a file that is not there are errors") {
  const Folder folder;
  check_says(message_of<FileError>([&] { (void)io::open("weights.pt"); }),
             {"'weights.pt'", ".safetensors, .npz"});
  check_says(message_of<FileError>([&] { (void)io::open("weights"); }), {"'weights'"});
  check_says(message_of<FileError>([&] { (void)io::open(folder / "none.npz"); }),
             {"none.npz", "No such file or directory"});
  CHECK_THROWS_AS(io::save({}, folder / "a.npy"), FileError);
}
