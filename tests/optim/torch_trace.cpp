// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <parton/loss/softmax_cross_entropy.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/arithmetic.hpp>
#include <parton/optim/adam.hpp>
#include <parton/optim/sgd.hpp>
#include <parton/optim/trainer.hpp>
#include <parton_test/catch.hpp>

// What PyTorch 1.13 did with Linear(64, 32), ReLU, Linear(32, 10) in float: 20 steps of the mean
// cross-entropy on rows 64 s to 64 s + 63 of UCI's optical digits, divided by 16. The files beside
// this one hold the start, the first gradient, the parameters after 1 and 20 steps, and the losses.
// The digits themselves are not part of the project: the test looks for digits.csv in $PARTON_DATA,
// then in ../shared/data.

using namespace parton;

namespace {

namespace fs = std::filesystem;

fs::path beside_this_file(const char* name) { return fs::path(__FILE__).parent_path() / name; }

using Arrays = std::map<std::string, std::vector<float>>;

/// The float arrays of an npz whose members are stored, not compressed: all that these files are.
Arrays read_stored_npz(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto number = [&](std::size_t at, std::size_t size) {
    std::size_t value = 0;
    for (std::size_t i = size; i-- > 0;)
      value = value * 256 + static_cast<unsigned char>(bytes.at(at + i));
    return value;
  };
  Arrays result;
  // From the end: the record that says where the central directory is.
  const std::size_t end = bytes.rfind("PK\x05\x06");
  std::size_t entry = number(end + 16, 4);
  for (std::size_t left = number(end + 10, 2); left > 0; --left) {
    REQUIRE(number(entry + 10, 2) == 0);  // stored
    const std::size_t size = number(entry + 24, 4), name = number(entry + 28, 2);
    const std::size_t local = number(entry + 42, 4);
    const std::string array = bytes.substr(entry + 46, name - 4);
    const std::size_t npy = local + 30 + number(local + 26, 2) + number(local + 28, 2);
    const std::size_t header = 10 + number(npy + 8, 2);
    REQUIRE(bytes.substr(npy, header).find("'<f4'") != std::string::npos);
    std::vector<float> values((size - header) / 4);
    std::memcpy(values.data(), bytes.data() + npy + header, size - header);
    result.emplace(array, std::move(values));
    entry += 46 + name + number(entry + 30, 2) + number(entry + 32, 2);
  }
  return result;
}

struct Digits {
  std::vector<double> pixels;  // (rows, 64), 0 to 1
  std::vector<int> labels;
};

/// The first rows of digits.csv; none if it is not there.
Digits read_digits(std::size_t rows) {
  std::vector<fs::path> places{beside_this_file("../../../shared/data")};
  if (const char* data = std::getenv("PARTON_DATA")) places.insert(places.begin(), data);
  Digits result;
  for (const fs::path& place : places) {
    std::ifstream file(place / "digits.csv");
    std::string line;
    if (!std::getline(file, line)) continue;  // the heading
    char comma = ',';
    for (std::size_t row = 0; row < rows; ++row) {
      for (int i = 0; i < 64; ++i) {
        double pixel = 0;
        file >> pixel >> comma;
        result.pixels.push_back(pixel / 16);
      }
      file >> result.labels.emplace_back();
    }
    REQUIRE(file.good());
    return result;
  }
  std::cout << "torch_trace: digits.csv was not found in $PARTON_DATA or ../shared/data, so only "
               "the first step is compared\n";
  return result;
}

const Digits& first_batches() {
  static const Digits digits = read_digits(20 * 64);
  return digits;
}

template <class Scalar>
class Traced {
 public:
  Traced(const char* file, optim::AnyOptimizer<Scalar> optimizer)
      : trace_(read_stored_npz(beside_this_file(file))),
        net_{nn::Dense<Scalar>(32, nn::relu, {.in_units = 64}),
             nn::Dense<Scalar>(10, nn::linear, {.in_units = 32})},
        trainer_(started(), optimizer) {}

  /// One step on rows 64 step to 64 step + 63; returns its loss.
  double step(const Digits& digits, int step) {
    Tensor<double> pixels = Tensor<double>::zeros({64, 64});
    std::copy_n(digits.pixels.begin() + step * 64 * 64, 64 * 64, pixels.span().begin());
    const std::vector<int> labels(digits.labels.begin() + step * 64,
                                  digits.labels.begin() + (step + 1) * 64);
    const Tensor<Scalar> x = pixels.template cast<Scalar>();
    Tensor<Scalar> loss;
    {
      const autograd::Record recording;
      loss = cross_entropy_(net_(x), labels);
      loss.backward();
    }
    trainer_.step(64);
    return loss.template cast<double>().array().mean();
  }

