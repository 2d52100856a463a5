// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include <parton/io/load.hpp>
#include <parton/io/save.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

namespace {

nn::Sequential<> tied_net_to_save() {
  auto shared = std::make_shared<nn::Dense<>>(3, nn::relu, nn::DenseOptions<>{.in_units = 3});
  nn::Sequential net;
  net.add(shared, nn::Dense(3, nn::relu, {.in_units = 3, .params = shared->params()}), shared);
  net.initialize({.seed = 1});
  return net;
}

}  // namespace

TEST_CASE("a net is saved by its paths, a tie once, with its other paths in the metadata") {
  const Folder folder;
  const auto net = tied_net_to_save();
  io::save(net, folder / "a.safetensors", {.metadata = {{"epoch", "3"}}});
  const io::File file = io::open(folder / "a.safetensors");
  CHECK(file.names() == std::vector<std::string>{"0.bias", "0.weight"});
  CHECK(file.tensor<float>("0.weight") == net[0].weight().data());
  // The convention of safetensors.torch.save_model: {dropped name: kept name}.
  CHECK(file.metadata() == io::Metadata{{"1.bias", "0.bias"},
                                        {"1.weight", "0.weight"},
                                        {"2.bias", "0.bias"},
                                        {"2.weight", "0.weight"},
                                        {"epoch", "3"}});
  io::save(net, folder / "a.NPZ");
  CHECK(io::open(folder / "a.NPZ").names() == std::vector<std::string>{"0.bias", "0.weight"});
}

TEST_CASE("a block that stands in a trillion places is saved and loaded without a trillion names") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const auto nested = [] {
    auto block = std::make_shared<nn::Sequential<>>(
        nn::Dense(2, nn::linear, nn::DenseOptions<>{.in_units = 2}));
    for (int level = 0; level < 40; ++level) {
      auto above = std::make_shared<nn::Sequential<>>();
      above->add(block, block);
      block = above;
    }
    return block;
  };
  const auto net = nested();
  net->initialize({.seed = 1});
  io::save(*net, path);
  const io::File file = io::open(path);
  CHECK(file.tensors().size() == 2);
  CHECK(file.metadata().size() == 2 * 999);
  const auto again = nested();
  CHECK(io::load(*again, path).matched.size() == 2);
  CHECK(again->named_parameters()[0].parameter().data() ==
        net->named_parameters()[0].parameter().data());
}

TEST_CASE("a selection is saved, rounded to the dtype that is asked for") {
  const Folder folder;
  const auto net = tied_net_to_save();
  io::save(net, folder / "a.safetensors", {.select = "0.w", .dtype = io::Dtype::bfloat16});
  const io::File file = io::open(folder / "a.safetensors");
  CHECK(file.names() == std::vector<std::string>{"0.weight"});
  CHECK(file.tensor<Eigen::bfloat16>("0.weight") == net[0].weight().data().cast<Eigen::bfloat16>());
  CHECK(file.metadata() == io::Metadata{{"1.weight", "0.weight"}, {"2.weight", "0.weight"}});
}

TEST_CASE("what cannot be saved is said before the old file is touched") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  const auto net = tied_net_to_save();
  io_test::put(path, "old");
  nn::Sequential fresh{nn::Dense(3)};
  CHECK_THROWS_AS(io::save(fresh, path), UninitializedError);
  fresh.initialize();
  CHECK_THROWS_AS(io::save(fresh, path), DeferredInitializationError);
  check_says(message_of<ValueError>([&] {
               io::save(net, path, {.metadata = {{"1.bias", "x"}}});
             }),
             {"needs the key '1.bias'"});
  CHECK_THROWS_AS(io::save(net, path, {.dtype = io::Dtype::int8}), ValueError);
  CHECK(io_test::bytes_of(path) == "old");
  check_says(message_of<FileError>([&] { io::save(net, folder / "a.bin"); }),
             {"a.bin", "use one of .safetensors and .npz"});
  check_says(message_of<ValueError>([&] {
               io::save(net, folder / "a.npz", {.metadata = {{"a", "b"}}});
             }),
             {"its format has none"});
  CHECK(folder.count() == 1);
}
