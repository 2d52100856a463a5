// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <parton/io/load.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "../hostile.hpp"

using namespace parton;
using io::detail::Renamer;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("a rule replaces every place where its pattern is found") {
  CHECK(Renamer(std::vector<io::Rename>{})("a.b") == "a.b");
  CHECK(Renamer(std::vector<io::Rename>{{"\\.", "_"}})("a.b.c") == "a_b_c");
  CHECK(Renamer(std::vector<io::Rename>{{"(\\w)\\.(\\w)", "$2$1$$"}, {"a", "x"}})("a.b") == "bx$");
}

TEST_CASE("rules of renaming are applied in order, and their mistakes are errors") {
  const Folder folder;
  const std::string path = folder / "a.safetensors";
  nn::Sequential net{nn::Dense(1, {.in_units = 1})};
  io::save({io::Array("module.fc.w", Tensor<>{{3}}), io::Array("module.fc.b", Tensor<>{4})}, path);
  io::load(
      net, path,
      {.rename = {{"^module\\.", ""}, {"^fc\\.(.)$", "0.$1"}, {"w$", "weight"}, {"b$", "bias"}}});
  CHECK(net[0].bias().data()(0) == 4);
  check_says(message_of<PatternError>([&] {
               io::load(net, path, {.rename = {{"(", ""}}});
             }),
             {"'('", "position"});
  check_says(message_of<LoadError>([&] {
               io::load(net, path, {.rename = {{"^.*$", "0.bias"}}});
             }),
             {"two tensors for 0.bias", "'module.fc.b' and 'module.fc.w'"});
  // Each of them takes the search a third of a second, and a large file may have 20000.
  std::vector<io::Array> arrays;
  for (char c = 'a'; c <= 'z'; ++c) arrays.emplace_back(std::string(4000, '-') + c, Tensor<>{1});
  const std::string hostile = folder / "hostile.safetensors";
  io::save(arrays, hostile);
  check_says(message_of<FormatError>([&] {
               (void)io::plan_load(net, hostile, {.rename = {{"^fc1\\.", "0."}}});
             }),
             {hostile, "more names of over 256 bytes", "'----"});
  CHECK(io::plan_load(net, hostile).extra.size() == 26);
  const std::vector<io::Rename> longer(20, io::Rename{".", "xx"});
  check_says(message_of<LoadError>([&] { io::load(net, path, {.rename = longer}); }),
             {"a name of ", "the limit is 4096"});
}
