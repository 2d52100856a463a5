// expects: anything
// SPDX-License-Identifier: MIT
int answer = 42;
