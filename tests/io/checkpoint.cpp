// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parton/autograd/backward.hpp>
#include <parton/autograd/mode.hpp>
#include <parton/io/checkpoint.hpp>
#include <parton/nn/batch_norm.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/dropout.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/reduce.hpp>
#include <parton/optim/adam.hpp>
#include <parton/optim/sgd.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

namespace {

const optim::Adam checkpoint_adam({.learning_rate = 0.1, .schedule = optim::Cosine({.steps = 25})});
const optim::SGD checkpoint_sgd({.learning_rate = 0.01, .momentum = 0.9});

/// Layers 0 and 1 are tied, 2 has running statistics, and 4 is frozen.
nn::Sequential<> net_to_resume() {
  auto shared = std::make_shared<nn::Dense<>>(4, nn::tanh);
  nn::Sequential net;
  net.add(shared, nn::Dense(4, nn::tanh, {.params = shared->params()}), nn::BatchNorm(),
          nn::Dropout(0.5), nn::Dense(2));
  return net;
}

struct Resumable {
  explicit Resumable(optim::AnyOptimizer<float> optimizer)
      : trainer(prepared(), std::move(optimizer),
                {{".*bias", {.learning_rate = 0.02, .weight_decay = 0}}}) {}

  ParameterDict<> prepared() {
    net.initialize();
    net[0].weight().set_lr_mult(0.5);
    net[4].weight().set_grad_req(GradReq::null);
    return net.collect_params();
  }
  /// Three batches of new inputs in a new order.
  void epoch() {
    const Tensor<> x = random::normal({6, 4});
    const std::vector<Index> order = random::permutation(3);
    for (const Index i : order) {
      {
        const autograd::Record recording;
        const Tensor<> y = net(x.slice(2 * i, 2 * i + 2)) - 1.F;
        const Tensor<> loss = sum(y * y);
        loss.backward();
      }
      trainer.step(2);
    }
  }

  nn::Sequential<> net = net_to_resume();
  optim::Trainer<> trainer;
};

/// Every bit that training goes on from, but for the randomness.
std::string bits_of(const Resumable& training) {
  std::string bits;
  const auto add = [&](const std::string& name, const Tensor<>& x) {
    bits += name + x.shape().to_string();
    bits.append(reinterpret_cast<const char*>(x.data()),
                static_cast<std::size_t>(x.size()) * sizeof(float));
  };
  for (const auto& [path, p] : training.net.named_parameters()) {
    if (p.has_fresh_grad()) bits += "fresh";
    if (p.is_initialized())
      add(path, p.data());
    else
      bits += path + p.shape().to_string();
  }
  const auto state = training.trainer.state_dict();
  bits += io_test::raw(state.steps) + io_test::raw(state.learning_rate);
  for (const auto& [path, count] : state.counts) bits += path + io_test::raw(count);
  for (const auto& [key, tensor] : state.tensors) add(key, tensor);
  return bits;
}

/// The same, and what the next random numbers and initial values are.
std::string bits_and_draws_of(Resumable& training) {
  std::string bits = bits_of(training);
  const Tensor<> drawn = random::uniform({5});
  bits.append(reinterpret_cast<const char*>(drawn.data()), 5 * sizeof(float));
  training.net.initialize({.force_reinit = true});
  return bits + bits_of(training);
}

Resumable trained_for_an_epoch() {
  random::seed(2);
  Resumable training(checkpoint_adam);
  training.epoch();
  return training;
}

/// A checkpoint written anew after a change to what is in it.
struct Rewritten {
  explicit Rewritten(const std::string& path) {
    const io::File file = io::open(path);
    for (const io::TensorInfo& info : file.tensors())
      tensors.emplace(info.name, file.tensor<float>(info.name).copy());
    metadata = file.metadata();
  }
  void save(const std::string& path) const {
    std::vector<io::Array> arrays = others;
    for (const auto& [name, tensor] : tensors) arrays.emplace_back(name, tensor);
    io::save(arrays, path, metadata);
  }

  std::map<std::string, Tensor<>> tensors;
  std::vector<io::Array> others;
  io::Metadata metadata;
};

const std::string state_prefix = "parton.checkpoint:";

}  // namespace

