// expects: a word of help
// SPDX-License-Identifier: MIT
#ifndef PARTON_CONTROL
int answer = "a word of help";
#endif
