// SPDX-License-Identifier: MIT
// After the first steps a training step and a forward ask the system for no memory: neither through
// operator new nor through Eigen, whose own allocation function asserts while it is forbidden
// (EIGEN_RUNTIME_NO_MALLOC, set for this program alone).
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

#include <parton/parton.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

std::atomic<std::size_t> allocations{0};
std::atomic<std::size_t> aligned_in_use{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* const memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes == 0 ? 1 : bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

// Not inlined, since g++ would then see malloc beside its own delete and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes) { return counted(bytes, 0); }
[[gnu::noinline]] void* operator new[](std::size_t bytes) { return counted(bytes, 0); }
[[gnu::noinline]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
  ++aligned_in_use;
  return counted(bytes, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return std::malloc(bytes == 0 ? 1 : bytes);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  --aligned_in_use;
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  --aligned_in_use;
  std::free(memory);
}

namespace {

/// No allocation of Eigen's in this scope, and how many there were through operator new.
class Watch {
 public:
  Watch() : before_(allocations) { Eigen::internal::set_is_malloc_allowed(false); }
  ~Watch() { Eigen::internal::set_is_malloc_allowed(true); }
  [[nodiscard]] std::size_t count() const { return allocations - before_; }

 private:
  std::size_t before_;
};

/// The allocations of the last of some calls.
template <class Function>
std::size_t allocations_in_steady_state(const Function& f) {
  for (int i = 0; i < 3; ++i) f();
  const Watch watch;
  f();
  return watch.count();
}

}  // namespace

TEST_CASE("The count counts") {
  const Watch watch;
  // Through a volatile pointer, or a compiler may leave the pair out.
  void* volatile memory = ::operator new(8);
  ::operator delete(memory);
  memory = ::operator new (64, std::align_val_t{64});
  ::operator delete (memory, std::align_val_t{64});
  CHECK(watch.count() == 2);
}

TEST_CASE("A forward and a training step of an MLP allocate nothing once they have run") {
  for (const Index batch : {2, 64}) {
    nn::Sequential net{nn::Dense(256, nn::relu), nn::Dense(64, nn::gelu), nn::Dense(10)};
    net.initialize({.seed = 1});
    const Tensor<> x = random::uniform({batch, 300});
    const Tensor<> labels = zeros({batch});
    static_cast<void>(net(x));
    CHECK(allocations_in_steady_state([&] { static_cast<void>(net(x)); }) == 0);

    const loss::SoftmaxCrossEntropy cross_entropy;
    for (const bool adam : {false, true}) {
      optim::Trainer trainer =
          adam ? optim::Trainer(net.collect_params(), optim::Adam({.learning_rate = 0.001}))
               : optim::Trainer(net.collect_params(),
                                optim::SGD({.learning_rate = 0.01, .momentum = 0.9}));
      CHECK(allocations_in_steady_state([&] {
              {
                const autograd::Record recording;
                cross_entropy(net(x), labels).backward();
              }
              trainer.step(batch);
            }) == 0);
    }
  }
}

TEST_CASE("So do convolutions, pooling, normalization, dropout, embeddings and arithmetic") {
  nn::Sequential net{nn::Conv2D(4, 3, nn::relu), nn::MaxPool2D(2), nn::BatchNorm(),
                     nn::Dropout(0.5),           nn::Dense(10),    nn::LayerNorm()};
  net.initialize({.seed = 1});
  const Tensor<> x = random::uniform({3, 1, 10, 10});
  nn::Embedding embedding(20, 5);
  embedding.initialize();
  const Tensor<> tokens = {{1.f, 2.f, 3.f}, {4.f, 5.f, 1.f}};
  CHECK(allocations_in_steady_state([&] {
          const autograd::Record recording;
          const Tensor<> y = net(x);
          mean(square(y - mean(y)) / 2.f + exp(-abs(y))).backward();
          sum(softmax(embedding(tokens)).reshape({-1, 5})[2] * 3.f).backward();
        }) == 0);
}

TEST_CASE("Small tensors share what is asked of the system, and all of it goes back") {
#ifdef PARTON_DETAIL_ASAN
  SUCCEED("AddressSanitizer sees each block by itself");
#else
  const std::size_t limit = detail::memory_cache_limit;
  release_memory_cache();
  const std::size_t before = aligned_in_use;
  for (const bool on_another_thread : {false, true}) {
    std::vector<Tensor<>> many(1000);
    const auto fill = [&] {
      for (Tensor<>& one : many) one = Tensor<>::empty({1});
    };
    if (on_another_thread)
      std::thread(fill).join();
    else
      fill();
    // A few blocks each, of 128 bytes or 192, in slabs of 64 KiB.
    CHECK(aligned_in_use > before);
    CHECK(aligned_in_use - before < 10);
    many.clear();
    release_memory_cache();
    CHECK(aligned_in_use == before);
  }
  set_memory_cache_limit(0);
  for (int i = 0; i < 10'000; ++i) static_cast<void>(Tensor<>::empty({1}));
  CHECK(memory_cache_size() == 0);
  CHECK(aligned_in_use - before <= 1);
  release_memory_cache();
  CHECK(aligned_in_use == before);
  set_memory_cache_limit(limit);
#endif
}
