// SPDX-License-Identifier: MIT
// Prints the table of random bits, computed with as many threads as the argument says.
#include "bits/table.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  parton::set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  std::fputs(parton_test::bits_table().c_str(), stdout);
}
