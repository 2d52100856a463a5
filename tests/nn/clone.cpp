// SPDX-License-Identifier: MIT
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <parton/nn/batch_norm.hpp>
#include <parton/nn/cast.hpp>
#include <parton/nn/clone.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/ops/product.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

namespace {

/// An own block with children, one of them twice, a parameter and a constant.
template <class Scalar = float>
class Own : public nn::Block<Scalar> {
 public:
  Tensor<Scalar> forward(const Tensor<Scalar>& x) const override {
    return dot(again(dense(x)), mix.data());
  }
  std::shared_ptr<nn::Dense<Scalar>> layer =
      std::make_shared<nn::Dense<Scalar>>(3, nn::linear, nn::DenseOptions<Scalar>{.in_units = 3});
  nn::Dense<Scalar>& dense = this->add_child("dense", layer);
  nn::Dense<Scalar>& again = this->add_child("again", layer);
  Parameter<Scalar>& mix =
      this->add_constant("mix", Tensor<Scalar>::full({3, 3}, static_cast<Scalar>(0.5)));
};

/// Made with an argument, which the copying constructor takes over.
class Sized : public nn::Block<> {
 public:
  explicit Sized(Index units) : units_(units) {}
  Sized(const Sized& original) : nn::Block<>(), units_(original.units_) {}
  Sized(Sized&&) = default;
  Tensor<> forward(const Tensor<>& x) const override { return dense(x); }

 private:
  Index units_;

 public:
  nn::Dense<>& dense = add_child("dense", nn::Dense(units_));
};

class NoWay : public nn::Block<> {
 public:
  explicit NoWay(int) {}
  Tensor<> forward(const Tensor<>& x) const override { return x; }
};

/// Registers something else each time.
class Moody : public nn::Block<> {
 public:
  Moody() { add_child(std::to_string(count++), nn::Dense(2)); }
  Tensor<> forward(const Tensor<>& x) const override { return x; }
  static inline int count = 0;
};

/// A random tree: Sequentials in Sequentials, own blocks, layers that stand twice, and layers that
/// share parameters, each of the same width so that any may share with any.
class RandomTree {
 public:
  explicit RandomTree(unsigned seed) : draw_(seed) {}

  nn::Sequential<> make(int depth = 3) {
    nn::Sequential<> net;
    for (unsigned i = 0, n = 1 + below(5); i < n; ++i) {
      switch (below(depth > 0 ? 6 : 4)) {
        case 0: {
          auto layer = std::make_shared<nn::Dense<>>(
              3, nn::relu, nn::DenseOptions<>{.in_units = below(2) == 0 ? 0 : 3});
          layers_.push_back(layer);
          net.add(layer);
          break;
        }
        case 1:
          if (!layers_.empty())
            net.add(nn::Dense(3, nn::relu, {.params = layers_[below(count())]->params()}));
          break;
        case 2:
          if (!layers_.empty()) net.add(layers_[below(count())]);
          break;
        case 3:
          net.add(Own<>());
          break;
        default:
          net.add("block" + std::to_string(i), make(depth - 1));
      }
    }
    return net;
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(draw_() % n); }
  unsigned count() const { return static_cast<unsigned>(layers_.size()); }
  std::mt19937 draw_;
  std::vector<std::shared_ptr<nn::Dense<>>> layers_;
};

/// For each way down to a block or a parameter: the first way that leads to the same object.
class Partition {
 public:
  template <class Scalar>
  explicit Partition(const nn::Block<Scalar>& top) {
    walk(top, "");
  }
  bool operator==(const Partition& other) const { return of_ == other.of_; }
  [[nodiscard]] std::size_t size() const { return of_.size(); }

 private:
  template <class Scalar>
  void walk(const nn::Block<Scalar>& block, const std::string& path) {
    enter(&block, path);
    for (const auto& p : block.node().parameters())
      enter(p.get(), detail::TreeNode::join(path, p->key()));
    for (const auto& child : block.node().children())
      walk(static_cast<const nn::Block<Scalar>&>(*child.block),
           detail::TreeNode::join(path, child.key));
  }
  void enter(const void* object, const std::string& path) {
    of_[path] = first_.emplace(object, path).first->second;
  }
  std::map<const void*, std::string> first_;
  std::map<std::string, std::string> of_;
};

}  // namespace

