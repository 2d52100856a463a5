// SPDX-License-Identifier: MIT
// The one translation unit that holds Catch2 2's main; Catch2 3 brings its own library.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
