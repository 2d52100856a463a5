// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <parton/io/onnx.hpp>

#include <parton/parton.hpp>
#include <parton_test/capture.hpp>
#include <parton_test/catch.hpp>

#include "hostile.hpp"

// Whether the files compute what they should is for tests/onnx_export, which runs them.

// Not by <onnx/checker.h>, which does not compile after <sys/mman.h>: both have a MAP_TYPE.
namespace onnx::checker {
void check_model(const ModelProto& model);
}

using namespace parton;
using io_test::Folder;
using parton_test::check_says;
using parton_test::message_of;

namespace {

/// A file, read back and looked through by ONNX's checker.
onnx::ModelProto read_checked(const std::string& path) {
  onnx::ModelProto model;
  std::ifstream file(path, std::ios::binary);
  REQUIRE(model.ParseFromIstream(&file));
  onnx::checker::check_model(model);
  return model;
}

std::vector<std::string> initializers_of(const onnx::ModelProto& model) {
  std::vector<std::string> names;
  for (const auto& tensor : model.graph().initializer()) names.push_back(tensor.name());
  return names;
}
std::vector<std::string> ops_of(const onnx::ModelProto& model) {
  std::vector<std::string> ops;
  for (const auto& node : model.graph().node()) ops.push_back(node.op_type());
  return ops;
}
/// `N`, or the length, of an axis of an end of the graph.
std::string dim_of(const onnx::ValueInfoProto& info, int axis) {
  const auto& dim = info.type().tensor_type().shape().dim(axis);
  return dim.has_dim_param() ? dim.dim_param() : std::to_string(dim.dim_value());
}

/// An own block that computes whatever a test asks for.
class OwnBlock : public nn::Block<float> {
 public:
  using F = std::function<Tensor<>(const OwnBlock&, const Tensor<>&)>;
  explicit OwnBlock(F f) : f_(std::move(f)) {}
  Tensor<> forward(const Tensor<>& x) const override { return f_(*this, x); }
  Parameter<>& scale = add_constant("scale", Tensor<>{{2, 3}});
  Parameter<>& shift = add_constant("shift", Tensor<>{{4, 5}});

 private:
  F f_;
};

/// The message of the error for a net with such a block as its first layer.
std::string error_of(OwnBlock::F f, const io::OnnxOptions& options = {}) {
  const Folder folder;
  nn::Sequential net{OwnBlock(std::move(f)), nn::Activation(nn::relu)};
  const std::string text = message_of<ExportError>([&] {
    io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}, {3.5, -4}}, options);
  });
  CHECK(folder.count() == 0);
  return text;
}

onnx::ModelProto export_of(OwnBlock::F f, bool any_batch = true) {
  const Folder folder;
  OwnBlock net(std::move(f));
  const auto made =
      io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}, {3.5, -4}},
                      {.batch = any_batch ? io::OnnxBatch::any : io::OnnxBatch::fixed});
  CHECK(made.any_batch == any_batch);
  return read_checked(folder / "a.onnx");
}

}  // namespace

TEST_CASE("a file has the net's paths, and takes a batch of any size") {
  const Folder folder;
  nn::Sequential net{nn::Dense(4, nn::relu), nn::Sequential{nn::Dense(3)}};
  net.initialize({.seed = 1});
  const Tensor x = Tensor<>::full({2, 5}, 0.5);  // tells the net its width
  const auto made = io::export_onnx(net, folder / "a.onnx", x);
  CHECK(made.any_batch);
  CHECK(made.nodes == 3);
  CHECK(made.initializers == 4);
  const auto model = read_checked(folder / "a.onnx");
  CHECK(model.opset_import(0).version() == 17);
  CHECK(model.producer_name() == "parton");
  CHECK(ops_of(model) == std::vector<std::string>{"Gemm", "Relu", "Gemm"});
  CHECK(model.graph().node(0).name() == "0/Gemm");
  CHECK(model.graph().node(2).name() == "1.0/Gemm");
  const auto names = initializers_of(model);
  CHECK(std::set<std::string>(names.begin(), names.end()) ==
        std::set<std::string>{"0.weight", "0.bias", "1.0.weight", "1.0.bias"});
  const auto& weight = model.graph().initializer(0);
  CHECK(weight.name() == "0.weight");
  CHECK(weight.raw_data() ==
        std::string(reinterpret_cast<const char*>(net[0].weight().data().data()), 4 * 5 * 4));
  REQUIRE(model.graph().input_size() == 1);
  CHECK(model.graph().input(0).name() == "input");
  CHECK(dim_of(model.graph().input(0), 0) == "N");
  CHECK(dim_of(model.graph().input(0), 1) == "5");
  CHECK(model.graph().output(0).name() == "output");
  CHECK(dim_of(model.graph().output(0), 0) == "N");
  CHECK(dim_of(model.graph().output(0), 1) == "3");
}

