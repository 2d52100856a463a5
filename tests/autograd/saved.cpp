// SPDX-License-Identifier: MIT
#include <parton/autograd/saved.hpp>

#include <parton/parameter/parameter.hpp>
#include <parton/tensor/creation.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using Catch::Matchers::ContainsSubstring;
using parton::detail::Access;
using parton::detail::Saved;

TEST_CASE("A saved tensor shares the elements, not the history") {
  Tensor<> x{1.f, 2.f};
  x.attach_grad();
  const Saved<float> saved(x);
  CHECK(saved.get().shares_storage_with(x));
  CHECK(Access::record(saved.get())->node.get() == nullptr);
  CHECK_NOTHROW(saved.check("op"));
}

TEST_CASE("Nothing saved is an empty tensor that is always intact") {
  const Saved<float> none, of_empty{Tensor<float>()};
  CHECK(none.get().size() == 0);
  CHECK_NOTHROW(none.check("op"));
  CHECK_NOTHROW(of_empty.check("op"));
}

TEST_CASE("A write after saving is found, with the op's name, and one before is not") {
  Tensor<> x{1.f, 2.f};
  x += 1;
  const Saved<float> saved(x);
  CHECK_NOTHROW(saved.check("op"));
  x += 1;
  CHECK_THROWS_WITH(saved.check("op"), ContainsSubstring("a tensor of shape (2,)") &&
                                           ContainsSubstring("after 'op' was recorded"));
}

TEST_CASE("Every set_data keeps the values of each saved tensor, whole or in part") {
  Parameter<> w("w", ParameterOptions<float>{.shape = {2, 2}});
  w.set_data({{1.f, 2.f}, {3.f, 4.f}});
  const Tensor<> data = w.data();
  const Saved<float> first(data);
  w.set_data({{5.f, 6.f}, {7.f, 8.f}});
  const Saved<float> row(data[1]);
  w.set_data({{0.f, 0.f}, {0.f, 0.f}});
  CHECK(first.get() == Tensor<>{{1.f, 2.f}, {3.f, 4.f}});
  CHECK(row.get() == Tensor<>{7.f, 8.f});
  CHECK_NOTHROW(first.check("op"));
  CHECK_NOTHROW(row.check("op"));
}

TEST_CASE("What set_data kept goes when nobody needs it, and nothing is kept for nobody") {
  Parameter<> w("w", ParameterOptions<float>{.shape = {2}});
  w.set_data({1.f, 2.f});
  const Tensor<> data = w.data();
  const auto past = [&] { return static_cast<bool>(Access::record(data)->buffer->past); };
  w.set_data({1.f, 2.f});
  CHECK_FALSE(past());
  {
    const Saved<float> saved(data);
    w.set_data({3.f, 4.f});
    CHECK(past());
  }
  CHECK_FALSE(past());
}

TEST_CASE("A write that nobody sees is found, even if set_data() follows it") {
  Parameter<> w("w", ParameterOptions<float>{.shape = {2, 2}});
  w.set_data({{1.f, 2.f}, {3.f, 4.f}});
  const Tensor<> data = w.data();
  const Saved<float> hidden(data);
  w.data()(0, 0) = 9;
  const Saved<float> exposed(data), row(data[1]);
  w.data()(1, 0) = 9;
  w.set_data({{5.f, 6.f}, {7.f, 8.f}});
  CHECK_THROWS_WITH(hidden.check("op"), ContainsSubstring("'w'"));
  CHECK_THROWS_AS(exposed.check("op"), GradientError);
  CHECK_THROWS_AS(row.check("op"), GradientError);

  const Saved<float> intact(data), intact_row(data[1]);
  w.set_data({{0.f, 0.f}, {0.f, 0.f}});
  CHECK_NOTHROW(intact.check("op"));
  CHECK_NOTHROW(intact_row.check("op"));
}
