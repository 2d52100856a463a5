// SPDX-License-Identifier: MIT
#include <parton/autograd/mode.hpp>

#include <stdexcept>
#include <thread>
#include <type_traits>

#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a thread predicts until a scope says otherwise, and again after it") {
  CHECK_FALSE(autograd::is_training());
  {
    autograd::TrainMode training;
    CHECK(autograd::is_training());
  }
  CHECK_FALSE(autograd::is_training());
}

TEST_CASE("scopes of either mode nest and restore the one before") {
  autograd::TrainMode outer;
  {
    autograd::PredictMode predicting;
    CHECK_FALSE(autograd::is_training());
    {
      autograd::TrainMode inner;
      CHECK(autograd::is_training());
    }
    CHECK_FALSE(autograd::is_training());
  }
  CHECK(autograd::is_training());
}

TEST_CASE("an exception restores the mode") {
  try {
    autograd::TrainMode training;
    throw std::runtime_error("a forward that fails");
  } catch (const std::runtime_error&) {
    CHECK_FALSE(autograd::is_training());
  }
}

TEST_CASE("the mode of one thread is not that of another") {
  autograd::TrainMode training;
  bool elsewhere = true;
  std::thread([&] { elsewhere = autograd::is_training(); }).join();
  CHECK_FALSE(elsewhere);
  CHECK(autograd::is_training());
}

TEST_CASE("a scope belongs to its block: it is neither copied nor moved") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<autograd::TrainMode>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<autograd::TrainMode>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<autograd::PredictMode>);
  STATIC_REQUIRE_FALSE(std::is_move_constructible_v<autograd::PredictMode>);
}
