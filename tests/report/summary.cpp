// SPDX-License-Identifier: MIT
#include <memory>
#include <sstream>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/random/random.hpp>
#include <parton/report/summary.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

nn::Sequential<> chapter_net() { return nn::Sequential{nn::Dense(256, nn::relu), nn::Dense(10)}; }

std::string text(const Summary& summary) {
  std::ostringstream os;
  os << summary;
  return os.str();
}

class Twice : public nn::Block<float> {
 public:
  Tensor<> forward(const Tensor<>& x) const override { return dense(dense(x)); }
  nn::Dense<>& dense = add_child("dense", nn::Dense(4));
  Parameter<>& constant = add_constant("constant", Tensor<>::zeros({3}));
};

}  // namespace

// Gluon's table (reference: gluon_semantics 3.12), with the activation inside the Dense.
TEST_CASE("summary prints Gluon's table letter by letter") {
  auto net = chapter_net();
  net.initialize();
  CHECK(text(summary(net, random::uniform({2, 20}))) ==
        "--------------------------------------------------------------------------------\n"
        "        Layer (type)                                Output Shape         Param #\n"
        "================================================================================\n"
        "               Input                                     (2, 20)               0\n"
        "             Dense-1                                    (2, 256)            5376\n"
        "             Dense-2                                     (2, 10)            2570\n"
        "================================================================================\n"
        "Parameters in forward computation graph, duplicate included\n"
        "   Total params: 7946\n"
        "   Trainable params: 7946\n"
        "   Non-trainable params: 0\n"
        "Shared params in forward computation graph: 0\n"
        "Unique parameters in model: 7946\n"
        "--------------------------------------------------------------------------------\n");
}

TEST_CASE("summary of a net that nobody initialized raises, and from a shape it needs no values") {
  auto net = chapter_net();
  CHECK_THROWS_AS(summary(net, random::uniform({2, 20})), UninitializedError);
  const Summary shapes = summary(net, Shape{2, 20});
  CHECK(shapes.total == 7946);
  CHECK(shapes.rows.at(2).output == Shape{2, 10});
}

// The chapter's tied net: total 402, shared 72, unique 330 (reference: gluon_semantics 3.12).
TEST_CASE("summary counts tied parameters as shared") {
  auto shared = std::make_shared<nn::Dense<>>(8, nn::relu);
  nn::Sequential net;
  net.add(nn::Dense(8, nn::relu), shared, nn::Dense(8, nn::relu, {.params = shared->params()}),
          nn::Dense(10));
  net.initialize();
  const Summary found = summary(net, random::uniform({2, 20}));
  CHECK(found.total == 402);
  CHECK(found.shared == 72);
  CHECK(found.total - found.shared == 330);
}

TEST_CASE(
    "summary has a row for each call, in order of completion, and counts constants as not "
    "trainable") {
  Twice net;
  net.initialize();
  const Summary found = summary(net, random::uniform({2, 4}));
  REQUIRE(found.rows.size() == 4);
  CHECK(found.rows[1].layer == "Dense-1");
  CHECK(found.rows[2].layer == "Dense-2");
  CHECK(found.rows[3].layer == "Twice-3");
  CHECK(found.rows[3].parameters == 3);
  CHECK(found.total == 43);
  CHECK(found.trainable == 40);
  CHECK(found.shared == 20);
  net.dense.weight().set_grad_req(GradReq::null);
  CHECK(summary(net, random::uniform({2, 4})).trainable == 8);
}

TEST_CASE("summary leaves nothing behind, also when the forward throws") {
  auto net = chapter_net();
  net.initialize();
  net(random::uniform({2, 20}));
  CHECK_THROWS_AS(summary(net, random::uniform({2, 21})), ShapeError);
  const Summary first = summary(net, random::uniform({2, 20}));
  net(random::uniform({2, 20}));
  CHECK(first.rows.size() == 3);
}