// Rule 7 of API.md: kept by move, clone and cast.
TEST_CASE("a clone, a moved and a cast random tree have the same partition into shared objects") {
  nn::register_cast<Own<float>, Own<double>>();
  std::size_t paths = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    INFO("seed " << seed);
    nn::Sequential<> net = RandomTree(seed).make();
    net.initialize({.seed = seed});
    const Partition before(net);
    paths += before.size();
    const auto names = net.collect_params().names();

    nn::Sequential<> copy = net.clone();
    CHECK(Partition(copy) == before);
    CHECK(copy.collect_params().names() == names);
    const nn::Sequential<double> wide = net.cast<double>();
    CHECK(Partition(wide) == before);
    CHECK(wide.collect_params().names() == names);

    auto original = net.named_parameters();
    auto copied = copy.named_parameters();
    REQUIRE(copied.size() == original.size());
    for (std::size_t i = 0; i < copied.size(); ++i) {
      Parameter<>& a = original[i].parameter();
      Parameter<>& b = copied[i].parameter();
      CHECK(copied[i].name() == original[i].name());
      CHECK(b.is_initialized() == a.is_initialized());
      if (!a.is_initialized()) continue;
      CHECK(b.data() == a.data());
      CHECK_FALSE(b.data().shares_storage_with(a.data()));
    }

    const nn::Sequential<> moved = std::move(net);
    CHECK(Partition(moved) == before);
    CHECK(moved.collect_params().names() == names);
    nn::Sequential<> assigned{nn::Dense(7)};
    assigned = std::move(copy);
    CHECK(Partition(assigned) == before);
  }
  CHECK(paths > 1000);  // the trees are not trivial
}

TEST_CASE("a clone computes the same and lives on its own") {
  nn::Sequential net;
  net.add(Own<>(), nn::Dense(4, nn::tanh));
  net.initialize({.seed = 3});
  const Tensor x = random::uniform({2, 3});
  const Tensor y = net(x);
  nn::Sequential copy = net.clone();
  CHECK(copy(x) == y);
  net[1].weight().data() += 1;
  CHECK(copy(x) == y);
  CHECK_FALSE(net(x) == y);
}

TEST_CASE("an own block is cloned by its default constructor, or by one that takes the original") {
  Own<> own;
  own.initialize({.seed = 1});
  Own<> copy = own.clone();
  CHECK(copy.dense.weight().data() == own.dense.weight().data());
  CHECK(&copy.dense == &copy.again);
  CHECK(&copy.dense != &own.dense);

  Sized sized(5);
  sized.initialize();
  sized(random::uniform({1, 2}));
  Sized resized = sized.clone();
  CHECK(resized.dense.units() == 5);
  CHECK(resized.dense.weight().data() == sized.dense.weight().data());
  nn::Sequential<> net;
  net.add(Sized(6), std::make_shared<Sized>(7));
  nn::Sequential<> other = net.clone();
  CHECK(other.at<Sized>(0).dense.units() == 6);
  CHECK(other.at<Sized>(1).dense.units() == 7);
}

TEST_CASE("constants, deferred states, options and names are cloned, hooks are not") {
  nn::Sequential net{nn::Dense(4, nn::linear, {.name = "decoder"}), nn::BatchNorm()};
  net.initialize({.seed = 2});
  net[0].weight().set_lr_mult(2);
  net[0].bias().set_grad_req(GradReq::null);
  int calls = 0;
  net.register_forward_hook([&](const auto&, const auto&, const auto&) { ++calls; });
  nn::Sequential copy = net.clone();
  CHECK(copy[0].name() == "decoder");
  CHECK(copy[0].weight().is_deferred());
  CHECK(copy[0].weight().lr_mult() == 2);
  CHECK(copy[0].bias().grad_req() == GradReq::null);
  const Tensor x = random::uniform({2, 3});
  CHECK(copy(x) == net(x));  // the deferred ones draw the same
  CHECK(calls == 1);
}

TEST_CASE("a block that cannot be cloned says so by name and says what to do") {
  nn::Sequential<> net;
  net.add("odd", NoWay(1));
  check_says(message_of<CloneError>([&] { nn::Sequential<> copy = net.clone(); }),
             {"NoWay", "'odd'", "default constructor"});

  nn::Sequential<> moody;
  moody.add(Moody());
  check_says(message_of<CloneError>([&] { nn::Sequential<> copy = moody.clone(); }),
             {"Moody", "does not have"});
  // A clone that failed leaves nothing behind that would disturb the next one.
  const nn::Dense plain(3);
  CHECK(plain.clone().units() == 3);
}

TEST_CASE("a clone must be taken as the class that it is") {
  nn::Sequential<> net;
  net.add(Sized(2));
  const nn::Block<>& block = net[0];
  check_says(message_of<CloneError>([&] { Own<> copy = block.clone(); }), {"Sized", "Own"});
  const std::shared_ptr<nn::Block<>> held = block.clone();
  CHECK(held->class_name() == "Sized");
  nn::Sequential<> taken;
  taken.add(block.clone());
  CHECK(taken.at<Sized>(0).dense.units() == 2);
}
