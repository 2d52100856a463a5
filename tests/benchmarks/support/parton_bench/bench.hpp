// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

/// \file Cases and who runs them: `add("infer/20-256-10/2", "torch:addmm", make)`.
///
/// The implementations of one case run in turn, round after round, so that a slow minute of the
/// machine is everybody's. An implementation is `parton`, `eigen`, `torch` or `std`, then
/// `:variant` if it has several, of which the table takes the fastest, and `@2` for two threads.

namespace parton_bench {

/// What is measured, `run`; and what makes it possible again, unmeasured, `before`.
struct Body {
  std::function<void()> run;
  std::function<void()> before = {};
};

/// Registers an implementation of a case. `make` builds what a run needs, unmeasured, and is called
/// at the start of each round.
void add(const std::string& benchmark, const std::string& implementation,
         std::function<Body()> make);

/// The same for something that is no time: bytes, say. `measure` is called once a round.
void add_value(const std::string& benchmark, const std::string& implementation,
               std::function<double()> measure);

/// The same, where `run` alone is enough.
template <class Make>
void add_simple(const std::string& benchmark, const std::string& implementation, Make make) {
  add(benchmark, implementation, [make = std::move(make)] { return Body{make()}; });
}

/// The run of a net that has infer() and step().
template <class Net>
std::function<void()> run_of(const std::shared_ptr<Net>& net, bool train) {
  if (train) return [net] { net->step(); };
  return [net] { net->infer(); };
}

/// How many elements of so many there are in a trial run of the harness: `--scale=0.01`.
[[nodiscard]] long scaled(long count);

/// Keeps a pointer's target from being optimized away.
void keep(const void* result);

/// Where files are written: `--directory`, else $TMPDIR, else /tmp.
[[nodiscard]] std::string directory();

/// Bytes that the program holds from malloc and its kin, in use.
[[nodiscard]] double bytes_in_use();

/// Registers the cases of a program; each program defines it.
void register_cases();

/// Sets the number of threads of all libraries.
void use_threads(int count);

/// What the libraries call themselves, for the table.
[[nodiscard]] std::string libraries();

}  // namespace parton_bench