TEST_CASE("names, batch, documentation and metadata are as asked for") {
  const Folder folder;
  nn::Sequential net{nn::Dense(3, {.in_units = 2})};
  net.initialize();
  const io::OnnxOptions options{.input = "pixels",
                                .output = "logits",
                                .batch = io::OnnxBatch::fixed,
                                .doc = "A line.",
                                .producer = "me",
                                .metadata = {{"epoch", "12"}}};
  CHECK_FALSE(io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}}, options).any_batch);
  const auto model = read_checked(folder / "a.onnx");
  CHECK(model.graph().input(0).name() == "pixels");
  CHECK(model.graph().output(0).name() == "logits");
  CHECK(dim_of(model.graph().input(0), 0) == "1");
  CHECK(model.doc_string() == "A line.");
  CHECK(model.producer_name() == "me");
  CHECK(model.metadata_props(0).key() == "epoch");
  check_says(message_of<ValueError>([&] {
               io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}}, {.output = "input"});
             }),
             {"the output cannot be named 'input'"});
  check_says(message_of<ValueError>([&] {
               io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}}, {.input = "0.weight"});
             }),
             {"cannot be named '0.weight'", "a parameter. Choose others with {.input = "});
  check_says(message_of<ValueError>([&] {
               io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}}, {.batch_name = ""});
             }),
             {"the size of the batch cannot be named ''"});
  CHECK_THROWS_AS(io::export_onnx(net, folder / "none/a.onnx", Tensor<>{{1, 2}}), FileError);
  nn::Sequential fresh{nn::Dense(3)};
  CHECK_THROWS_AS(io::export_onnx(fresh, folder / "a.onnx", Tensor<>{{1, 2}}), UninitializedError);
  CHECK(read_checked(folder / "a.onnx").doc_string() == "A line.");
}

TEST_CASE("a tied parameter is one initializer, and a block of a tree has paths of its own") {
  const Folder folder;
  auto shared = std::make_shared<nn::Dense<>>(2, nn::relu, nn::DenseOptions<>{.in_units = 2});
  nn::Sequential net;
  net.add(shared, nn::Dense(2, nn::relu, {.params = shared->params()}),
          nn::Sequential{nn::Dense(3, {.in_units = 2}), nn::Dropout(0.5)});
  net.initialize();
  io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}});
  CHECK(initializers_of(read_checked(folder / "a.onnx")) ==
        std::vector<std::string>{"0.weight", "0.bias", "2.0.weight", "2.0.bias"});
  io::export_onnx(net[2], folder / "a.onnx", Tensor<>{{1, 2}});
  const auto model = read_checked(folder / "a.onnx");
  CHECK(initializers_of(model) == std::vector<std::string>{"0.weight", "0.bias"});
  // In prediction Dropout does nothing.
  CHECK(model.graph().node_size() == 1);
  CHECK(model.graph().node(0).name() == "0/Gemm");
}

TEST_CASE("the net's scalar is that of the file") {
  const Folder folder;
  nn::Sequential net{nn::Dense(3, {.in_units = 2})};
  net.initialize();
  io::export_onnx(net.cast<double>(), folder / "a.onnx", Tensor<double>{{1, 2}});
  CHECK(read_checked(folder / "a.onnx").graph().initializer(0).data_type() ==
        onnx::TensorProto::DOUBLE);
  io::export_onnx(net.cast<Eigen::bfloat16>(), folder / "a.onnx",
                  Tensor<Eigen::bfloat16>::full({1, 2}, 1));
  CHECK(read_checked(folder / "a.onnx").graph().initializer(0).data_type() ==
        onnx::TensorProto::BFLOAT16);
}

TEST_CASE("what the output does not come from is left out") {
  const auto model = export_of([](const OwnBlock& own, const Tensor<>& x) {
    const Tensor<> unused = cumsum(x * own.scale.data());
    return norm(unused).item() > 0 ? exp(x) : x;
  });
  CHECK(ops_of(model) == std::vector<std::string>{"Exp"});
  CHECK(model.graph().initializer_size() == 0);
}

