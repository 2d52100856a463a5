// SPDX-License-Identifier: MIT
// Weights that were trained in PyTorch, in a program without Python.
//
// In PyTorch the net was
//
//     class Net(nn.Module):
//         def __init__(self):
//             self.fc1 = nn.Linear(64, 32)
//             self.fc2 = nn.Linear(32, 10)
//         def forward(self, x):
//             return self.fc2(F.relu(self.fc1(x)))
//
// trained on 8x8 pictures of handwritten digits, and saved by
//
//     safetensors.torch.save_file(net.state_dict(), "torch_digits.safetensors")
#include <iostream>
#include <string>

#include <parton/io.hpp>
#include <parton/parton.hpp>

using namespace parton;

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : PARTON_FIXTURES;

  // The names of the file, and those of our net.
  const io::File file = io::open(folder + "/torch_digits.safetensors");
  for (const io::TensorInfo& info : file.tensors())
    std::cout << info.name << ' ' << info.shape << ' ' << info.dtype << '\n';
  nn::Sequential net{nn::Dense(32, nn::relu), nn::Dense(10)};
  for (auto& [path, p] : net.named_parameters()) std::cout << path << ' ' << p.shape() << '\n';

  // Without rules nothing fits, and the error says all that is in the way at once.
  const io::LoadPlan plan = io::plan_load(net, file.path());
  std::cout << "\nwithout rules of renaming:" << plan.problems() << "\n\n";

  io::load(net, file.path(), {.rename = {{"^fc1\\.", "0."}, {"^fc2\\.", "1."}}});
  std::cout << net << "\n\n";

  // A hundred pictures that it was not trained on, with what PyTorch computed for them.
  const io::File run = io::open(folder + "/torch_digits_io.npz");
  const Tensor x = run.tensor<float>("inputs");
  const Tensor expected = run.tensor<float>("logits");
  const Tensor labels = run.converted<float>("labels");
  const Tensor logits = net(x);
  Index right = 0;
  for (Index i = 0; i < logits.shape()[0]; ++i) {
    Eigen::Index digit = 0;
    logits.matrix().row(i).maxCoeff(&digit);
    right += static_cast<float>(digit) == labels(i) ? 1 : 0;
  }
  std::cout << right << " of " << logits.shape()[0] << " digits are right\n";
  const bool agrees = (logits.array() - expected.array()).abs().maxCoeff() < 1e-5f;
  std::cout << "the logits are PyTorch's to 1e-5: " << (agrees ? "yes" : "no") << '\n';

  // Half the size, in bfloat16: it widens by itself.
  nn::Sequential small{nn::Dense(32, nn::relu), nn::Dense(10)};
  io::load(small, folder + "/torch_digits_bf16.safetensors",
           {.rename = {{"^fc1\\.", "0."}, {"^fc2\\.", "1."}}});
  std::cout << "a bias in bfloat16: " << small[1].bias().data().slice(0, 3) << '\n';
  return agrees ? 0 : 1;
}