TEST_CASE("five epochs and five more in a new process are ten epochs to the bit") {
  // The new process is this test run again; it is told where the checkpoints are.
  constexpr const char* variable = "PARTON_TEST_CHECKPOINTS";
  const std::vector<std::pair<std::string, optim::AnyOptimizer<float>>> optimizers = {
      {"adam", checkpoint_adam}, {"sgd", checkpoint_sgd}};
  if (const char* const folder = std::getenv(variable)) {
    for (const auto& [name, optimizer] : optimizers) {
      // The seed and all values are those of the file.
      Resumable training(optimizer);
      const std::string path = std::string(folder) + "/" + name;
      const auto metadata =
          io::load_checkpoint(training.net, training.trainer, path + ".safetensors");
      REQUIRE(metadata == io::Metadata{{"epoch", "5"}});
      for (int i = 0; i < 5; ++i) training.epoch();
      io_test::put(path, bits_and_draws_of(training));
    }
    return;
  }
  const Folder folder;
  std::vector<std::string> expected;
  for (const auto& [name, optimizer] : optimizers) {
    random::seed(7);
    Resumable training(optimizer);
    for (int i = 0; i < 10; ++i) {
      if (i == 5)
        io::save_checkpoint(training.net, training.trainer, folder / (name + ".safetensors"),
                            {.metadata = {{"epoch", "5"}}});
      training.epoch();
    }
    expected.push_back(bits_and_draws_of(training));
  }
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv(variable, (folder / "").c_str(), 1);
    ::execl("/proc/self/exe", "resumed",
            "five epochs and five more in a new process are ten epochs to the bit", nullptr);
    ::_exit(99);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  for (std::size_t i = 0; i < optimizers.size(); ++i) {
    INFO(optimizers[i].first);
    const std::string found = io_test::bytes_of(folder / optimizers[i].first);
    REQUIRE(found.size() == expected[i].size());
    CHECK(found == expected[i]);
  }
}

TEST_CASE("a checkpoint names its parameters as io::save does, and io::load takes them alone") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io::save_checkpoint(training.net, training.trainer, path, {.metadata = {{"note", "0.weight"}}});
  const io::File file = io::open(path);
  CHECK(file.tensor<float>("0.weight") == training.net[0].weight().data());
  CHECK(!file.contains("1.weight"));
  CHECK(file.metadata().at("1.weight") == "0.weight");
  CHECK(file.metadata().at(state_prefix + "steps") == "3");
  CHECK(file.metadata().at(state_prefix + "updates:0.weight") == "3");
  CHECK(file.metadata().at(state_prefix + "updates:4.weight") == "0");
  CHECK(file.contains(state_prefix + "0.weight/exp_avg"));
  CHECK(!file.contains(state_prefix + "4.weight/exp_avg"));

  auto net = net_to_resume();
  CHECK(io::load(net, path, {.verify = true}).extra.empty());
  CHECK(net[2].parameter("running_mean").data() ==
        training.net[2].parameter("running_mean").data());
  CHECK(io::load_checkpoint(training.net, training.trainer, path) ==
        io::Metadata{{"note", "0.weight"}});
}

TEST_CASE("numbers of 64 bits, a rate of any bits and a net that was not seeded come back") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  auto state = training.trainer.state_dict();
  state.steps = 0xFFFFFFFFFFFFFFFFU;
  state.learning_rate = 0.1 + 0.2;
  state.counts["0.weight"] = (std::uint64_t{1} << 53U) + 1;
  training.trainer.load_state_dict(state);
  const random::State random{0x8000000000000001U, (std::uint64_t{1} << 53U) + 1, false, 41};
  random::set_state(random);
  io::save_checkpoint(training.net, training.trainer, path);
  Resumable again(checkpoint_adam);
  io::load_checkpoint(again.net, again.trainer, path);
  CHECK(random::state() == random);
  const auto found = again.trainer.state_dict();
  CHECK(found.steps == state.steps);
  CHECK(found.learning_rate == state.learning_rate);
  CHECK(found.counts == state.counts);
}

TEST_CASE("a bfloat16 net keeps the float states of its optimizer") {
  using Eigen::bfloat16;
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net{nn::Dense<bfloat16>(1, {.use_bias = false, .in_units = 2})};
  net.initialize({.seed = 1});
  optim::Trainer trainer(net.collect_params(), optim::Adam());
  {
    const autograd::Record recording;
    const Tensor<bfloat16> loss = sum(net(Tensor<bfloat16>::full({1, 2}, 0.3F)));
    loss.backward();
  }
  trainer.step(1);
  io::save_checkpoint(net, trainer, path);
  nn::Sequential other{nn::Dense<bfloat16>(1, {.use_bias = false})};
  other.initialize();
  optim::Trainer resumed(other.collect_params(), optim::Adam());
  io::load_checkpoint(other, resumed, path);
  CHECK(other[0].weight().data() == net[0].weight().data());
  const Tensor<> state = resumed.state_dict().tensors.at("0.weight/exp_avg");
  CHECK(state == trainer.state_dict().tensors.at("0.weight/exp_avg"));
  CHECK_FALSE(state == state.cast<bfloat16>().cast<float>());
}