TEST_CASE("sizes that follow the batch are computed in the file") {
  const auto model = export_of([](const OwnBlock&, const Tensor<>& x) {
    const Index n = x.shape()[0];
    const Tensor<> a = reshape(x, {1, n, 2});
    const Tensor<> b = a + Tensor<>::full({n, 2}, 1.5);
    const Tensor<> c = broadcast_to(x, {3, n, 2});
    return b + c;
  });
  CHECK(ops_of(model) == std::vector<std::string>{"Reshape", "Shape", "Gather", "Concat", "Expand",
                                                  "Add", "Concat", "Expand", "Add"});
  CHECK(dim_of(model.graph().output(0), 1) == "N");
}

TEST_CASE("writes in place are followed, also through a view of the whole") {
  const auto model = export_of([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> y = x * 2;
    Tensor<> flat = y.reshape({-1});
    flat += 1;
    y *= 3;
    return reshape(flat, x.shape()) + y;
  });
  CHECK(ops_of(model) == std::vector<std::string>{"Mul", "Reshape", "Add", "Reshape", "Mul",
                                                  "Reshape", "Reshape", "Add"});
  // A constant is kept as it was before the write; an array may be written with itself.
  const auto constant = export_of([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> c{{0.5, 1.5}};
    c += 1;
    c *= c;
    Tensor<> y = Tensor<>::zeros(x.shape());
    y.assign(c);
    return y * x;
  });
  REQUIRE(constant.graph().initializer_size() > 0);
  const float kept[] = {0.5f, 1.5f};
  CHECK(constant.graph().initializer(0).raw_data() ==
        std::string(reinterpret_cast<const char*>(kept), sizeof kept));
  // A view into what is written to is read before.
  const auto row = export_of([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> y = x * 2;
    y += Tensor<>(y[0]);
    return y;
  });
  CHECK(ops_of(row) == std::vector<std::string>{"Mul", "Gather", "Squeeze", "Add"});
  const auto& add = row.graph().node(3);
  CHECK(add.input(0) == row.graph().node(0).output(0));
  CHECK(add.input(1) == row.graph().node(2).output(0));
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               Tensor<> y = x * 2;
               y(0, 0) = 3;
               y += 1;
               return y;
             }),
             {"the op 'a write in place' in the block '0'", "that was written to since"});
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               Tensor<> y = x * 2;
               Tensor<> first = y[0];
               first += 1;
               return y + 1;
             }),
             {"the op '+' in the block '0'", "shares storage", "where() or concat()"});
}

TEST_CASE("floats beyond the range of an integer are cut off before they are cast") {
  const auto cast = [](auto zero) {
    return ops_of(export_of([](const OwnBlock&, const Tensor<>& x) {
      return x.cast<decltype(zero)>().template cast<float>();
    }));
  };
  CHECK(cast(std::uint8_t()) == std::vector<std::string>{"Clip", "Cast", "Cast"});
  // float has no 2^31 - 1.
  CHECK(cast(std::int32_t()) == std::vector<std::string>{"Cast", "Clip", "Cast", "Cast"});
  CHECK(cast(std::int64_t()) == std::vector<std::string>{"Cast", "Cast"});
}

TEST_CASE("an output that was written to in part is an error") {
  const Folder folder;
  OwnBlock net([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> y = x * 2;
    Tensor<> first = y[0];
    first += 1;
    return y;
  });
  check_says(message_of<ExportError>([&] {
               io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}, {3, 4}});
             }),
             {"the output, of shape (2, 2), shares storage", "where() or concat()"});
}

TEST_CASE("an input of rank 0 has no batch, which is no reason for a warning") {
  const Folder folder;
  OwnBlock net([](const OwnBlock&, const Tensor<>& x) { return x * 2; });
  const parton_test::Warnings warnings;
  CHECK_FALSE(io::export_onnx(net, folder / "a.onnx", Tensor<>::full({}, 3)).any_batch);
  CHECK(warnings.texts.empty());
  CHECK(read_checked(folder / "a.onnx").graph().input(0).type().tensor_type().shape().dim_size() ==
        0);
  check_says(message_of<ExportError>([&] {
               io::export_onnx(net, folder / "a.onnx", Tensor<>::full({}, 3),
                               {.batch = io::OnnxBatch::any});
             }),
             {"of rank 0, has no axis of the batch"});
}

