// SPDX-License-Identifier: MIT
#include <string>

#include <parton/parameter/name.hpp>
#include <parton_test/capture.hpp>

using namespace parton;
using parton_test::check_says;
using parton_test::message_of;

TEST_CASE("a name consists of letters, digits, underscores and dashes") {
  for (const char* good : {"weight", "0", "running_mean", "A-b_9"})
    CHECK_NOTHROW(detail::check_name(good));
  for (const char* bad : {"a.b", "a b", "a/b", "caf\xC3\xA9", "a\n", "(", ".*"})
    CHECK_THROWS_AS(detail::check_name(bad), NameError);
  CHECK_THROWS_AS(detail::check_name(std::string("a\0b", 3)), NameError);
}

TEST_CASE("a name has at least one character and at most max_name_length") {
  CHECK_NOTHROW(detail::check_name(std::string(max_name_length, 'x')));
  check_says(message_of<NameError>([] { detail::check_name(std::string(129, 'x')); }),
             {"129", "128", "xxx"});
  check_says(message_of<NameError>([] { detail::check_name(""); }), {"empty"});
  // A name may be as long as a file: the message is not.
  CHECK(message_of<NameError>([] { detail::check_name(std::string(1000000, 'x')); }).size() < 300);
}

TEST_CASE("a kept name is one word, and the usual ones are kept once") {
  using detail::KeptName;
  STATIC_REQUIRE(sizeof(KeptName) == sizeof(void*));
  const KeptName weight("weight"), again("weight"), own("my-key"), other("my-key");
  CHECK(*weight == "weight");
  CHECK(&*weight == &*again);
  CHECK(*own == "my-key");
  CHECK(&*own != &*other);  // each has its own: nothing is kept of a net that is gone
  CHECK(*KeptName(std::string(max_name_length, 'x')) == std::string(max_name_length, 'x'));
}
