// SPDX-License-Identifier: MIT
#include <parton/tensor/scalar.hpp>

#include <cmath>
#include <complex>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::dtype_name;
using parton::detail::convert;
using parton::detail::convert_once;
using parton::detail::narrow;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("the scalars of parameters are the four floating ones") {
  STATIC_REQUIRE(parton::FloatingScalar<float>);
  STATIC_REQUIRE(parton::FloatingScalar<double>);
  STATIC_REQUIRE(parton::FloatingScalar<Eigen::half>);
  STATIC_REQUIRE(parton::FloatingScalar<Eigen::bfloat16>);
  STATIC_REQUIRE_FALSE(parton::FloatingScalar<long double>);
  STATIC_REQUIRE_FALSE(parton::FloatingScalar<int>);
}

TEST_CASE("a tensor holds numbers and flags, but no characters, pointers or complex numbers") {
  STATIC_REQUIRE(parton::TensorScalar<int>);
  STATIC_REQUIRE(parton::TensorScalar<std::int8_t>);
  STATIC_REQUIRE(parton::TensorScalar<std::uint8_t>);
  STATIC_REQUIRE(parton::TensorScalar<std::uint64_t>);
  STATIC_REQUIRE(parton::TensorScalar<bool>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<char>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<wchar_t>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<char8_t>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<const int>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<const float>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<float*>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<std::complex<float>>);
  STATIC_REQUIRE_FALSE(parton::TensorScalar<long double>);
  STATIC_REQUIRE(parton::Number<long double>);
  STATIC_REQUIRE_FALSE(parton::Number<char>);
}

TEST_CASE("an integer tensor takes no fractions") {
  STATIC_REQUIRE(parton::NumberFor<int, float>);
  STATIC_REQUIRE(parton::NumberFor<double, Eigen::half>);
  STATIC_REQUIRE(parton::NumberFor<std::int64_t, std::int8_t>);
  STATIC_REQUIRE_FALSE(parton::NumberFor<float, int>);
  STATIC_REQUIRE_FALSE(parton::NumberFor<Eigen::half, bool>);
}

TEST_CASE("a scalar's name is that of NumPy") {
  CHECK(dtype_name<float>() == "float32");
  CHECK(dtype_name<double>() == "float64");
  CHECK(dtype_name<Eigen::half>() == "float16");
  CHECK(dtype_name<Eigen::bfloat16>() == "bfloat16");
  CHECK(dtype_name<bool>() == "bool");
  CHECK(dtype_name<std::int8_t>() == "int8");
  CHECK(dtype_name<std::uint8_t>() == "uint8");
  CHECK(dtype_name<std::int16_t>() == "int16");
  CHECK(dtype_name<std::uint16_t>() == "uint16");
  CHECK(dtype_name<std::int32_t>() == "int32");
  CHECK(dtype_name<std::uint32_t>() == "uint32");
  CHECK(dtype_name<std::int64_t>() == "int64");
  CHECK(dtype_name<std::uint64_t>() == "uint64");
  CHECK(dtype_name<long long>() == "int64");
}

TEST_CASE("a float becomes an integer by truncation towards zero") {
  CHECK(convert<int>(2.9) == 2);
  CHECK(convert<int>(-2.9f) == -2);
  CHECK(convert<std::uint8_t>(-0.5) == 0);
  CHECK(convert<int>(Eigen::half(3.5f)) == 3);
  CHECK(convert<std::int64_t>(Eigen::bfloat16(-8.f)) == -8);
}

TEST_CASE(
    "convert_once makes the nearest half and bfloat16 of a double, as if there were no float "
    "between") {
  // A little above the middle of two neighbours, by less than a float can tell.
  const double little = std::ldexp(1, -40);
  CHECK(convert<float>(convert_once<Eigen::half>(1 + std::ldexp(1, -11) + little)) == 1 + 0x1p-10f);
  CHECK(convert<float>(convert_once<Eigen::half>(-1 - std::ldexp(1, -11) - little)) ==
        -1 - 0x1p-10f);
  CHECK(convert<float>(convert_once<Eigen::half>(1 + std::ldexp(3, -11) - little)) == 1 + 0x1p-10f);
  CHECK(convert<float>(convert_once<Eigen::bfloat16>(1 + std::ldexp(1, -8) + little)) ==
        1 + 0x1p-7f);
  // In the middle, to the even one.
  CHECK(convert<float>(convert_once<Eigen::half>(1 + std::ldexp(1, -11))) == 1);
  CHECK(convert<float>(convert_once<Eigen::half>(1 + std::ldexp(3, -11))) == 1 + 0x1p-9f);
  CHECK(convert<float>(convert_once<Eigen::half>(1e-300)) == 0);
  CHECK(convert<float>(convert_once<Eigen::half>(0x1p-25 * (1 + little))) == 0x1p-24f);
  CHECK(std::isinf(convert<float>(convert_once<Eigen::bfloat16>(1e300))));
  CHECK(convert<float>(convert_once<Eigen::half>(-infinity)) == -infinity);
  CHECK(std::isnan(convert<float>(convert_once<Eigen::half>(not_a_number))));
  CHECK(std::signbit(convert<float>(convert_once<Eigen::half>(-0.0))));
  // convert() goes by way of the float, in the middle there.
  CHECK(convert<float>(convert<Eigen::half>(1 + std::ldexp(1, -11) + little)) == 1);
}

