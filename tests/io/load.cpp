// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/io/load.hpp>
#include <parton/io/save.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/reduce.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>
#include <parton_test/net_state.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::state_of;

namespace {

nn::Sequential<> digits_net() { return nn::Sequential{nn::Dense(32, nn::relu), nn::Dense(10)}; }

const std::vector<io::Rename> from_pytorch_names = {{"^fc1\\.", "0."}, {"^fc2\\.", "1."}};

std::string fixture(const std::string& name) { return std::string(PARTON_FIXTURES) + "/" + name; }

float furthest(const Tensor<>& a, const Tensor<>& b) {
  return (a.array() - b.array()).abs().maxCoeff();
}

nn::Sequential<> two_layers(bool tied) {
  auto first = std::make_shared<nn::Dense<>>(3, nn::relu, nn::DenseOptions<>{.in_units = 3});
  nn::Sequential net;
  if (tied)
    net.add(first, nn::Dense(3, {.in_units = 3, .params = first->params()}));
  else
    net.add(first, nn::Dense(3, {.in_units = 3}));
  return net;
}

}  // namespace

TEST_CASE("weights that PyTorch trained give PyTorch's logits, without initialize()") {
  const io::File run = io::open(fixture("torch_digits_io.npz"));
  const Tensor<> x = run.tensor<float>("inputs"), logits = run.tensor<float>("logits");
  auto net = digits_net();
  io::load(net, fixture("torch_digits.safetensors"), {.rename = from_pytorch_names});
  CHECK(furthest(net(x), logits) < 1e-5f);
  CHECK(net[0].weight().filled_by() == FillSource::loaded);
  // bfloat16 has 8 bits of precision.
  auto rounded = digits_net();
  io::load(rounded, fixture("torch_digits_bf16.safetensors"), {.rename = from_pytorch_names});
  CHECK(furthest(rounded(x), logits) < logits.array().abs().maxCoeff() / 128);
  CHECK(furthest(rounded(x), logits) > 1e-5f);
  nn::Sequential wide{nn::Dense<double>(32, nn::relu), nn::Dense<double>(10)};
  io::load(wide, fixture("torch_digits.safetensors"), {.rename = from_pytorch_names});
  CHECK(furthest(wide(x.cast<double>()).cast<float>(), logits) < 1e-5f);
}

TEST_CASE("a saved net loads into a new one, bit for bit, in each format") {
  const Folder folder;
  auto net = digits_net();
  net.initialize({.seed = 3});
  static_cast<void>(net(Tensor<>::zeros({1, 64})));
  for (const char* name : {"a.safetensors", "a.npz"}) {
    io::save(net, folder / name);
    auto again = digits_net();
    const io::LoadPlan plan = io::load(again, folder / name);
    CHECK(plan.matched.size() == 4);
    for (const auto& [path, p] : net.named_parameters()) {
      INFO(path);
      CHECK(again.child(path.substr(0, 1)).parameter(path.substr(2)).data() == p.data());
    }
    io::save(again, folder / (std::string("b") + (name + 1)));
    CHECK(io_test::bytes_of(folder / name) ==
          io_test::bytes_of(folder / (std::string("b") + (name + 1))));
  }
}

TEST_CASE("a load writes into the values that are there, so that handles see it") {
  const Folder folder;
  auto net = two_layers(false);
  net.initialize({.seed = 1});
  io::save(net, folder / "a.safetensors");
  const Tensor<> before = net[0].weight().data().copy();
  Tensor<> handle = net[0].weight().data();
  handle.fill(7);
  // What is recorded keeps the values that it was recorded with.
  Tensor<> x = Tensor<>::full({1, 3}, 1);
  x.attach_grad();
  Tensor<> y;
  {
    autograd::Record recording;
    y = sum(net[0](x));
  }
  io::load(net, folder / "a.safetensors");
  CHECK(handle == before);
  y.backward();
  CHECK(x.grad() == Tensor<>{{21, 21, 21}});
}