  /// One step by the gradient that PyTorch had.
  void step_by_given_gradients() {
    for (auto& [path, parameter] : net_.named_parameters()) {
      const autograd::Record recording;
      const Tensor<Scalar> loss = parameter.data() * array("grad1.", path, parameter.shape());
      loss.backward();
    }
    trainer_.step(1);
  }

  /// The largest difference between the parameters and those of the trace at that point.
  [[nodiscard]] double distance_from(const std::string& point) const {
    double result = 0;
    for (auto& [path, parameter] : net_.named_parameters())
      result = std::max(result, largest_difference(parameter.data(), point, path));
    return result;
  }
  /// The same for the gradients of the mean loss.
  [[nodiscard]] double distance_of_gradients() const {
    double result = 0;
    for (auto& [path, parameter] : net_.named_parameters()) {
      Tensor<Scalar> gradient = parameter.grad().copy();
      gradient /= 64;
      result = std::max(result, largest_difference(gradient, "grad1.", path));
    }
    return result;
  }
  [[nodiscard]] double loss(int step) const {
    return trace_.at("losses")[static_cast<std::size_t>(step)];
  }

 private:
  ParameterDict<Scalar> started() {
    for (auto& [path, parameter] : net_.named_parameters())
      parameter.set_data(array("start.", path, parameter.shape()));
    return net_.collect_params();
  }
  [[nodiscard]] Tensor<Scalar> array(const std::string& point, const std::string& path,
                                     const Shape& shape) const {
    const std::string name = (path[0] == '0' ? "fc1" : "fc2") + path.substr(1);
    Tensor<float> result = trace_.at(point + name);
    return result.reshape(shape).template cast<Scalar>();
  }
  [[nodiscard]] double largest_difference(const Tensor<Scalar>& x, const std::string& point,
                                          const std::string& path) const {
    const Tensor<double> a = x.template cast<double>();
    const Tensor<double> b = array(point, path, x.shape()).template cast<double>();
    return (a.array() - b.array()).abs().maxCoeff();
  }

  Arrays trace_;
  nn::Sequential<Scalar> net_;
  optim::Trainer<Scalar> trainer_;
  loss::SoftmaxCrossEntropy cross_entropy_;
};

const optim::SGD trace_sgd({.learning_rate = 0.05, .momentum = 0.9});
const optim::Adam trace_adam({.learning_rate = 1e-3});

/// 20 steps; every loss, the first gradient, and the parameters after 1 and 20 steps.
template <class Scalar, class Recipe>
void check_trace(const char* file, const Recipe& optimizer, double tolerance) {
  const Digits& digits = first_batches();
  Traced<Scalar> by_gradient(file, optimizer);
  by_gradient.step_by_given_gradients();
  CHECK(by_gradient.distance_from("after1.") < tolerance);
  if (digits.labels.empty()) return;
  Traced<Scalar> traced(file, optimizer);
  for (int step = 0; step < 20; ++step) {
    INFO("step " << step);
    CHECK(traced.step(digits, step) == Approx(traced.loss(step)).margin(tolerance).epsilon(0));
    if (step > 0) continue;
    CHECK(traced.distance_of_gradients() < tolerance);
    CHECK(traced.distance_from("after1.") < tolerance);
  }
  CHECK(traced.distance_from("after20.") < tolerance);
}

}  // namespace

TEST_CASE("20 steps of SGD with momentum agree with PyTorch") {
  check_trace<float>("torch_trace_sgd.npz", trace_sgd, 1e-5);
  check_trace<double>("torch_trace_sgd.npz", trace_sgd, 1e-5);
  check_trace<Eigen::bfloat16>("torch_trace_sgd.npz", trace_sgd, 0.02);
}

TEST_CASE("20 steps of Adam agree with PyTorch") {
  check_trace<float>("torch_trace_adam.npz", trace_adam, 1e-5);
  check_trace<double>("torch_trace_adam.npz", trace_adam, 1e-5);
  check_trace<Eigen::bfloat16>("torch_trace_adam.npz", trace_adam, 0.02);
}