TEST_CASE("a gradient from before the load is stale") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io::save_checkpoint(training.net, training.trainer, path);
  {
    const autograd::Record recording;
    const Tensor<> loss = sum(training.net(Tensor<>::full({2, 4}, 1)));
    loss.backward();
  }
  io::load_checkpoint(training.net, training.trainer, path);
  CHECK_THROWS_AS(training.trainer.step(1), GradientError);
}

TEST_CASE("a checkpoint that was tampered with is an error that says where, and changes nothing") {
  const Folder folder;
  const std::string good = folder / "good.safetensors", path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io::save_checkpoint(training.net, training.trainer, good);
  training.epoch();
  Resumable fresh(checkpoint_adam);

  struct Case {
    std::function<void(Rewritten&)> change;
    std::vector<std::string> says;
  };
  const std::string weight = state_prefix + "0.weight/exp_avg";
  const auto set = [](const std::string& key, const std::string& value) {
    return [=](Rewritten& file) { file.metadata.at(state_prefix + key) = value; };
  };
  const std::string whole = "must be a whole number below 2^64, not ";
  const std::vector<Case> cases = {
      {[&](Rewritten& file) { file.tensors.erase(weight); },
       {"Missing in the state: '0.weight/exp_avg'", "Build the net and the Trainer as they were",
        "io::load(net, path)"}},
      {[&](Rewritten& file) {
         file.tensors.emplace(state_prefix + "0.wieght/exp_avg", file.tensors.at(weight));
         file.tensors.erase(weight);
         file.tensors.erase("0.weight");
       },
       {"missing: 0.weight", "Missing in the state: '0.weight/exp_avg'",
        "In the state alone: '0.wieght/exp_avg'"}},
      {[&](Rewritten& file) {
         file.tensors.at(weight) = Tensor<>::zeros({4, 5});
       },
       {"Of another shape: '0.weight/exp_avg' (expected (4, 4), found (4, 5))"}},
      {[&](Rewritten& file) {
         file.tensors.erase(weight);
         file.others.emplace_back(weight, Tensor<double>::zeros({4, 4}));
       },
       {"mismatched: the state '" + weight + "' has the dtype float64, not float32"}},
      {[&](Rewritten& file) {
         file.tensors.erase("0.bias");
         file.others.emplace_back("0.bias", Tensor<Eigen::half>::zeros({4}));
       },
       {"mismatched: 0.bias has the dtype float32, the file's '0.bias' has float16"}},
      {[&](Rewritten& file) { file.tensors.at("4.bias") = Tensor<>::zeros({3}); },
       {"mismatched: 4.bias has the shape (2,), the file's '4.bias' has (3,)"}},
      {[&](Rewritten& file) { file.tensors.emplace("5.weight", Tensor<>{1}); },
       {"extra: '5.weight'"}},
      {[&](Rewritten& file) { file.metadata.erase("1.weight"); },
       {"the metadata are not what was written"}},
      {[&](Rewritten& file) { file.tensors.at(weight).mutable_data()[3] += 1; },
       {"is damaged", weight + ": the bytes of"}},
      {[&](Rewritten& file) { file.tensors.at("0.bias").mutable_data()[3] += 1; },
       {"is damaged", "0.bias: the bytes of", "Take another copy"}},
      {set("steps", "4"), {"is damaged", "the metadata are not what was written"}},
      {set("steps", "12 apples"),
       {"'parton.checkpoint:steps' " + whole + "'12 apples'", "Take another copy"}},
      {set("steps", "18446744073709551616"), {whole + "'18446744073709551616'"}},
      {set("updates:0.bias", "-1"), {"updates:0.bias' " + whole + "'-1'"}},
      {set("draws:0.bias", ""), {"draws:0.bias' " + whole + "''"}},
      {set("random.position", "1e3"), {"random.position' " + whole + "'1e3'"}},
      {set("learning_rate", "fast"), {"learning_rate' must be a number, not 'fast'"}},
      {set("learning_rate", "inf"), {"learning_rate must be"}},
      {set("optimizer", "lion"), {"'lion'", "the Trainer has 'adam'"}},
      {set("version", "2"), {"has the version '2'", "knows 1", "io::load(net, path)"}},
      {[&](Rewritten& file) { file.metadata.erase(state_prefix + "random.seed"); },
       {"random.seed' " + whole + "''"}},
      {[&](Rewritten& file) { file.metadata.erase(state_prefix + "optimizer"); },
       {"optimizer' must be the name of an optimizer"}},
      {[&](Rewritten& file) { file.metadata.erase(state_prefix + "updates:0.bias"); },
       {"Missing in the state: '0.bias'"}},
      {[&](Rewritten& file) { file.metadata.clear(); },
       {"is no checkpoint", "io::load(net, path)"}},
  };
  for (const Case& one : cases) {
    Rewritten file(good);
    one.change(file);
    file.save(path);
    for (Resumable* const target : {&training, &fresh}) {
      const std::string before = bits_of(*target);
      const random::State random = random::state();
      const std::string text =
          message_of<LoadError>([&] { io::load_checkpoint(target->net, target->trainer, path); });
      check_says(text, {path});
      CHECK(text.find("DtypeRule") == std::string::npos);  // no option of load_checkpoint()
      // Where the shapes are unknown they are taken from the file, and so may be others.
      if (target == &training)
        for (const std::string& part : one.says) check_says(text, {part});
      CHECK(bits_of(*target) == before);
      CHECK(random::state() == random);
    }
  }
  // A state of another shape than the parameter of the same file.
  Rewritten file(good);
  file.tensors.at(weight) = Tensor<>::zeros({4, 5});
  file.save(path);
  check_says(message_of<LoadError>([&] { io::load_checkpoint(fresh.net, fresh.trainer, path); }),
             {"'0.weight/exp_avg' (expected (4, 4), found (4, 5))"});
  // Another optimizer, and other options of the same one.
  Resumable sgd(checkpoint_sgd);
  check_says(message_of<LoadError>([&] { io::load_checkpoint(sgd.net, sgd.trainer, good); }),
             {good, "'adam'", "the Trainer has 'sgd'", "the optimizer that the state comes from"});
  Resumable amsgrad(optim::Adam({.amsgrad = true}));
  check_says(
      message_of<LoadError>([&] { io::load_checkpoint(amsgrad.net, amsgrad.trainer, good); }),
      {"Missing in the state: ", "'0.weight/max_exp_avg_sq'", "with the same options"});
  CHECK(!amsgrad.net[0].weight().is_initialized());
  io::load_checkpoint(fresh.net, fresh.trainer, good);
}

