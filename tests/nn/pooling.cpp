// SPDX-License-Identifier: MIT
#include <parton/nn/pooling.hpp>

#include <parton/nn/cast.hpp>
#include <parton/nn/infer_shapes.hpp>
#include <parton/random/random.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;
using parton_test::printed;

TEST_CASE("each pooling layer is its op") {
  const Tensor x = random::uniform({2, 3, 6, 7}), line = x.reshape({2, 18, 7});
  CHECK(nn::MaxPool2D()(x) == max_pool2d(x, 2));
  CHECK(nn::MaxPool2D({3, 2}, {.strides = 2, .padding = {1, 0}, .ceil_mode = true})(x) ==
        max_pool2d(x, {3, 2}, {.strides = 2, .padding = {1, 0}, .ceil_mode = true}));
  CHECK(nn::AvgPool2D(3)(x) == avg_pool2d(x, 3));
  CHECK(nn::AvgPool2D(3, {.padding = 1, .count_include_pad = false})(x) ==
        avg_pool2d(x, 3, {.padding = 1, .count_include_pad = false}));
  CHECK(nn::MaxPool1D(3)(line) == max_pool1d(line, 3));
  CHECK(nn::AvgPool1D(3, {.strides = 1})(line) == avg_pool1d(line, 3, {.strides = 1}));
  CHECK(nn::GlobalMaxPool2D()(x) == global_max_pool(x));
  CHECK(nn::GlobalAvgPool2D()(x) == global_avg_pool(x));
  CHECK(nn::GlobalMaxPool1D()(line) == global_max_pool(line));
  CHECK(nn::GlobalAvgPool1D()(line) == global_avg_pool(line));
  CHECK(infer_shapes(nn::MaxPool2D(2), {2, 3, 6, 7}) == Shape{2, 3, 3, 3});
}

// Gluon's _Pooling.__repr__; its global layers are of size 1 and in ceil mode.
TEST_CASE("pooling layers print as Gluon's") {
  CHECK(printed(nn::MaxPool2D()) ==
        "MaxPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0), ceil_mode=False, "
        "global_pool=False, pool_type=max, layout=NCHW)");
  CHECK(printed(nn::AvgPool1D(3, {.strides = 2, .padding = 1, .ceil_mode = true})) ==
        "AvgPool1D(size=(3,), stride=(2,), padding=(1,), ceil_mode=True, global_pool=False, "
        "pool_type=avg, layout=NCW)");
  CHECK(printed(nn::MaxPool1D(4)).starts_with("MaxPool1D(size=(4,), stride=(4,), padding=(0,)"));
  CHECK(printed(nn::AvgPool2D({3, 2})).starts_with("AvgPool2D(size=(3, 2), stride=(3, 2)"));
  CHECK(printed(nn::GlobalAvgPool2D()) ==
        "GlobalAvgPool2D(size=(1, 1), stride=(1, 1), padding=(0, 0), ceil_mode=True, "
        "global_pool=True, pool_type=avg, layout=NCHW)");
  CHECK(printed(nn::GlobalMaxPool1D()) ==
        "GlobalMaxPool1D(size=(1,), stride=(1,), padding=(0,), ceil_mode=True, "
        "global_pool=True, pool_type=max, layout=NCW)");
  CHECK(printed(nn::GlobalMaxPool2D()).starts_with("GlobalMaxPool2D("));
  CHECK(printed(nn::GlobalAvgPool1D()).starts_with("GlobalAvgPool1D("));
}

TEST_CASE("a pooling layer keeps its options in a clone and a cast") {
  const nn::AvgPool2D pool(
      {3, 2},
      {.strides = 2, .padding = 1, .ceil_mode = true, .count_include_pad = false, .name = "mean"});
  CHECK(pool.pool_size() == PerAxis<2>{3, 2});
  CHECK(pool.strides() == 2);
  CHECK(pool.padding() == Padding<2>(1));
  CHECK(pool.ceil_mode());
  CHECK_FALSE(pool.count_include_pad());
  const nn::AvgPool2D<double> wide = pool.cast<double>();
  CHECK(printed(wide) == printed(pool));
  CHECK_FALSE(wide.count_include_pad());
  CHECK(wide.name() == "mean");
  CHECK(nn::MaxPool2D(2).clone().name() == "pool0");
  CHECK(nn::GlobalAvgPool2D({.name = "all"}).clone().name() == "all");
  CHECK(nn::GlobalMaxPool1D<double>().kind() == "pool");
}

TEST_CASE("a pooling layer refuses what does not fit, when it is built or called") {
  check_says(message_of<ValueError>([] { nn::MaxPool2D pool(0); }), {"MaxPool2D", "size", "0"});
  check_says(message_of<ValueError>([] { nn::AvgPool1D pool(2, {.padding = 2}); }),
             {"AvgPool1D", "a padding of 2", "smaller than the window"});
  CHECK_THROWS_AS(nn::AvgPool2D(2, {.strides = {-1, 1}}), ValueError);
  CHECK_THROWS_AS(nn::MaxPool2D(2)(Tensor<>::zeros({2, 4, 4})), ShapeError);
  check_says(message_of<ShapeError>([] {
               nn::GlobalAvgPool2D()(Tensor<>::zeros({1, 2, 3}));
             }),
             {"GlobalAvgPool2D", "(N, C, H, W)", "(1, 2, 3)"});
  CHECK_THROWS_AS(nn::GlobalMaxPool1D()(Tensor<>::zeros({1, 2, 3, 4})), ShapeError);
}
