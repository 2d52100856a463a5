// SPDX-License-Identifier: MIT
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <parton/tensor/print.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

/// An array as NumPy had it and as NumPy printed it; see print_reference.py. Of large arrays only
/// the elements that are printed are stored, of constant ones the first.
struct Case {
  std::string_view dtype;
  std::vector<Index> dims;
  std::string_view hex;
  std::string_view expected;
};

const Case cases[] = {
#include "print_reference.inc"
};

template <class Scalar>
std::vector<Scalar> values_of(std::string_view hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  std::vector<Scalar> values;
  for (std::size_t i = 0; i + sizeof(Scalar) <= bytes.size(); i += sizeof(Scalar)) {
    Scalar value;
    std::memcpy(static_cast<void*>(&value), &bytes[i], sizeof(Scalar));
    values.push_back(value);
  }
  return values;
}

/// Whether an element lies within the first or last three along every axis.
bool is_shown(Index position, const Shape& shape) {
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    const Index n = shape.dims()[axis], i = position % n;
    position /= n;
    if (n > 6 && i >= 3 && i < n - 3) return false;
  }
  return true;
}

template <class Scalar>
std::string printed(const Case& c) {
  const std::vector<Scalar> values = values_of<Scalar>(c.hex);
  const Shape shape{std::span<const Index>(c.dims)};
  // Where not all are stored, the others are far larger: they must not decide the form.
  Tensor<Scalar> tensor = Tensor<Scalar>::full(shape, Scalar(1));
  const bool all = static_cast<Index>(values.size()) == shape.size();
  std::size_t next = 0;
  for (Index i = 0; i < shape.size(); ++i) {
    if (values.size() == 1)
      tensor.mutable_data()[i] = values[0];
    else if (all || is_shown(i, shape))
      tensor.mutable_data()[i] = values[next++];
    else if constexpr (!std::is_same_v<Scalar, bool>)
      tensor.mutable_data()[i] = Scalar(30000);
  }
  std::ostringstream os;
  os << tensor;
  return os.str();
}

}  // namespace

TEST_CASE("tensors print as NumPy's arrays, letter by letter") {
  for (const Case& c : cases) {
    INFO(c.dtype << ' ' << Shape(std::span<const Index>(c.dims)));
    if (c.dtype == "f4")
      CHECK(printed<float>(c) == c.expected);
    else if (c.dtype == "f8")
      CHECK(printed<double>(c) == c.expected);
    else if (c.dtype == "f2")
      CHECK(printed<Eigen::half>(c) == c.expected);
    else if (c.dtype == "i1")
      CHECK(printed<std::int8_t>(c) == c.expected);
    else if (c.dtype == "u1")
      CHECK(printed<std::uint8_t>(c) == c.expected);
    else if (c.dtype == "i2")
      CHECK(printed<std::int16_t>(c) == c.expected);
    else if (c.dtype == "i4")
      CHECK(printed<std::int32_t>(c) == c.expected);
    else if (c.dtype == "i8")
      CHECK(printed<std::int64_t>(c) == c.expected);
    else if (c.dtype == "u8")
      CHECK(printed<std::uint64_t>(c) == c.expected);
    else if (c.dtype == "b1")
      CHECK(printed<bool>(c) == c.expected);
    else
      FAIL("an unknown dtype");
  }
}

// NumPy has no bfloat16; 0.1 in it is 0.10009765625, and 0.1 reads back as the same number. 2^-119
// is 1.5046e-36: 1.50e-36, nearest of three digits, is read as its lower neighbour, 1.51e-36 is
// not.
TEST_CASE("bfloat16 prints the fewest digits that read back") {
  std::ostringstream os;
  os << Tensor<Eigen::bfloat16>{0.1, 3.140625, 64};
  os << Tensor<Eigen::bfloat16>{std::ldexp(1.0, -119)};
  CHECK(os.str() == "[ 0.1   3.14 64.  ][1.51e-36]");
}

TEST_CASE("every finite half and bfloat16 prints as a number that reads back") {
  const auto misread = []<class Scalar>(Scalar) {
    int count = 0;
    for (std::uint32_t bits = 0; bits < 65536; ++bits) {
      const auto x = Eigen::numext::bit_cast<Scalar>(static_cast<std::uint16_t>(bits));
      if (!(Eigen::numext::isfinite)(x)) continue;
      std::ostringstream os;
      os << Tensor<Scalar>::full({1}, x);
      const std::string text = os.str();
      float back = 0;
      std::from_chars(text.data() + 1, text.data() + text.size(), back);
      count += Eigen::numext::bit_cast<std::uint16_t>(Scalar(back)) != bits;
    }
    return count;
  };
  CHECK(misread(Eigen::half(0)) == 0);
  CHECK(misread(Eigen::bfloat16(0)) == 0);
}

TEST_CASE("printing neither minds nor changes the stream's settings") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  std::ostringstream os;
  os.imbue(std::locale(os.getloc(), new Comma));
  os << std::setprecision(2) << std::scientific << std::showpos << std::setfill('*');
  os << std::setw(30) << Tensor<>{1.25, 3} << ' ' << Tensor<int>{7} << ' ' << 1.0;
  CHECK(os.str() == "[1.25 3.  ] [7] +1,00e+00");
}

TEST_CASE("a tensor without values prints its shape") {
  std::ostringstream os;
  os << Tensor<>::shape_only({2, 3});
  CHECK(os.str() == "<shape (2, 3), no values>");
}
