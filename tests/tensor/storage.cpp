// SPDX-License-Identifier: MIT
#include <parton/tensor/storage.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <parton/tensor/tensor.hpp>
#include <parton_test/catch.hpp>

using Catch::Matchers::ContainsSubstring;
using parton::Index;
using parton::Shape;
using parton::Tensor;
using parton::detail::Buffer;
using parton::detail::Counted;
using parton::detail::TensorRecord;

TEST_CASE("fresh storage is aligned to 64 bytes, whatever its size") {
  for (Index n = 0; n < 200; n += 7) {
    const auto t = Tensor<>::empty({n});
    CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
    const auto bytes = Tensor<std::uint8_t>::empty({n});
    CHECK(reinterpret_cast<std::uintptr_t>(bytes.data()) % 64 == 0);
  }
}

TEST_CASE("a counted pointer destroys its object with the last handle") {
  auto owner = std::make_shared<int>(1);
  {
    Counted<Buffer> first = Buffer::adopt(owner.get(), sizeof(int), owner);
    CHECK(owner.use_count() == 2);
    Counted<Buffer> second = first;
    CHECK(first->references == 2);
    Counted<Buffer> third = std::move(first);
    CHECK_FALSE(first);
    CHECK(third->references == 2);
    Counted<Buffer> fourth = third;
    fourth = {};
    CHECK(third->references == 2);
    second = Counted<Buffer>();
    CHECK(third->references == 1);
    Counted<Buffer>& self = third;
    third = self;
    CHECK(third->references == 1);
    third = std::move(self);
    REQUIRE(third);
    CHECK(third->references == 1);
    CHECK(owner.use_count() == 2);
  }
  CHECK(owner.use_count() == 1);
}

TEST_CASE("a record shares its buffer with the records of its views") {
  const auto record = TensorRecord::make({2, 3}, Buffer::allocate(24), nullptr);
  const auto view = TensorRecord::make({6}, record->buffer, nullptr);
  CHECK(record->buffer->references == 2);
  CHECK(record->references == 1);
}

TEST_CASE("a fresh tensor is one block with its record, or two where that is less") {
  parton::release_memory_cache();
  { const auto small = Tensor<>::empty({4}); }
#ifdef PARTON_DETAIL_ASAN
  const auto t = Tensor<std::uint8_t>::empty({13});
  CHECK_FALSE(__asan_address_is_poisoned(t.data() + 12));
  CHECK(__asan_address_is_poisoned(t.data() + 13));  // so that an overrun is found
  CHECK(__asan_address_is_poisoned(t.data() + 63));
#else
  CHECK(parton::memory_cache_size() == 192);
  parton::release_memory_cache();
  // 192 bytes for header and record: 192 + 448 is in the class of 640 bytes.
  { const auto medium = Tensor<>::empty({112}); }
  CHECK(parton::memory_cache_size() == 640);
  // 4192 would be in the class of 4608, so the record of 112 bytes lies apart from 64 + 4000.
  parton::release_memory_cache();
  { const auto large = Tensor<>::empty({1000}); }
  CHECK(parton::memory_cache_size() == 4096 + 128);
  parton::release_memory_cache();
  { const auto large = Tensor<>::empty({1024}); }
  CHECK(parton::memory_cache_size() == 4608);  // as it would be without the record
#endif
}

TEST_CASE("a view has a record of its own, and keeps the block when the first record has gone") {
  auto first = TensorRecord::fresh({2, 3}, sizeof(float));
  CHECK(first->in_block);
  CHECK(first->data == first->buffer->data);
  static_cast<float*>(first->data)[5] = 7;
  auto view = TensorRecord::make({6}, first->buffer, first->data);
  CHECK_FALSE(view->in_block);
  first.reset();
  CHECK(view->buffer->references == 1);
  CHECK(static_cast<float*>(view->data)[5] == 7);
  // The memory is not given to anybody else before the view has gone.
  const void* const block = view->buffer->data;
  const auto other = TensorRecord::fresh({2, 3}, sizeof(float));
  CHECK(other->buffer->data != block);
  view.reset();
  CHECK(TensorRecord::fresh({2, 3}, sizeof(float))->buffer->data == block);
}

