// SPDX-License-Identifier: MIT
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <parton/nn/dense.hpp>
#include <parton/nn/sequential.hpp>
#include <parton/parameter/entry_name.hpp>
#include <parton_test/catch.hpp>

using parton::EntryName;

namespace {

bool lies_in(const EntryName& name) {
  const auto* const begin = reinterpret_cast<const char*>(&name);
  return name.data() >= begin && name.data() < begin + sizeof(EntryName);
}

}  // namespace

TEST_CASE("a name of an entry lies in the entry, and a very long one elsewhere") {
  for (const std::size_t length : {0U, 1U, 17U, 31U, 32U, 33U, 257U}) {
    const std::string text(length, 'x');
    const EntryName name(text);
    CHECK(name == text);
    CHECK(lies_in(name) == (length < 32));
    CHECK(std::string(name.c_str()) == text);
  }
}

TEST_CASE("names of entries are copied and moved, whatever their lengths were") {
  const std::string longer(40, 'b'), longest(200, 'c');
  for (const std::string& from : {std::string("a"), longer, longest})
    for (const std::string& to : {std::string(), std::string("z"), longer, longest}) {
      const EntryName original(from);
      EntryName copy(original), assigned(to), moved_to(to);
      assigned = original;
      CHECK((copy == from && assigned == from && original == from));
      CHECK(copy.data() != original.data());
      const EntryName& self = assigned;
      assigned = self;
      CHECK(assigned == from);
      moved_to = std::move(copy);
      CHECK(moved_to == from);
      copy = EntryName(to);  // one that was moved from may be assigned to
      CHECK(copy == to);
      const EntryName constructed(std::move(moved_to));
      CHECK(constructed == from);
      CHECK(lies_in(constructed) == (from.size() < 32));
    }
  std::vector<EntryName> many;
  for (int i = 0; i < 100; ++i) many.emplace_back(std::string(static_cast<std::size_t>(i), 'x'));
  for (std::size_t i = 0; i < many.size(); ++i) CHECK(many[i] == std::string(i, 'x'));
}

TEST_CASE("a name of an entry is used as any string is") {
  const parton::nn::Sequential net{parton::nn::Dense(2, {.use_bias = false, .in_units = 3})};
  std::vector<std::string> names;
  std::map<std::string, int> counts;
  std::set<std::string> known;
  std::string text;
  for (auto& [path, p] : net.named_parameters()) {
    names.push_back(path);
    known.insert(path);
    ++counts[path];
    text += path;
    text +=
        path + p.shape().to_string() + ("<" + path) + (path + path) + (path + '>') + ('<' + path);
    const std::string copy = path;
    const std::string& reference = path;
    const std::string_view view = path;
    std::string later;
    later = path;
    CHECK(
        (copy == path && reference == path && view == path && later == path && path == "0.weight"));
    CHECK((path != "0.bias" && path < std::string("1") && path.ends_with("weight")));
    CHECK(path.substr(path.find('.') + 1) == "weight");
    CHECK(std::filesystem::path(path).extension() == ".weight");
    CHECK(counts.at(path) == 1);
  }
  CHECK(names == std::vector<std::string>{"0.weight"});
  CHECK(known.size() == 1);
  CHECK(text == "0.weight0.weight(2, 3)<0.weight0.weight0.weight0.weight><0.weight");
}