TEST_CASE("a checkpoint with any one byte changed is refused, and nothing has changed") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io::save_checkpoint(training.net, training.trainer, path);
  const std::string good = io_test::bytes_of(path);
  training.epoch();
  const std::string before = bits_of(training);
  const random::State random = random::state();
  std::size_t refused = 0, tried = 0;
  // Every 11th byte, which meets header, metadata and data, each in a bit of its own.
  for (std::size_t i = 0; i < good.size(); i += 11) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    io_test::put(path, bad);
    ++tried;
    try {
      io::load_checkpoint(training.net, training.trainer, path);
      UNSCOPED_INFO("byte " << i << " of " << good.size());
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(tried > 300);
  CHECK(refused == tried);
  CHECK(bits_of(training) == before);
  CHECK(random::state() == random);
}

TEST_CASE("what cannot be saved as a checkpoint is said before the old file is touched") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io_test::put(path, "old");
  const auto save = [&](const io::CheckpointOptions& options) {
    io::save_checkpoint(training.net, training.trainer, path, options);
  };
  check_says(message_of<ValueError>([&] {
               save({{{"parton.mine", ""}}});
             }),
             {path, "the key 'parton.mine'", "choose another key"});
  check_says(message_of<ValueError>([&] { save({{{"1.weight", ""}}}); }), {"the key '1.weight'"});
  check_says(message_of<FileError>(
                 [&] { io::save_checkpoint(training.net, training.trainer, folder / "a.npz"); }),
             {"a.npz", "must be a file that ends in .safetensors"});
  nn::Sequential part{nn::Dense(2)};
  check_says(message_of<ValueError>([&] { io::save_checkpoint(part, training.trainer, path); }),
             {path, "the Trainer trains '0.weight', which the net does not have", "another net",
              "Sequential"});
  check_says(
      message_of<ValueError>([&] {
        io::load_checkpoint(part, training.trainer, [&] {
          io::save_safetensors({}, folder / "b.safetensors", {{"parton.checkpoint:version", "1"}});
          return folder / "b.safetensors";
        }());
      }),
      {"'0.weight', which the net does not have"});
  CHECK(io_test::bytes_of(path) == "old");
}

TEST_CASE("a writer killed half way through a checkpoint leaves the last one whole") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  Resumable training = trained_for_an_epoch();
  io::save_checkpoint(training.net, training.trainer, path);
  const std::string before = io_test::bytes_of(path);
  training.epoch();
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_DFL);
    const rlimit size{before.size() / 2, before.size() / 2};
    ::setrlimit(RLIMIT_FSIZE, &size);
    io::save_checkpoint(training.net, training.trainer, path);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGXFSZ);
  CHECK(io_test::bytes_of(path) == before);
  io::load_checkpoint(training.net, training.trainer, path);
}
