// SPDX-License-Identifier: MIT
// The floor: only ever compiled.
#include <Eigen/Dense>

int main() {}
