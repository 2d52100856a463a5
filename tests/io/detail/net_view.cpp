// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <vector>

#include <parton/io/detail/net_view.hpp>
#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

TEST_CASE("files see each parameter once, under its first path, with the others beside it") {
  auto shared = std::make_shared<nn::Dense<double>>(3, nn::DenseOptions<double>{.in_units = 3});
  nn::Sequential<double> net;
  net.add(shared, nn::Dense<double>(3, {.in_units = 3, .params = shared->params()}),
          nn::Dense<double>(2));
  const auto entries = io::detail::list_net(net.node());
  std::vector<std::string> paths;
  for (const auto& entry : entries) paths.push_back(entry.path);
  CHECK(paths == std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"});
  CHECK(entries[0].aliases == std::vector<std::string>{"1.weight"});
  CHECK(entries[2].aliases.empty());
  CHECK(entries[0].dtype() == io::Dtype::float64);
  CHECK((entries[0].selected && !entries[0].transpose));
}
