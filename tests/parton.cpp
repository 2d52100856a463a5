// SPDX-License-Identifier: MIT
//
// What a user types: the lines of the library's contract, as they stand there.
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <parton/parton.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

struct MyInit : init::Initializer<> {
  void init_weight(std::string_view name, Tensor<>& data, random::Generator& rng) const override {
    std::cout << "Init " << name << ' ' << data.shape() << '\n';
    rng.uniform(data, -10, 10);
    data.array() *= (data.array().abs() >= 5).cast<float>();
  }
};

class FancyMLP : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    Tensor x = dense(input);
    x = relu(dot(x, rand_weight.data()) + 1.f);
    x = dense(x);  // the same layer again: one parameter, summed gradient
    while (norm(x).item() > 1) x = x / 2.f;
    return sum(x);
  }
  nn::Dense<>& dense = add_child("dense", nn::Dense(20, nn::relu));
  Parameter<>& rand_weight = add_constant("rand_weight", random::uniform({20, 20}));
};

class OwnMembers : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& input) const override {
    return input * weight.data() + bias.data();
  }
  Parameter<>& weight = add_parameter("weight", {.shape = {3}});
  Parameter<>& bias = add_parameter("bias", {.shape = {3}, .initializer = init::Zero()});
};

nn::Sequential<> block1() {
  return nn::Sequential{nn::Dense(32, nn::relu), nn::Dense(16, nn::relu)};
}

nn::Sequential<> block2() {
  nn::Sequential net;
  for (int i = 0; i < 4; ++i) net.add(block1());
  return net;
}

template <class T>
std::string printed(const T& value) {
  std::ostringstream os;
  os << value;
  return os.str();
}

/// Standard output for the length of a scope.
class CapturedOutput {
 public:
  CapturedOutput() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~CapturedOutput() { std::cout.rdbuf(before_); }
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

}  // namespace

TEST_CASE("the chapter, line by line") {
  nn::Sequential net;
  net.add(nn::Dense(256, nn::relu));
  net.add(nn::Dense(10));
  net.initialize();
  Tensor x = random::uniform({2, 20});
  Tensor y = net(x);
  CHECK(y.shape() == Shape{2, 10});

  CHECK(printed(net[0].params()) ==
        "dense0_ (\n"
        "  Parameter dense0_weight (shape=(256, 20), dtype=float32)\n"
        "  Parameter dense0_bias (shape=(256,), dtype=float32)\n"
        ")");
  CHECK(printed(net.params()) == "sequential0_ (\n\n)");
  CHECK(printed(net[1].bias()) == "Parameter dense1_bias (shape=(10,), dtype=float32)");
  CHECK(printed(net[1].bias().data()) == "[0. 0. 0. 0. 0. 0. 0. 0. 0. 0.]");
  const Tensor w = net[0].params()["dense0_weight"].data();
  CHECK(w.array().abs().maxCoeff() <= 0.07f);
  CHECK(w.array().abs().maxCoeff() > 0.06f);
  CHECK(net[0].weight().grad() == zeros({256, 20}));
  CHECK(net[0].collect_params().size() == 2);
  CHECK(net.collect_params().names() ==
        std::vector<std::string>{"dense0_weight", "dense0_bias", "dense1_weight", "dense1_bias"});
  CHECK(net.collect_params()["dense1_bias"].data() == zeros({10}));
  CHECK(printed(net.collect_params(".*weight")) ==
        "sequential0_ (\n"
        "  Parameter dense0_weight (shape=(256, 20), dtype=float32)\n"
        "  Parameter dense1_weight (shape=(10, 256), dtype=float32)\n"
        ")");
  CHECK(net.collect_params("dense0.*").names() ==
        std::vector<std::string>{"dense0_weight", "dense0_bias"});

  net.initialize(init::Normal(0.01), {.force_reinit = true});
  CHECK(net[0].weight().data().array().abs().maxCoeff() < 0.06f);
  net.initialize(init::Constant(1), {.force_reinit = true});
  CHECK(net[0].weight().data() == ones({256, 20}));
  CHECK(net[0].bias().data() == zeros({256}));
  net[0].weight().initialize(init::Xavier(), {.force_reinit = true});
  // sqrt(3 / ((256 + 20) / 2)) = 0.147442
  CHECK(net[0].weight().data().array().abs().maxCoeff() <= 0.147443f);
  net[1].initialize(init::Constant(42), {.force_reinit = true});
  CHECK(net[1].weight().data()(0, 0) == 42);
  CHECK(net[1].bias().data()(0) == 0);
  net.initialize(init::Uniform(0.07), {.force_reinit = true});

  net[0].weight().data() += 1;
  net[0].weight().data()(0, 0) = 42;
  CHECK(net[0].weight().data()[0](0) == 42);
  CHECK(net[0].weight().data()[0](1) > 0.9f);
  const Tensor v = ones({256, 20});
  net[0].weight().set_data(v);
  CHECK(net[0].weight().data() == v);
}

