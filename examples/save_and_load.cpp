// SPDX-License-Identifier: MIT
// Files: save a net, look into the file, load it into another one, interrupt its training, and what
// happens when a file does not fit.
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <unistd.h>

#include <parton/io.hpp>
#include <parton/parton.hpp>

using namespace parton;

namespace {

/// Two hidden layers that share their parameters.
nn::Sequential<> make_net() {
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
          nn::Dense(3));
  return net;
}

void list(const std::string& path) {
  const io::File file = io::open(path);  // reads no data
  std::cout << path << ":\n";
  for (const io::TensorInfo& info : file.tensors())
    std::cout << "  " << info.name << ' ' << info.shape << ' ' << info.dtype << '\n';
  for (const auto& [key, value] : file.metadata())
    std::cout << "  " << key << " = " << value << '\n';
}

void step(const nn::Sequential<>& net, optim::Trainer<>& trainer, const Tensor<>& x) {
  const autograd::Record recording;
  const Tensor y = net(x);
  const Tensor loss = sum(y * y);
  loss.backward();
  trainer.step(x.shape()[0]);
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("parton_save_and_load_" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  std::filesystem::current_path(folder);

  nn::Sequential net = make_net();
  net.initialize({.seed = 7});
  const Tensor x = random::uniform({2, 4});
  const Tensor y = net(x);

  // By extension. A shared parameter is written once; its other paths are in the metadata.
  io::save(net, "net.safetensors", {.metadata = {{"epoch", "12"}}});
  io::save(net, "net.npz");  // for NumPy
  list("net.safetensors");

  // Into a net that knows neither its input's size nor any value: the file tells both.
  nn::Sequential again = make_net();
  io::load(again, "net.safetensors");
  std::cout << "\nthe same results: " << (again(x) == y ? "yes" : "no")
            << ", still tied: " << (&again[1].weight() == &again[2].weight() ? "yes" : "no")
            << "\n\n";

  // Half the size.
  io::save(net, "small.safetensors", {.dtype = io::Dtype::bfloat16});
  std::cout << io::plan_load(again, "small.safetensors") << '\n';

  // All that the next step depends on: parameters, the optimizer's state, schedule, randomness.
  optim::Trainer trainer(net.collect_params(), optim::Adam({.learning_rate = 0.01}));
  step(net, trainer, x);
  io::save_checkpoint(net, trainer, "last.safetensors", {.metadata = {{"epoch", "1"}}});

  // Another process builds both again and goes on to the bit.
  nn::Sequential later = make_net();
  later.initialize();
  optim::Trainer resumed(later.collect_params(), optim::Adam({.learning_rate = 0.01}));
  const io::Metadata saved = io::load_checkpoint(later, resumed, "last.safetensors");
  step(net, trainer, x);
  step(later, resumed, x);
  std::cout << "after epoch " << saved.at("epoch")
            << " and another step, the same to the bit: " << (later(x) == net(x) ? "yes" : "no")
            << "\n\n";

  // A part of it: what is left out keeps its values.
  io::load(again, "net.npz", {.select = "0\\..*"});

  // Single tensors, without a net; in place, without a copy.
  const io::File file = io::open("net.safetensors");
  const Tensor weight = file.tensor<float>("3.weight");
  std::cout << "the first row of 3.weight:\n" << weight[0] << "\n\n";

  // A file that does not fit changes nothing, and says all that is in the way.
  nn::Sequential other{nn::Dense(8, nn::relu), nn::Dense(5), nn::Dense(2, {.use_bias = false})};
  try {
    io::load(other, "net.safetensors");
  } catch (const LoadError& error) {
    std::cout << error.what() << "\n\n";
  }

  // A file that was cut off neither.
  std::filesystem::resize_file("net.safetensors", 1000);
  try {
    io::load(again, "net.safetensors");
  } catch (const FormatError& error) {
    std::cout << error.what() << '\n';
  }

  std::filesystem::current_path("/");
  std::filesystem::remove_all(folder);
}
