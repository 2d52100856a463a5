// SPDX-License-Identifier: MIT
#pragma once

#include <parton/detail/compiled.hpp>

/// \file What a source and the library that parton is compiled to must agree on: how memory is laid
/// out, and which instructions they were compiled for. Where they do not, the linker misses a name
/// that says what it looked for:
///
///     undefined reference to `parton::detail::library_compiled_for_avx512'

#if defined(__SANITIZE_ADDRESS__)
#define PARTON_DETAIL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PARTON_DETAIL_ASAN 1
#endif
#endif

#ifdef PARTON_COMPILED

#if defined(__AVX512F__)
#define PARTON_DETAIL_FOR _avx512
#elif defined(__AVX2__)
#define PARTON_DETAIL_FOR _avx2
#elif defined(__AVX__)
#define PARTON_DETAIL_FOR _avx
#else
#define PARTON_DETAIL_FOR _no_avx
#endif
#ifdef PARTON_DETAIL_ASAN
#define PARTON_DETAIL_SANITIZED _with_address_sanitizer
#else
#define PARTON_DETAIL_SANITIZED
#endif
#ifdef _GLIBCXX_DEBUG
#define PARTON_DETAIL_CHECKED _with_glibcxx_debug
#else
#define PARTON_DETAIL_CHECKED
#endif
#define PARTON_DETAIL_JOIN(a, b, c) library_compiled_for##a##b##c
#define PARTON_DETAIL_NAME(a, b, c) PARTON_DETAIL_JOIN(a, b, c)
#define PARTON_DETAIL_LIBRARY \
  PARTON_DETAIL_NAME(PARTON_DETAIL_FOR, PARTON_DETAIL_SANITIZED, PARTON_DETAIL_CHECKED)

namespace parton::detail {

extern const char PARTON_DETAIL_LIBRARY;
#if PARTON_DETAIL_BODIES
const char PARTON_DETAIL_LIBRARY = 0;
#else
[[gnu::used]] static const char* const compiled_library = &PARTON_DETAIL_LIBRARY;
#endif

}  // namespace parton::detail

#undef PARTON_DETAIL_FOR
#undef PARTON_DETAIL_SANITIZED
#undef PARTON_DETAIL_CHECKED
#undef PARTON_DETAIL_JOIN
#undef PARTON_DETAIL_NAME
#undef PARTON_DETAIL_LIBRARY

#endif
