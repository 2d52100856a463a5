// SPDX-License-Identifier: MIT
#ifndef PARTON_CONTROL
int answer = "42";
#endif
