// expects: invalid conversion
// SPDX-License-Identifier: MIT
int answer = "42";