TEST_CASE("the chapter's custom initializer is called once for each weight, in order") {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  net.initialize();
  net(random::uniform({2, 20}));
  const CapturedOutput output;
  net.initialize(MyInit(), {.force_reinit = true});
  CHECK(output.text() == "Init dense0_weight (256, 20)\nInit dense1_weight (10, 256)\n");
  Index zeros_found = 0;
  for (auto& [name, p] : net.collect_params(".*weight")) {
    const Tensor data = p.data();
    for (const float value : data.span()) {
      CHECK((value == 0 || (std::abs(value) >= 5 && std::abs(value) <= 10)));
      zeros_found += value == 0 ? 1 : 0;
    }
  }
  // A half of 7680 draws lies below 5 in magnitude.
  CHECK(static_cast<double>(zeros_found) / 7680 == Approx(0.5).margin(0.03));
}

TEST_CASE("the chapter's tied parameters are one object") {
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
          nn::Dense(10));
  net.initialize();
  net(random::uniform({2, 20}));
  CHECK(net[1].weight().data()[0] == net[2].weight().data()[0]);
  net[1].weight().data()(0, 0) = 100;
  CHECK(net[2].weight().data()(0, 0) == 100);
  CHECK(net.collect_params().names() == std::vector<std::string>{"dense0_weight", "dense0_bias",
                                                                 "dense1_weight", "dense1_bias",
                                                                 "dense3_weight", "dense3_bias"});
  nn::Sequential copy = net.clone();
  CHECK(&copy[1].weight() == &copy[2].weight());
  CHECK(&copy[1].weight() != &net[1].weight());
  nn::Sequential<double> wide = net.cast<double>();
  CHECK(&wide[1].weight() == &wide[2].weight());
}

TEST_CASE("the chapter's nested factories") {
  nn::Sequential rgnet;
  rgnet.add(block2());
  rgnet.add(nn::Dense(10));
  rgnet.initialize();
  rgnet(random::uniform({2, 20}));
  CHECK(rgnet.collect_params().size() == 18);
  CHECK(rgnet[0][1][0].bias().data() == zeros({32}));
  CHECK(rgnet[0][1][0].bias().name() == "dense2_bias");
  CHECK(rgnet[0][1][0].bias().path() == "0.1.0.bias");
  CHECK(printed(rgnet) == R"(Sequential(
  (0): Sequential(
    (0): Sequential(
      (0): Dense(20 -> 32, Activation(relu))
      (1): Dense(32 -> 16, Activation(relu))
    )
    (1): Sequential(
      (0): Dense(16 -> 32, Activation(relu))
      (1): Dense(32 -> 16, Activation(relu))
    )
    (2): Sequential(
      (0): Dense(16 -> 32, Activation(relu))
      (1): Dense(32 -> 16, Activation(relu))
    )
    (3): Sequential(
      (0): Dense(16 -> 32, Activation(relu))
      (1): Dense(32 -> 16, Activation(relu))
    )
  )
  (1): Dense(16 -> 10, linear)
))");
}