TEST_CASE("an op that ONNX lacks is an error that names op and block") {
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               random::Generator rng(1);
               return dropout(x, 0.5, rng);
             }),
             {"the op 'dropout' in the block '0'", "use nn::Dropout"});
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) { return loss::L2()(x, x * 2); }),
             {"the op 'loss' in the block '0' has no counterpart in ONNX's opset 17",
              "export the block that ends before it"});
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               const autograd::Function cube(
                   "cube",
                   [](autograd::Context<>&, const std::vector<Tensor<>>& in) { return in[0] * 2; },
                   [](const autograd::Context<>&, const Tensor<>& g) { return std::vector{g}; });
               return cube(x);
             }),
             {"Function 'cube'", "in '0'", "call its ops without the Function"});
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               return pad(x, {{}, {3, 0}}, {.mode = PadMode::reflect});
             }),
             {"the op 'pad' in the block '0' cannot be written as ONNX", "pad in several steps"});
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               const Tensor<bool> mask = less(x, 1);
               return less(mask, mask).cast<float>();
             }),
             {"the op 'less'", "cast the bools first"});
}

TEST_CASE("what is computed where no op sees it is an error") {
  const std::initializer_list<std::string_view> names_the_way_out = {
      "the op '*' in the block '0' uses a tensor of shape (2, 2)", "other values for another input",
      "with the library's ops"};
  // An Eigen view into a new tensor.
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               return x * Tensor<>(x.matrix().cwiseAbs2().eval());
             }),
             names_the_way_out);
  // A mask stays the same for numbers that are only a little different.
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               return x * Tensor<>((x.matrix().array() > 0).cast<float>().matrix().eval());
             }),
             names_the_way_out);
  check_says(
      error_of([](const OwnBlock&, const Tensor<>& x) { return x * random::uniform(x.shape()); }),
      names_the_way_out);
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) { return x / norm(x).item(); }),
             {"the op '/' in the block '0' has another number for another input", "rank 0"});
  // A write by hand after an op.
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               Tensor<> y = x * 2;
               y.matrix() *= 2;
               return y + 1;
             }),
             {"the op '+' in the block '0' uses a tensor of shape (2, 2) that was written to",
              "y = y * 2"});
  const Folder folder;
  OwnBlock last([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> y = x * 2;
    y(0, 0) = 7;
    return y;
  });
  check_says(message_of<ExportError>([&] {
               io::export_onnx(last, folder / "a.onnx", Tensor<>{{1, 2}, {3, 4}});
             }),
             {"the output, of shape (2, 2), was computed by no op"});
  OwnBlock all(
      [](const OwnBlock&, const Tensor<>& x) { return Tensor<>(x.matrix().cwiseAbs2().eval()); });
  CHECK_THROWS_AS(io::export_onnx(all, folder / "a.onnx", Tensor<>{{1, 2}, {3, 4}}), ExportError);
  check_says(error_of([](const OwnBlock& own, const Tensor<>& x) {
               const Tensor<> y = x * own.scale.data();
               own.scale.data() += 1;
               return y;
             }),
             {"the parameter '0.scale' is written to by the forward", "is_training()"});
}

TEST_CASE("constants of a forward are kept as they were, each once") {
  const auto model = export_of([](const OwnBlock& own, const Tensor<>& x) {
    Tensor<> ramp{{0.5, 1.5}};
    const Tensor<> y = x + ramp + Tensor<>{{0.5, 1.5}} + own.scale.data();
    ramp.matrix().setZero();
    return y;
  });
  REQUIRE(initializers_of(model) == std::vector<std::string>{"scale", "const_0"});
  const float kept[] = {0.5f, 1.5f};
  CHECK(model.graph().initializer(1).raw_data() ==
        std::string(reinterpret_cast<const char*>(kept), sizeof kept));
}