TEST_CASE("past values take a block without a record") {
  const auto buffer = Buffer::allocate(64);
  CHECK(buffer->room == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(buffer->data) % Buffer::alignment == 0);
}

TEST_CASE("an adopted tensor writes to foreign memory and keeps its owner alive") {
  auto owner = std::make_shared<std::array<float, 6>>();
  std::weak_ptr<void> watched = owner;
  Tensor<> row;
  {
    auto t = Tensor<>::adopt(owner->data(), {2, 3}, owner);
    t += 1;
    CHECK((*owner)[5] == 1.f);
    row = t[1];
  }
  owner.reset();
  CHECK_FALSE(watched.expired());
  CHECK(row(2) == 1.f);
  row = Tensor<>();
  CHECK(watched.expired());
}

TEST_CASE("adopting null or misaligned memory is a ValueError, an unknown shape a ShapeError") {
  std::array<float, 4> memory{};
  auto* askew = reinterpret_cast<float*>(reinterpret_cast<std::byte*>(memory.data()) + 1);
  CHECK_THROWS_AS(Tensor<>::adopt(nullptr, {2}, nullptr), parton::ValueError);
  CHECK_THROWS_AS(Tensor<>::adopt(askew, {2}, nullptr), parton::ValueError);
  CHECK_THROWS_WITH(Tensor<>::adopt(askew, {2}, nullptr),
                    ContainsSubstring("(2,)") && ContainsSubstring("4 bytes"));
  CHECK_THROWS_AS(Tensor<>::adopt(memory.data(), {-1}, nullptr), parton::ShapeError);
  CHECK(Tensor<>::adopt(nullptr, {0, 3}, nullptr).shape() == Shape{0, 3});
}

// AddressSanitizer ends the program at such a request, instead of letting operator new throw.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PARTON_TEST_NO_HUGE_REQUESTS
#endif
#endif
#else
#define PARTON_TEST_NO_HUGE_REQUESTS
#endif

#ifndef PARTON_TEST_NO_HUGE_REQUESTS
TEST_CASE("a tensor that no memory can hold is a MemoryError with shape and bytes") {
  const Index big = Index{1} << 40;
  CHECK_THROWS_AS(Tensor<>::empty({big, 1 << 16}), parton::MemoryError);
  CHECK_THROWS_WITH(Tensor<>::empty({big, 1 << 16}),
                    ContainsSubstring("(1099511627776, 65536)") &&
                        ContainsSubstring("288230376151711744 bytes"));  // 2^58
}
#endif

TEST_CASE("storage outlives the tensor that made it, through any of its views") {
  Tensor<> kept;
  {
    const Tensor<> t = {{1, 2}, {3, 4}};
    kept = t.reshape({4}).slice(1, 4)[1].reshape({1});
  }
  CHECK(kept.item() == 3.f);
}

TEST_CASE("handles of one tensor are copied and dropped in many threads at once") {
  auto owner = std::make_shared<std::vector<float>>(64, 1.f);
  {
    const auto shared = Tensor<>::adopt(owner->data(), {8, 8}, owner);
    std::vector<std::thread> threads;
    std::vector<float> sums(4, 0.f);
    for (float& sum : sums) {
      threads.emplace_back([&sum, &shared] {
        for (int i = 0; i < 2000; ++i) {
          const Tensor<> copy = shared;
          const Tensor<> row = copy[i % 8];
          sum += row(i % 8);
        }
      });
    }
    for (auto& thread : threads) thread.join();
    for (const float sum : sums) CHECK(sum == 2000.f);
    CHECK(owner.use_count() == 2);
  }
  CHECK(owner.use_count() == 1);
}

TEST_CASE("a tensor and its view go at the same time, each in a thread of its own") {
  for (int i = 0; i < 200; ++i) {
    auto whole = Tensor<>::full({2, 2}, 1);
    Tensor<> row = whole[1];
    float sum = 0;
    std::thread other([&sum, moved = std::move(row)]() mutable {
      sum = moved(0);
      moved = Tensor<>();
    });
    whole = Tensor<>();
    other.join();
    REQUIRE(sum == 1.f);
  }
}
