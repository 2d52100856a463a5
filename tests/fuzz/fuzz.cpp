// SPDX-License-Identifier: MIT
/// \file The fuzzers, in one program that libFuzzer drives: its name, fuzz_safetensors, says which.
/// `fuzz_safetensors --seeds FOLDER` writes the files to start from.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <parton/warning.hpp>

#include "seeds.hpp"

namespace {

const parton_fuzz::Target* target = nullptr;

int write_seeds(const std::string& folder) {
  std::filesystem::create_directories(folder);
  int count = 0;
  for (const std::string& bytes : parton_fuzz::seeds(target->name))
    io_test::put(folder + "/seed_" + std::to_string(count++), bytes);
  return count > 0 ? 0 : 1;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string name = std::filesystem::path((*arguments)[0]).filename().string();
  for (const auto& each : parton_fuzz::targets)
    if (name == "fuzz_" + std::string(each.name)) target = &each;
  if (target == nullptr) {
    std::fprintf(stderr, "%s names no target\n", name.c_str());
    std::exit(2);
  }
  parton::set_warning_handler([](const std::string&) {});
  if (*count == 3 && std::string_view((*arguments)[1]) == "--seeds")
    std::exit(write_seeds((*arguments)[2]));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
