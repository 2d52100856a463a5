// SPDX-License-Identifier: MIT
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Three arrays, every value of them the same.
std::vector<io::Array> arrays_of(float value) {
  return {io::Array("a", Tensor<>::full({40, 50}, value)),
          io::Array("b", Tensor<>::full({1}, value)),
          io::Array("c", Tensor<>::full({3000}, value), io::Dtype::bfloat16)};
}

/// That value, if the file is whole. \throws FormatError
float value_in(const std::string& path) {
  const io::File file = io::open(path);
  const float value = file.converted<float>("b").item();
  for (const auto& expected : arrays_of(value)) {
    const auto found = file.converted<float>(expected.name());
    CHECK(found == Tensor<>::full(expected.shape(), value));
  }
  return value;
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
  io::save(net, folder / "a.safetensors", {.select = "2.w"});  // another path of the same
  CHECK(io::open(folder / "a.safetensors").names() == std::vector<std::string>{"0.weight"});
  check_says(
      message_of<KeyError>([&] { io::save(net, folder / "b.safetensors", {.select = "weight"}); }),
      {".select selects no parameter: the pattern 'weight' must match", "'0.weight'"});
  CHECK(folder.count() == 1);
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

TEST_CASE("a writer killed at any byte leaves the old file whole, and the next one cleans up") {
  for (const char* name : {"a.safetensors", "a.npz"}) {
    const Folder folder;
    const std::string path = folder / name;
    io::save(arrays_of(1), path);
    const std::size_t size = std::filesystem::file_size(path);
    for (std::size_t limit = 0; limit < size; limit += limit < 400 ? 37 : 997)
      for (const bool ignored : {false, true}) {
        const int status = io_test::in_process_of_its_own([&] {
          io_test::limit_files_to(limit, ignored);
          try {
            io::save(arrays_of(2), path);
          } catch (const FileError& error) {
            return std::string(error.what()).find("File too large") != std::string::npos ? 7 : 8;
          }
          return 0;
        });
        INFO(name << " at " << limit);
        CHECK(status == (ignored ? 7 : 128 + SIGXFSZ));
        CHECK(value_in(path) == 1);
        CHECK(folder.count() == (ignored ? 1 : 2));
      }
    io::save(arrays_of(2), path);
    CHECK(value_in(path) == 2);
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a writer killed at any moment leaves the old file whole or the new one") {
  for (const char* name : {"a.safetensors", "a.npz"}) {
    const Folder folder;
    const std::string path = folder / name;
    io::save(arrays_of(0), path);
    for (int i = 0; i < 25; ++i) {
      const pid_t child = ::fork();
      if (child == 0)
        for (float value = 0;; ++value) io::save(arrays_of(value), path);
      std::this_thread::sleep_for(std::chrono::microseconds(331 * i));
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      CHECK(value_in(path) >= 0);
      CHECK(folder.count() <= 2);
    }
    io::save(arrays_of(-1), path);
    CHECK(value_in(path) == -1);
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a full file system is an error, the old file stays and nothing beside it") {
  const Folder folder;
  const std::string disk = folder / "disk";
  std::filesystem::create_directory(disk);
  if (::mount("none", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    WARN("no file system of 64 kB could be mounted, which takes root: " << std::strerror(errno));
    return;
  }
  for (const char* name : {"/a.safetensors", "/a.npz", "/a.npy"}) {
    const std::string path = disk + name;
    const auto save = [&](const std::vector<float>& values) {
      if (path.ends_with("npy"))
        io::save_npy(Tensor<>(values), path);
      else
        io::save({io::Array("a", Tensor<>(values))}, path);
    };
    save({1, 2, 3});
    const std::string before = io_test::bytes_of(path);
    const std::vector<float> many(50'000);
    check_says(message_of<FileError>([&] { save(many); }),
               {path, "No space left on device", "is still there, whole"});
    CHECK(io_test::bytes_of(path) == before);
    std::filesystem::remove(path);
    CHECK(std::filesystem::is_empty(disk));
  }
  CHECK(::umount2(disk.c_str(), MNT_DETACH) == 0);
}

TEST_CASE("of two who write the same file at once each leaves a whole one") {
  for (const char* name : {"a.safetensors", "a.npz"}) {
    const Folder folder;
    const std::string path = folder / name;
    const auto write = [&](float value) {
      for (int i = 0; i < 20; ++i) io::save(arrays_of(value), path);
    };
    io::save(arrays_of(1), path);
    std::thread other([&] { write(1); });
    for (int i = 0; i < 20; ++i) {
      io::save(arrays_of(2), path);
      CHECK(value_in(path) > 0);
    }
    other.join();
    CHECK(value_in(path) > 0);
    CHECK(folder.count() == 1);
  }
}