TEST_CASE("where the graph depends on the batch, the file is for the example's, with a warning") {
  const Folder folder;
  const auto made_of = [&](OwnBlock::F f) {
    OwnBlock net(f);
    const Tensor<> x{{1, 2}, {3.5, -4}};
    const parton_test::Warnings warnings;
    CHECK_FALSE(io::export_onnx(net, folder / "a.onnx", x).any_batch);
    REQUIRE(warnings.texts.size() == 1);
    check_says(warnings.texts[0], {"a.onnx' is for batches of 2 alone", "OnnxBatch::fixed"});
    CHECK(dim_of(read_checked(folder / "a.onnx").graph().input(0), 0) == "2");
    const std::string text = message_of<ExportError>(
        [&] { io::export_onnx(net, folder / "b.onnx", x, {.batch = io::OnnxBatch::any}); });
    check_says(text, {"a file for any size of the batch cannot be made", "OnnxBatch::fixed"});
    return text;
  };
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               Tensor<> y = x;
               for (Index i = 0; i < x.shape()[0]; ++i) y = tanh(y);
               return y;
             }),
             {"for 3 in place of 2 rows forward ran 3 ops in place of 2"});
  // The same for 2 and 3 rows, but not for 7.
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return slice_axis(x, 0, {.stop = x.shape()[0] / 2});
             }),
             {"stops of the op 'slice'", "in another way than a N + b"});
  // The same up to 8 rows, and from 2 on.
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return slice_axis(x, 0, {.stop = std::min<Index>(x.shape()[0], 8)});
             }),
             {"stops of the op 'slice'", "in another way than a N + b"});
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return squeeze(reshape(x, {x.shape()[0], 1, 2}));
             }),
             {"for 1 in place of 2 rows forward used other tensors"});
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return x / static_cast<float>(x.shape()[0]);
             }),
             {"the op '/' in the outermost block had another number"});
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               Tensor<> ramp = Tensor<>::zeros({x.shape()[0], 1});
               for (Index i = 0; i < x.shape()[0]; ++i) ramp(i, 0) = static_cast<float>(i);
               return x + ramp;
             }),
             {"used a tensor of other values that no op gave"});
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return x + Tensor<>{{1, 2}, {3, 4}};
             }),
             {"rows forward threw"});
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return tile(x, {x.shape()[0], 1});
             }),
             {"repeats of the op 'tile'", "follows the size of the batch"});
  check_says(made_of([](const OwnBlock& own, const Tensor<>& x) {
               return x * (x.shape()[0] > 2 ? own.shift : own.scale).data();
             }),
             {"for 3 in place of 2 rows forward used other tensors"});
  // Whatever a forward throws.
  check_says(made_of([](const OwnBlock&, const Tensor<>& x) {
               return x * std::vector<float>{1, 2, 3}.at(static_cast<std::size_t>(x.shape()[0]));
             }),
             {"for 3 in place of 2 rows forward threw: "});
}

TEST_CASE("a warning tells that the steps depend on the values") {
  const Folder folder;
  const auto warned = [&](OwnBlock::F f) {
    OwnBlock net(std::move(f));
    const parton_test::Warnings warnings;
    CHECK_FALSE(io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}, {3.5, -4}},
                                {.batch = io::OnnxBatch::fixed})
                    .same_ops);
    REQUIRE(warnings.texts.size() == 1);
    check_says(warnings.texts[0], {"a.onnx' is what forward ran for the example", "where()"});
  };
  warned([](const OwnBlock&, const Tensor<>& x) { return x(0, 0) > 0 ? x * 2 : exp(x); });
  warned([](const OwnBlock& own, const Tensor<>& x) {
    return x * (x(0, 0) > 0 ? own.shift : own.scale).data();
  });
  warned([](const OwnBlock&, const Tensor<>& x) {
    Tensor<> y = x;
    while (norm(y).item() > 1) y = y / 2.f;
    return y;
  });
  // For a little other numbers it runs the same, and what comes after the branch is looked at.
  check_says(error_of([](const OwnBlock&, const Tensor<>& x) {
               const Tensor<> y = std::abs(x(1, 0) - 3.5f) < 0.01f ? x * 2 : exp(x);
               return y * Tensor<>(x.matrix().cwiseAbs2().eval());
             }),
             {"the op '*' in the block '0'", "other values for another input"});
}

TEST_CASE("a net that takes no other input is exported with a warning") {
  const Folder folder;
  OwnBlock net([](const OwnBlock&, const Tensor<>& x) {
    if (!(x == Tensor<>{{1, 2}})) throw ValueError("not for me");
    return x * 2;
  });
  const parton_test::Warnings warnings;
  io::export_onnx(net, folder / "a.onnx", Tensor<>{{1, 2}}, {.batch = io::OnnxBatch::fixed});
  REQUIRE(warnings.texts.size() == 1);
  check_says(warnings.texts[0], {"has not been checked with another input"});
}

TEST_CASE("an input or a constant may be the output") {
  const auto input = export_of([](const OwnBlock&, const Tensor<>& x) { return x; });
  CHECK(ops_of(input) == std::vector<std::string>{"Identity"});
  const auto parameter =
      export_of([](const OwnBlock& own, const Tensor<>&) { return own.scale.data(); });
  CHECK(ops_of(parameter) == std::vector<std::string>{"Identity"});
  CHECK(dim_of(parameter.graph().output(0), 0) == "1");
}
