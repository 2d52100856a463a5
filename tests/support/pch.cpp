// SPDX-License-Identifier: MIT
// Only carries the precompiled header that the test programs share.
