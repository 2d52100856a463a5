// SPDX-License-Identifier: MIT
// The peak of resident memory of the net 784-512-256-10 against what it has to hold, each time in a
// process of its own.
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include <parton/parton.hpp>
#include <parton_test/catch.hpp>

using namespace parton;

namespace {

constexpr Index peak_batch = 64, peak_inputs = 784, peak_hidden = 512 + 256, peak_classes = 10;
constexpr Index peak_parameters = 784 * 512 + 512 + 512 * 256 + 256 + 256 * 10 + 10;
constexpr double float_bytes = 4;
#if defined(__linux__) && !defined(PARTON_DETAIL_ASAN)
constexpr bool is_measurable = true;
#else
constexpr bool is_measurable = false;
#endif

/// The most memory that this process has had in RAM, in bytes.
double peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

nn::Sequential<> net_of(Index first, Index second) {
  nn::Sequential net{nn::Dense(first, nn::relu), nn::Dense(second, nn::relu),
                     nn::Dense(peak_classes)};
  net.initialize({.seed = 1});
  return net;
}

enum class Use { infer, momentum, adam };

void use(const nn::Sequential<>& net, Index width, Index rows, Use how) {
  const Tensor<> x = full({rows, width}, 0.5f);
  if (how == Use::infer) {
    for (int i = 0; i < 3; ++i) static_cast<void>(net(x));
    return;
  }
  const Tensor<> labels = zeros({rows});
  optim::Trainer trainer =
      how == Use::adam ? optim::Trainer(net.collect_params(), optim::Adam())
                       : optim::Trainer(net.collect_params(),
                                        optim::SGD({.learning_rate = 0.01, .momentum = 0.9}));
  const loss::SoftmaxCrossEntropy cross_entropy;
  for (int i = 0; i < 3; ++i) {
    {
      const autograd::Record recording;
      cross_entropy(net(x), labels).backward();
    }
    trainer.step(rows);
  }
}

/// By how much the peak grows in a new process that makes the net and uses it.
double growth(Use how) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    // The code and what is allocated once per process are there before we look.
    use(net_of(8, 8), 8, 8, how);
    release_memory_cache();
    const double before = peak_bytes();
    use(net_of(512, 256), peak_inputs, peak_batch, how);
    const double grown = peak_bytes() - before;
    const bool written = ::write(ends[1], &grown, sizeof grown) == sizeof grown;
    ::_exit(written ? 0 : 1);
  }
  double grown = -1;
  if (child < 0 || ::read(ends[0], &grown, sizeof grown) != sizeof grown) grown = -1;
  ::close(ends[0]);
  ::close(ends[1]);
  ::waitpid(child, nullptr, 0);
  return grown;
}

/// Bytes of the panels into which Eigen packs the factors of a product; they are kept for the next
/// one of that size.
double panels(Index rows, Index cols, Index depth) {
  Index m = cols, n = rows, k = depth;
  Eigen::internal::computeProductBlockingSizes<float, float>(k, m, n, Index{1});
  return static_cast<double>(k * (m + n)) * float_bytes;
}

/// Not exact: sizes are rounded up by an eighth at most.
void check(double grown, double sum) {
  INFO("peak grown by " << grown / 1e6 << " MB, what has to be held " << sum / 1e6 << " MB");
  CHECK(grown > 0.8 * sum);
  CHECK(grown < 1.125 * sum + 0.5e6);
}

}  // namespace

TEST_CASE("A net that only infers holds its data once; training adds gradient and state") {
  if (!is_measurable) {
    SUCCEED("AddressSanitizer keeps what is freed, so there is nothing to see");
    return;
  }
  const double data = peak_parameters * float_bytes;
  const double results = peak_batch * (peak_hidden + peak_classes) * float_bytes;
  const double infer = growth(Use::infer), momentum = growth(Use::momentum);
  check(infer, data + peak_batch * peak_inputs * float_bytes + results +
                   panels(peak_batch, 512, 784) + panels(peak_batch, 256, 512) +
                   panels(peak_batch, 10, 256));
  // A gradient and a momentum for each parameter, a gradient for each result.
  check(momentum - infer, 2 * data + results);
  check(growth(Use::adam) - momentum, data);
}
