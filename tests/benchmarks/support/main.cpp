// SPDX-License-Identifier: MIT
// Runs the cases of a program round by round and writes Google Benchmark's JSON to standard output.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <parton_bench/bench.hpp>

namespace parton_bench {

namespace {

struct Settings {
  int rounds = 5;
  double scale = 1;
  double seconds = 0.1;
  std::string cases = ".*";
  std::string directory;
};

Settings& settings() {
  static Settings all;
  return all;
}

std::vector<std::string>& benchmarks() {
  static std::vector<std::string> names;
  return names;
}

/// What the implementation at hand runs: Google Benchmark calls several times to find out how often
/// to repeat it.
struct Current {
  std::string name;
  std::optional<Body> body;
  const Body& of(const std::string& wanted, const std::function<Body()>& make) {
    if (name == wanted && body) return *body;
    body.reset();
    name = wanted;
    body = make();
    if (body->before) body->before();
    body->run();  // what is allocated once, is
    return *body;
  }
};

Current& current() {
  static Current one;
  return one;
}

/// Many JSON documents, written as one.
class OneReport : public benchmark::JSONReporter {
 public:
  int round = 0;
  bool ReportContext(const Context& context) override {
    if (begun_) return true;
    begun_ = true;
    return JSONReporter::ReportContext(context);
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    std::vector<Run> ours = runs;
    for (Run& run : ours) run.repetition_index = round;
    JSONReporter::ReportRuns(ours);
  }
  void Finalize() override {}
  void finish() { JSONReporter::Finalize(); }

 private:
  bool begun_ = false;
};

void note(const std::string& benchmark) {
  if (std::find(benchmarks().begin(), benchmarks().end(), benchmark) == benchmarks().end())
    benchmarks().push_back(benchmark);
}

bool is_selected(const std::string& benchmark) {
  return std::regex_search(benchmark, std::regex(settings().cases));
}

/// The number after `@`, else 1.
int threads_of(const std::string& implementation) {
  const auto at = implementation.find('@');
  return at == std::string::npos ? 1 : std::stoi(implementation.substr(at + 1));
}

/// `--name=value`
bool read_option(std::string_view argument, std::string_view name, std::string& value) {
  if (!argument.starts_with(name) || argument.size() <= name.size() || argument[name.size()] != '=')
    return false;
  value = argument.substr(name.size() + 1);
  return true;
}

void read_options(int argc, char** argv) {
  Settings& all = settings();
  for (int i = 1; i < argc; ++i) {
    std::string value;
    if (read_option(argv[i], "--rounds", value))
      all.rounds = std::stoi(value);
    else if (read_option(argv[i], "--scale", value))
      all.scale = std::stod(value);
    else if (read_option(argv[i], "--seconds", value))
      all.seconds = std::stod(value);
    else if (!read_option(argv[i], "--cases", all.cases) &&
             !read_option(argv[i], "--directory", all.directory)) {
      std::cerr << "unknown option " << argv[i]
                << "; there are --rounds=5 --cases=REGEX --seconds=0.1 (a round, at least) "
                   "--scale=1 (smaller for a trial) --directory=/tmp (for files)\n";
      std::exit(2);
    }
  }
}

}  // namespace

long scaled(long count) {
  return std::max(1L, static_cast<long>(static_cast<double>(count) * settings().scale));
}

void keep(const void* result) { benchmark::DoNotOptimize(result); }

std::string directory() {
  if (!settings().directory.empty()) return settings().directory;
  const char* const given = std::getenv("TMPDIR");
  return given == nullptr ? "/tmp" : given;
}

double bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void add(const std::string& benchmark, const std::string& implementation,
         std::function<Body()> make) {
  if (!is_selected(benchmark)) return;
  note(benchmark);
  const int threads = threads_of(implementation);
  const std::string name = benchmark + "/" + implementation;
  benchmark::RegisterBenchmark(name.c_str(),
                               [name, make = std::move(make), threads](benchmark::State& state) {
                                 use_threads(threads);
                                 const Body& body = current().of(name, make);
                                 for (auto _ : state) {
                                   if (body.before) {
                                     state.PauseTiming();
                                     body.before();
                                     state.ResumeTiming();
                                   }
                                   body.run();
                                 }
                                 use_threads(1);
                               })
      ->MinTime(settings().seconds)
      ->Unit(benchmark::kNanosecond);
}

void add_value(const std::string& benchmark, const std::string& implementation,
               std::function<double()> measure) {
  if (!is_selected(benchmark)) return;
  note(benchmark);
  benchmark::RegisterBenchmark((benchmark + "/" + implementation).c_str(),
                               [measure = std::move(measure)](benchmark::State& state) {
                                 double value = 0;
                                 for (auto _ : state) value = measure();
                                 state.counters["value"] = value;
                               })
      ->Iterations(1);
}

}  // namespace parton_bench

int main(int argc, char** argv) {
  using namespace parton_bench;
  int none = 1;
  benchmark::Initialize(&none, argv);
  read_options(argc, argv);
  use_threads(1);
  register_cases();
  benchmark::AddCustomContext("libraries", libraries());
  benchmark::AddCustomContext("compiler", PARTON_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", PARTON_BENCH_FLAGS);
  OneReport report;
  for (const std::string& name : benchmarks())
    for (report.round = 0; report.round < settings().rounds; ++report.round) {
      std::cerr << name << ", round " << report.round + 1 << '\n';
      benchmark::RunSpecifiedBenchmarks(&report, "^" + name + "/[^/]*/.*$");
      current() = {};
    }
  report.finish();
}