TEST_CASE("ties are restored, and found under each of their paths") {
  const Folder folder;
  auto net = two_layers(true);
  net.initialize({.seed = 1});
  for (const char* name : {"a.safetensors", "a.npz"}) {
    io::save(net, folder / name);
    auto again = two_layers(true);
    CHECK(io::load(again, folder / name).matched.size() == 2);
    CHECK(&again[0].weight() == &again[1].weight());
    CHECK(again[1].weight().data() == net[0].weight().data());
  }
  // Under the other path alone; and under both, with the same values.
  const Tensor<> w = net[0].weight().data(), b = net[0].bias().data();
  const std::string path = folder / "b.safetensors";
  io::save({io::Array("1.weight", w), io::Array("1.bias", b)}, path);
  auto again = two_layers(true);
  io::load(again, path);
  CHECK(again[0].weight().data() == w);
  io::save({io::Array("1.weight", w), io::Array("0.weight", w), io::Array("1.bias", b)}, path);
  io::load(again, path);
  // The tensor is kept under a name that this net does not have.
  io::save({io::Array("9.weight", w), io::Array("0.bias", b)}, path, {{"0.weight", "9.weight"}});
  CHECK(io::load(again, path).matched[0].tensor == "9.weight");
}

TEST_CASE("ties that contradict the file are errors that say so") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  auto tied = two_layers(true), untied = two_layers(false);
  tied.initialize({.seed = 1});
  untied.initialize({.seed = 2});
  io::save(tied, path);
  check_says(message_of<LoadError>([&] { io::load(untied, path); }),
             {"tied in the file, but not in the net: '1.weight' and '0.weight' are one tensor",
              "two parameters"});
  io::save(untied, path);
  check_says(message_of<LoadError>([&] { io::load(tied, path); }),
             {"tied in the net, but not in the file: 0.weight and 1.weight are one parameter",
              "different values"});
}

TEST_CASE("everything in the way is said at once, and nothing has changed") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  auto net = two_layers(false);
  net[0].initialize({.seed = 1});
  const std::string before = state_of(net);
  io::save({io::Array("0.weight", Tensor<>::zeros({3, 4})),
            io::Array("0.bias", Tensor<double>::zeros({3})),
            io::Array("1.wieght", Tensor<>::zeros({3, 3})), io::Array("x\n", Tensor<>{1})},
           path);
  check_says(message_of<LoadError>([&] { io::load(net, path); }),
             {path, "mismatched: 0.weight has the shape (3, 3), the file's '0.weight' has (3, 4)",
              "mismatched: 0.bias has the dtype float32, the file's '0.bias' has float64",
              "missing: 1.weight Did you mean '1.wieght'", "missing: 1.bias", "extra: '1.wieght'",
              "extra: 'x?'", "as it was"});
  CHECK(state_of(net) == before);
  const io::LoadPlan plan = io::plan_load(net, path, {.ignore_extra = true});
  CHECK(!plan.ok());
  CHECK(plan.problems().find("extra") == std::string::npos);
}

TEST_CASE("a read that fails half way leaves every bit as it was") {
  const Folder folder;
  const std::string path = folder / "a.npz";
  auto net = two_layers(false);
  net.initialize({.seed = 1});
  io::save(net, path);
  std::string bytes = io_test::bytes_of(path);
  // The last value of the last member: 1.weight.
  const std::size_t at = bytes.find("PK\1\2") - 1;
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  io_test::put(path, bytes);
  net[0].weight().data() += 1;
  auto fresh = two_layers(false);
  for (nn::Sequential<>* one : {&net, &fresh}) {
    const std::string before = state_of(*one);
    check_says(message_of<FormatError>([&] { io::load(*one, path); }),
               {"tensor '1.weight'", "CRC"});
    CHECK(state_of(*one) == before);
  }
}

#ifndef PARTON_DETAIL_ASAN
TEST_CASE("a load that runs out of memory half way leaves every bit as it was") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  // Named so that the large one is read last; it is all holes on disk.
  const std::string header = R"({"0.bias":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]},)"
                             R"("0.weight":{"dtype":"BF16","shape":[3,16777216],)"
                             R"("data_offsets":[6,100663302]}})";
  io_test::put(path, io_test::raw(std::uint64_t{header.size()}) + header);
  REQUIRE(::truncate(path.c_str(), static_cast<off_t>(8 + header.size() + 100663302)) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 9;
    nn::Sequential net{nn::Dense(3)};
    net[0].bias().initialize(init::Constant(2), {.force_reinit = true});
    const std::string before = state_of(net);
    std::ifstream statm("/proc/self/statm");
    rlim_t pages = 0;
    statm >> pages;
    rlimit limit{};
    ::getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + (rlim_t{150} << 20U);
    ::setrlimit(RLIMIT_AS, &limit);
    try {
      io::load(net, path);
    } catch (const MemoryError&) {
      status = state_of(net) == before ? 7 : 8;
    } catch (...) {
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 7);
}
#endif

