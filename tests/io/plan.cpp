// SPDX-License-Identifier: MIT
#include <string>

#include <parton/io/load.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("a plan prints what would be done, and what stands in the way") {
  nn::Sequential net{nn::Dense(32, nn::relu), nn::Dense(9), nn::Dense(3)};
  const std::string path = std::string(PARTON_FIXTURES) + "/torch_digits_bf16.safetensors";
  const io::LoadPlan plan = io::plan_load(
      net, path, {.rename = {{"^fc1\\.", "0."}, {"^fc2\\.w", "1.w"}}, .ignore_extra = true});
  CHECK(!plan.ok());
  CHECK(parton_test::printed(plan) ==
        "load of '" + path +
            "': 2 matched, 3 missing, 1 extra, 1 mismatched, 0 in conflict: cannot be done\n"
            "  matched: 0.weight (32, 64), from 'fc1.weight', bfloat16 as float32\n"
            "  matched: 0.bias (32,), from 'fc1.bias', bfloat16 as float32\n"
            "  mismatched: 1.weight has the shape (9, -1), the file's 'fc2.weight' has (10, 32)\n"
            "  missing: 1.bias Did you mean 'fc2.bias'?\n"
            "  missing: 2.weight\n"
            "  missing: 2.bias Did you mean 'fc2.bias'?\n"
            "  extra: 'fc2.bias' (ignored)\n");
  CHECK(!net[0].weight().is_initialized());
}

TEST_CASE("a long list of problems is cut off with its length") {
  io::LoadPlan plan;
  plan.extra.assign(1000, "a");
  CHECK(plan.problems().size() < 1000);
  CHECK(plan.problems().ends_with("and 950 more"));
}