TEST_CASE("a float beyond an integer's range becomes its nearest end, and NaN 0") {
  CHECK(convert<int>(1e30) == std::numeric_limits<int>::max());
  CHECK(convert<int>(-1e30f) == std::numeric_limits<int>::min());
  CHECK(convert<int>(infinity) == std::numeric_limits<int>::max());
  CHECK(convert<int>(-infinity) == std::numeric_limits<int>::min());
  CHECK(convert<int>(not_a_number) == 0);
  CHECK(convert<std::int8_t>(127.9) == 127);
  CHECK(convert<std::int8_t>(128.0) == 127);
  CHECK(convert<std::int8_t>(-128.9) == -128);
  CHECK(convert<std::uint8_t>(256.f) == 255);
  CHECK(convert<std::uint8_t>(-1.f) == 0);
  CHECK(convert<std::int64_t>(9223372036854775808.0) == std::numeric_limits<std::int64_t>::max());
  CHECK(convert<std::int64_t>(-9223372036854775808.0) == std::numeric_limits<std::int64_t>::min());
  CHECK(convert<std::int64_t>(9223372036854774784.0) == 9223372036854774784);
  CHECK(convert<std::uint64_t>(18446744073709551616.0f) ==
        std::numeric_limits<std::uint64_t>::max());
  CHECK(convert<int>(std::numeric_limits<Eigen::half>::infinity()) ==
        std::numeric_limits<int>::max());
  CHECK(convert<int>(std::numeric_limits<Eigen::bfloat16>::quiet_NaN()) == 0);
}

TEST_CASE("everything but zero is true") {
  CHECK(convert<bool>(0.5));
  CHECK(convert<bool>(not_a_number));
  CHECK(convert<bool>(256));
  CHECK(convert<bool>(Eigen::half(0.25f)));
  CHECK_FALSE(convert<bool>(0.0));
  CHECK_FALSE(convert<bool>(Eigen::half(-0.f)));
  CHECK(convert<float>(true) == 1.f);
}

TEST_CASE("infinity and NaN pass between the floating scalars") {
  CHECK(convert<float>(infinity) == std::numeric_limits<float>::infinity());
  CHECK(convert<float>(1e300) == std::numeric_limits<float>::infinity());
  CHECK(std::isnan(convert<float>(not_a_number)));
  CHECK((Eigen::numext::isinf)(convert<Eigen::half>(1e6)));
  CHECK((Eigen::numext::isnan)(convert<Eigen::bfloat16>(not_a_number)));
  CHECK(std::isnan(convert<double>(std::numeric_limits<Eigen::half>::quiet_NaN())));
  CHECK(static_cast<float>(convert<Eigen::bfloat16>(Eigen::half(1.5f))) == 1.5f);
}

TEST_CASE("an integer wraps to a narrower one in a cast, but is an error as a written number") {
  CHECK(convert<std::int8_t>(300) == 44);  // 300 - 256
  CHECK(convert<std::uint8_t>(-1) == 255);
  CHECK(narrow<std::int8_t>(127) == 127);
  CHECK_THROWS_AS(narrow<std::int8_t>(300), parton::ValueError);
  CHECK_THROWS_WITH(narrow<std::int8_t>(300),
                    ContainsSubstring("300") && ContainsSubstring("int8"));
  CHECK_THROWS_AS(narrow<std::uint64_t>(-1), parton::ValueError);
  CHECK_THROWS_AS(narrow<int>(std::numeric_limits<std::uint64_t>::max()), parton::ValueError);
  CHECK(narrow<bool>(2));
  CHECK(narrow<float>(300) == 300.f);
}
