// SPDX-License-Identifier: MIT
#pragma once

/// \file What a header leaves out in a program that links parton's compiled form (see
/// compiled.hpp). There, PARTON_COMPILED is defined for the whole program, and
/// PARTON_COMPILED_SOURCE for the one source that holds the rest.
///
///     #if PARTON_DETAIL_BODIES
///     PARTON_DETAIL_INLINE void TreeNode::append(Child child) { ... }
///     #endif
///
/// Without PARTON_COMPILED, headers are all that there is, and PARTON_DETAIL_INLINE is `inline`.

#if defined(PARTON_COMPILED_SOURCE) && !defined(PARTON_COMPILED)
#define PARTON_COMPILED
#endif

#if defined(PARTON_COMPILED) && !defined(PARTON_COMPILED_SOURCE)
#define PARTON_DETAIL_BODIES 0
#else
#define PARTON_DETAIL_BODIES 1
#endif

#ifdef PARTON_COMPILED
#define PARTON_DETAIL_INLINE
#else
#define PARTON_DETAIL_INLINE inline
#endif