TEST_CASE("Eigen in and out, line by line") {
  nn::Sequential net{nn::Dense(3, nn::linear, {.in_units = 4})};
  net.initialize();
  auto w = net[0].weight().data().tensor<2>();
  static_assert(
      std::is_same_v<decltype(w), Eigen::TensorMap<Eigen::Tensor<float, 2, Eigen::RowMajor>>>);
  auto m = net[0].weight().data().matrix();
  w(0, 0) = 42;
  m.row(1).setZero();
  CHECK(net[0].weight().data()(0, 0) == 42);
  CHECK(net[0].weight().data()[1] == zeros({4}));
  Tensor a = Eigen::MatrixXf::Random(3, 4);
  CHECK(a.shape() == Shape{3, 4});
  Tensor b = {{1.f, 2.f}, {3.f, 4.f}};
  CHECK(b(1, 0) == 3);
  nn::Dense layer(5);
  layer.initialize();
  CHECK(layer(Eigen::Tensor<float, 2, Eigen::RowMajor>(2, 20)).shape() == Shape{2, 5});
  const Eigen::MatrixXf eigen_matrix = Eigen::MatrixXf::Identity(4, 4);
  CHECK(dot(a, eigen_matrix) == a);
  const std::vector<float> values(7);
  CHECK(random::uniform({values.size(), 20}).shape() == Shape{7, 20});
}

TEST_CASE("an own block is a forward and what it registers") {
  FancyMLP fancy;
  fancy.initialize();
  CHECK(fancy(random::uniform({2, 20})).shape() == Shape{});
  CHECK(fancy.collect_params().names() ==
        std::vector<std::string>{"fancymlp0_rand_weight", "dense0_weight", "dense0_bias"});
  CHECK_THROWS_AS(fancy.rand_weight.grad(), GradientError);
  nn::Sequential net;
  net.add(std::move(fancy));
  CHECK(net.at<FancyMLP>(0).dense.units() == 20);
  CHECK_THROWS_AS(net.at<nn::Dense>(0), TypeError);
  nn::Sequential copy = net.clone();
  CHECK(copy.at<FancyMLP>(0).rand_weight.data() == net.at<FancyMLP>(0).rand_weight.data());
}

TEST_CASE("members called weight and bias in an own block are natural") {
  OwnMembers own;
  own.initialize(init::Constant(2));
  nn::Block<>& block = own;
  CHECK(&block.weight() == &own.weight);
  CHECK(&block.bias() == &own.bias);
  CHECK(own(ones({3})) == full({3}, 2));
}

TEST_CASE("copies and looking, line by line") {
  nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(10)};
  net.initialize();
  const Tensor x = random::uniform({2, 20});
  net(x);
  nn::Sequential copy = net.clone();
  CHECK(copy(x) == net(x));
  CHECK(printed(summary(net, x)).find("Total params: 7946") != std::string::npos);
  std::string paths;
  for (auto& [path, p] : net.named_parameters()) paths += path + p.shape().to_string() + " ";
  CHECK(paths == "0.weight(256, 20) 0.bias(256,) 1.weight(10, 256) 1.bias(10,) ");
  CHECK(net.at<nn::Dense>(0).units() == 256);
  net.collect_params(".*bias").set_grad_req(GradReq::null);
  CHECK(net[0].bias().grad_req() == GradReq::null);
  CHECK(net.collect_params([](const Parameter<>& p) { return p.shape().rank() == 2; }).size() == 2);
}

TEST_CASE("deduction gives float where nothing else is said, and follows the layers") {
  static_assert(std::is_same_v<decltype(nn::Dense(10)), nn::Dense<float>>);
  static_assert(std::is_same_v<decltype(nn::Sequential{nn::Dense<double>(3), nn::Dense<double>(4)}),
                               nn::Sequential<double>>);
  nn::Sequential<double> net{nn::Dense<double>(3, nn::relu), nn::Dense<double>(4)};
  net.initialize(init::Normal(0.01));
  CHECK(net(random::uniform<double>({2, 5})).shape() == Shape{2, 4});
  nn::Dense named(10, nn::linear, {.name = "decoder"});
  CHECK(named.weight().name() == "decoder_weight");
  nn::Dense<Eigen::half> half(2);
  half.initialize();
  CHECK(half(random::uniform<Eigen::half>({2, 3}) + 1.f).shape() == Shape{2, 2});
}
