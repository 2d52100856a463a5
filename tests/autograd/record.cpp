// SPDX-License-Identifier: MIT
#include <parton/autograd/record.hpp>

#include <span>
#include <vector>

#include <parton/autograd/mode.hpp>
#include <parton/tensor/creation.hpp>
#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using namespace parton;
using parton::detail::Access;
using parton::detail::Gradients;
using parton::detail::inputs;
using parton::detail::must_record;
using parton::detail::needs_gradient;
using parton::detail::record;
using parton::detail::saved;

namespace {

/// 2 x, by the interface for ops, with the gradient written in place.
Tensor<> doubled(const Tensor<>& x) {
  Tensor<> y = x.detach().copy();
  y *= 2;
  if (must_record(x))
    record("doubled", y, inputs(x), saved(), [shape = x.shape()](Gradients<float>& gradients) {
      const float* const g = gradients.result().data();
      gradients.write(0, shape, [&](float* to, bool add) {
        for (Index i = 0; i < shape.size(); ++i) to[i] = (add ? to[i] : 0) + 2 * g[i];
      });
    });
  return y;
}

}  // namespace

TEST_CASE("An op must record only while recording and if an input needs a gradient") {
  Tensor<> x{1.f}, plain{1.f};
  const Tensor<>* const none = nullptr;
  x.attach_grad();
  CHECK(needs_gradient(x));
  CHECK_FALSE(needs_gradient(plain));
  CHECK_FALSE(needs_gradient(none));
  CHECK_FALSE(must_record(x));
  const autograd::Record recording;
  CHECK(must_record(plain, none, &x));
  CHECK_FALSE(must_record(plain, none));
  x.attach_grad(GradReq::null);
  CHECK_FALSE(must_record(x));
}

TEST_CASE("A gradient is written in place, into the leaf itself or on the way to it") {
  Tensor<> x{1.f, 2.f};
  x.attach_grad();
  const Tensor<> gradient = x.grad();
  const autograd::Record recording;
  const Tensor<> y = doubled(x), z = doubled(y);
  autograd::backward<float>({y, z, y});
  CHECK(gradient == Tensor<>{8.f, 8.f});
}

TEST_CASE("A list of inputs of any length") {
  std::vector<Tensor<>> all(3, ones({2}));
  all[1] = ones({2});
  all[1].attach_grad();
  const parton::detail::InputList list = parton::detail::inputs_of(std::span<const Tensor<>>(all));
  CHECK(list.size() == 3);
  CHECK_FALSE(list[0]);
  CHECK(list[1]);
}

TEST_CASE("A result is no longer exposed once it is recorded, a view of exposed memory stays so") {
  Tensor<> x = ones({2});
  x.attach_grad();
  x(0) = 3;
  const autograd::Record recording;
  CHECK(Access::record(x[0])->buffer->exposed);
  Tensor<> y = ones({2});
  y(0) = 4;
  record("op", y, inputs(x), saved(), [](Gradients<float>&) {});
  CHECK_FALSE(Access::record(y)->buffer->exposed);
}

TEST_CASE("A step that saved its own result is not kept alive by it") {
  parton::detail::Counted<parton::detail::Buffer> buffer;
  {
    Tensor<> x = ones({2});
    x.attach_grad();
    const autograd::Record recording;
    Tensor<> y = ones({2});
    record("op", y, inputs(x), saved(y), [](Gradients<float>&, const Tensor<>&) {});
    buffer = Access::record(y)->buffer;
    CHECK(needs_gradient(y));
    CHECK(buffer->references == 3);  // y, what was saved, and the buffer held here
  }
  CHECK(buffer->references == 1);
}