TEST_CASE("the options select, transpose, convert and allow") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net{nn::Dense(2, {.in_units = 3})};
  net.initialize(init::Constant(5), {.override_own = true});
  const Tensor<> w = {{1, 2, 3}, {4, 5, 6}};
  io::save({io::Array("0.weight", Tensor<double>{{1, 4}, {2, 5}, {3, 6}}),
            io::Array("0.bias", Tensor<int>{7, 8})},
           path);
  io::load(net, path,
           {.select = "0.weight", .transpose = ".*weight", .dtype = io::DtypeRule::convert});
  CHECK(net[0].weight().data() == w);
  CHECK(net[0].bias().data() == Tensor<>{5, 5});
  io::load(net, path,
           {.select = [](const Parameter<>& p) { return p.key() == "bias"; },
            .dtype = io::DtypeRule::convert});
  CHECK(net[0].bias().data() == Tensor<>{7, 8});
  io::save({io::Array("0.weight", w.cast<Eigen::half>())}, path);
  CHECK_THROWS_AS(io::load(net, path, {.dtype = io::DtypeRule::same, .allow_missing = true}),
                  LoadError);
  net.initialize({.force_reinit = true});
  io::load(net, path, {.allow_missing = true});
  CHECK(net[0].weight().data() == w);
}

TEST_CASE("options that select nothing, and a load of nothing, are errors") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net{nn::Dense(2, {.in_units = 3})};
  net.initialize();
  io::save(net, path);
  check_says(message_of<KeyError>([&] { io::load(net, path, {.select = "weight"}); }),
             {".select selects no parameter: the pattern 'weight' must match a path from its start",
              "'0.weight', '0.bias'"});
  check_says(message_of<KeyError>([&] { (void)io::plan_load(net, path, {.transpose = "1.*"}); }),
             {".transpose selects no parameter: the pattern '1.*'"});
  check_says(message_of<KeyError>([&] {
               io::load(net, path, {.select = [](const Parameter<>&) { return false; }});
             }),
             {"its predicate is false for all of '0.weight', '0.bias'"});
  // Each option alone would say it.
  check_says(
      message_of<LoadError>([&] {
        io::load(net, path,
                 {.rename = {{"^", "model."}}, .allow_missing = true, .ignore_extra = true});
      }),
      {"nothing would be loaded: none of the file's tensors", "after the rules of renaming"});
  check_says(message_of<LoadError>([&] {
               io::load(net, path, {.rename = {{"bias", "bios"}}});
             }),
             {"missing: 0.bias Did you mean '0.bios'?", "extra: '0.bias', renamed to '0.bios'"});
}

TEST_CASE("a tied parameter is selected and transposed by any of its paths") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net = two_layers(true);
  net.initialize();
  const Tensor<> w = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  net[0].weight().set_data(w);
  io::save(net, path, {.select = "1.weight"});
  CHECK(io::open(path).names() == std::vector<std::string>{"0.weight"});
  nn::Sequential again = two_layers(true);
  again.initialize();
  CHECK(io::load(again, path, {.select = "1.weight", .transpose = "1.*"}).matched.size() == 1);
  CHECK(again[0].weight().data()(0, 1) == 4);
}

TEST_CASE("a number that the net can only hold as infinity stops a load that converts") {
  const Folder folder;
  const std::string path = folder / "wide.npz";
  nn::Sequential net{nn::Dense(1, {.in_units = 1})};
  net.initialize(init::Constant(3));
  io::save({io::Array("0.weight", Tensor<double>{{1}}), io::Array("0.bias", Tensor<double>{1e39})},
           path);
  check_says(
      message_of<ValueError>([&] { io::load(net, path, {.dtype = io::DtypeRule::convert}); }),
      {path, "'0.bias' has 1e+39"});
  CHECK(net[0].weight().data()(0, 0) == 3);
}
