// SPDX-License-Identifier: MIT
#include <string>

#include <parton/io/load.hpp>
#include <parton/io/save.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

namespace {

nn::Sequential<> square_net() { return nn::Sequential{nn::Dense(4, nn::tanh), nn::Dense(2)}; }

}  // namespace

TEST_CASE("a file with fingerprints and a probe is verified when it is loaded") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  auto net = square_net();
  net.initialize({.seed = 1});
  const Tensor<> x = random::uniform({3, 4});
  const Tensor<> y = net(x);
  io::save(net, path, {.fingerprints = true, .probe = x});
  auto again = square_net();
  io::load(again, path, {.verify = true});
  CHECK(again(x) == y);
  auto wide = nn::Sequential{nn::Dense<double>(4, nn::tanh), nn::Dense<double>(2)};
  io::load(wide, path, {.verify = true});
  // In bfloat16 the fingerprints are those of what is in the file.
  io::save(net, path, {.dtype = io::Dtype::bfloat16, .fingerprints = true, .probe = x});
  CHECK_THROWS_AS(io::load(again, path, {.verify = true}), LoadError);
  io::load(again, path, {.verify = true, .tolerance = 0.02});
}

TEST_CASE("a flipped byte is reported by the parameter's name, and the net is as it was") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  auto net = square_net();
  net.initialize({.seed = 1});
  static_cast<void>(net(Tensor<>::zeros({1, 4})));
  io::save(net, path, {.fingerprints = true});
  std::string bytes = io_test::bytes_of(path);
  bytes[bytes.size() - 1] = static_cast<char>(bytes[bytes.size() - 1] ^ 1);
  io_test::put(path, bytes);
  auto again = square_net();
  check_says(message_of<LoadError>([&] { io::load(again, path, {.verify = true}); }),
             {path, "is damaged", "1.weight: the bytes of '1.weight' have the fingerprint fp1-"});
  CHECK(!again[0].weight().is_initialized());
  io::load(again, path);
}

TEST_CASE("a transposed weight is found by the probe") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  auto net = square_net();
  net.initialize({.seed = 1});
  const Tensor<> x = random::uniform({3, 4});
  static_cast<void>(net(x));
  io::save(net, path, {.probe = x});
  auto again = square_net();
  check_says(message_of<LoadError>(
                 [&] { io::load(again, path, {.transpose = "0.weight", .verify = true}); }),
             {path, "does not compute what it did", "as element 0", "Is a weight transposed"});
  CHECK(!again[0].weight().is_initialized());
}

TEST_CASE("a file that has nothing to verify, or a damaged probe, is an error") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net{nn::Dense(1, {.in_units = 1})};
  net.initialize({.seed = 1});
  io::save(net, path);
  check_says(message_of<LoadError>([&] { io::load(net, path, {.verify = true}); }),
             {path, "neither fingerprints nor a probe", ".fingerprints = true"});
  for (const char* text :
       {"", "float32", "float32 1", "int32 1,1 00000000", "float32 1,1 0000",
        "float32 1,,1 00000000", "float32 1,1 0000000g", "float32 x 00000000",
        "float32 1,1,1,1,1,1,1,1,1 00000000", "float32 999999999999999999999,1 00000000",
        "float32 99999999999999999,99999999999999999 ", "float32 1000000000000,0 "}) {
    INFO(text);
    io::save(net, path,
             {.metadata = {{"parton.probe.input", text},
                           {"parton.probe.output", "float32 1,1 00000000"}}});
    CHECK_THROWS_AS(io::load(net, path, {.verify = true}), FormatError);
  }
  check_says(message_of<ValueError>([&] {
               io::save(net, path, {.probe = Tensor<>::zeros({2, 0})});
             }),
             {"a probe of the shape (2, 0) proves nothing"});
  io::save(net, path,
           {.metadata = {{"parton.probe.input", "float32 1,1 00000000"},
                         {"parton.probe.output", "float32 2 0000000000000000"}}});
  check_says(message_of<LoadError>([&] { io::load(net, path, {.verify = true}); }),
             {"has the shape (1, 1), not (2,)"});
}
