// SPDX-License-Identifier: MIT
#include <cstdint>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include <parton/init/normal.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/embedding.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;

// Case 46, Gluon's test_embedding; its gradients come with the next chapter.
TEST_CASE("Embedding gives the rows that the indices name") {
  nn::Embedding layer(10, 100);
  layer.initialize();
  const Tensor<> table = layer.weight().data();
  CHECK(table.shape() == Shape{10, 100});
  const Tensor<> indices = {3, 4, 2, 0, 1};
  const Tensor<> y = layer(indices);
  CHECK(y.shape() == Shape{5, 100});
  for (Index i = 0; i < 5; ++i) CHECK(y[i] == table[static_cast<Index>(indices(i))]);
  CHECK(layer(Tensor<>{{1, 1}, {9, 0}}).shape() == Shape{2, 2, 100});
  CHECK(layer(Tensor<>::zeros({0})).shape() == Shape{0, 100});
  CHECK(layer(Tensor<>::full({}, 2)) == table[2]);
}

TEST_CASE("Embedding takes integer indices, also Eigen's, and gives the same") {
  nn::Embedding layer(4, 3);
  layer.initialize();
  const Tensor<> expected = layer(Tensor<>{3, 0});
  CHECK(layer(Tensor<int>{3, 0}) == expected);
  CHECK(layer(Tensor<std::int64_t>{3, 0}) == expected);
  CHECK(layer(Tensor<std::uint8_t>{3, 0}) == expected);
  CHECK(layer.forward(Tensor<int>{3, 0}) == expected);
  CHECK(layer(Eigen::VectorXi{{3, 0}}) == expected);
  CHECK(layer(Eigen::VectorXf{{3, 0}}) == expected);
}

// bfloat16 counts exactly up to 256 only.
TEST_CASE("Embedding of a narrow scalar reaches every row by integers") {
  nn::Embedding<Eigen::bfloat16> layer(300, 1);
  layer.initialize();
  CHECK(layer(Tensor<int>{299}) == layer.weight().data().slice(299, 300));
  CHECK(layer(Tensor<Eigen::bfloat16>{256}) == layer.weight().data().slice(256, 257));
}

TEST_CASE("an index outside the table is an error that names it, the range and the parameter") {
  nn::Sequential net;
  net.add("words", nn::Embedding(10, 2));
  net.initialize();
  for (const float bad : {10.f, -1.f, 1.5f}) CHECK_THROWS_AS(net(Tensor<>{bad}), IndexError);
  CHECK_THROWS_WITH(net(Tensor<>{1, 12}), ContainsSubstring("12") &&
                                              ContainsSubstring("from 0 to 9") &&
                                              ContainsSubstring("'embedding0_weight'") &&
                                              ContainsSubstring("words.weight"));
  const auto& layer = net.at<nn::Embedding>(0);
  CHECK_THROWS_WITH(layer(Tensor<int>{-3}),
                    ContainsSubstring("-3") && ContainsSubstring("'embedding0_weight'"));
}

TEST_CASE("the sizes of an Embedding are positive") {
  CHECK_THROWS_AS(nn::Embedding(0, 3), ValueError);
  CHECK_THROWS_WITH(nn::Embedding(3, -1),
                    ContainsSubstring("output_dim") && ContainsSubstring("-1"));
}

TEST_CASE("Embedding prints as in Gluon, with the scalar's name") {
  std::ostringstream os;
  os << nn::Embedding(10, 100) << ' ' << nn::Embedding<double>(2, 3) << ' '
     << nn::Embedding<Eigen::half>(2, 3);
  CHECK(os.str() ==
        "Embedding(10 -> 100, float32) Embedding(2 -> 3, float64) Embedding(2 -> 3, float16)");
}

TEST_CASE("a Dense shares the weight of an Embedding and has a bias of its own") {
  auto embedding = std::make_shared<nn::Embedding<>>(10, 4);
  nn::Sequential net;
  net.add(embedding, nn::Dense(10, nn::linear, {.flatten = false, .params = embedding->params()}));
  CHECK(net.collect_params().names() ==
        std::vector<std::string>{"embedding0_weight", "dense0_bias"});
  net.initialize();
  CHECK(&net[0].weight() == &net[1].weight());
  CHECK(net(Tensor<>{7, 2}).shape() == Shape{2, 10});
  nn::Sequential copy = net.clone();
  CHECK(&copy[0].weight() == &copy[1].weight());
  CHECK(&copy[0].weight() != &net[0].weight());
  CHECK(copy.at<nn::Embedding>(0).input_dim() == 10);
  CHECK(copy.at<nn::Embedding>(0).output_dim() == 4);
}

TEST_CASE("an Embedding shares the weight of a Dense, or says why it cannot") {
  nn::Dense decoder(10, nn::linear, {.in_units = 4});
  const nn::Embedding layer(10, 4, {.params = decoder.params()});
  CHECK(&layer.weight() == &decoder.weight());
  CHECK_THROWS_AS(nn::Embedding(10, 5, {.params = decoder.params()}), TieError);
  CHECK_THROWS_WITH(nn::Embedding(10, 5, {.params = decoder.params()}),
                    ContainsSubstring("(10, 4)") && ContainsSubstring("(10, 5)"));
  CHECK_THROWS_AS(nn::Embedding(10, 4, {.params = ParameterDict<>()}), TieError);
}

TEST_CASE("Embedding takes its own initializer and name, and infers shapes without values") {
  nn::Embedding layer(3, 2, {.weight_initializer = init::Constant(5), .name = "words"});
  CHECK(infer_shapes(layer, {4, 7}) == Shape{4, 7, 2});
  CHECK_THROWS_AS(layer(Tensor<int>{0}), UninitializedError);
  layer.initialize(init::Normal(1));
  CHECK(layer(Tensor<int>{1}) == Tensor<>{{5, 5}});
  CHECK(layer.weight().name() == "words_weight");
}

TEST_CASE("a const Embedding runs in many threads") {
  nn::Embedding layer(100, 8);
  layer.initialize();
  const nn::Embedding<>& shared = layer;
  std::vector<Tensor<>> results(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i)
    threads.emplace_back([&, i] { results[i] = shared(Tensor<int>{static_cast<int>(i), 99}); });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < results.size(); ++i)
    CHECK(results[i][0] == layer.weight().data()[static_cast<Index>(i)]);
}
