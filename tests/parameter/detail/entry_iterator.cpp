// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <parton/parameter/detail/entry_iterator.hpp>
#include <parton_test/catch.hpp>

namespace {

struct NameOnly {
  std::string text;
  [[nodiscard]] const std::string& name() const noexcept { return text; }
};
using EntryWalk = parton::detail::EntryIterator<NameOnly>;

}  // namespace

TEST_CASE("An iterator over entries goes wherever a pointer would") {
  STATIC_REQUIRE(std::random_access_iterator<EntryWalk>);
  // So many that it asks for names ahead, and stops asking before the end.
  std::vector<NameOnly> entries;
  for (int i = 0; i < 40; ++i) entries.push_back({std::to_string(i)});
  const NameOnly* const first = entries.data();
  const EntryWalk begin(first, first + 40), end(first + 40, first + 40);
  CHECK(end - begin == 40);
  CHECK(std::equal(begin, end, entries.begin(),
                   [](const NameOnly& a, const NameOnly& b) { return &a == &b; }));
  CHECK(std::distance(std::reverse_iterator(end), std::reverse_iterator(begin)) == 40);
  EntryWalk at = begin;
  CHECK((at++)->text == "0");
  CHECK((++at)->text == "2");
  CHECK((at--)->text == "2");
  CHECK((--at)->text == "0");
  CHECK((at += 7)->text == "7");
  CHECK((at -= 2)->text == "5");
  CHECK((*(at + 3)).text == "8");
  CHECK((*(3 + at)).text == "8");
  CHECK((*(at - 5)).text == "0");
  CHECK(at[-1].text == "4");
  CHECK((begin < at && at <= at && end > at && begin != at));
  CHECK(EntryWalk() == EntryWalk());
}

TEST_CASE("An iterator over no entries asks for nothing") {
  const EntryWalk none(nullptr, nullptr);
  CHECK(none == none);
  CHECK(none - none == 0);
}
