#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The table of random bits, made with each compiler that is there, at -O0 and -O3, for the plain and
# for this machine's instruction set, with flags that let a compiler fuse and regroup floating
# arithmetic, without intrinsics, with one thread and two: each time equal to bits.txt.
# `bits.sh --write` writes bits.txt anew.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

eigen=$(pkg-config --cflags eigen3 2>/dev/null || echo -I/usr/include/eigen3)
flags=("-O0" "-O3" "-O0 -march=native" "-O3 -march=native" "-O2 -march=native -ffast-math"
  "-O1 -DPARTON_PORTABLE_LANES")

build() {  # compiler, flags, program
  # shellcheck disable=SC2086
  $1 -std=c++20 $2 -I../../include $eigen bits.cpp -o "$3" -pthread
}

check() {  # compiler
  local one threads bad=0
  for one in "${flags[@]}"; do
    build "$1" "$one" "$work/$1" || return 1
    for threads in 1 2; do
      timeout 100 "$work/$1" "$threads" >"$work/$1.table" || bad=1
      if ! diff bits.txt "$work/$1.table" >"$work/$1.diff"; then
        echo "DIFFERENT: $1 $one, $threads threads: $(grep -c '^[<>]' "$work/$1.diff") lines, such as"
        head -n 4 "$work/$1.diff"
        bad=1
      fi
    done
  done
  return "$bad"
}

if [ "${1:-}" = --write ]; then
  build g++ -O1 "$work/write"
  "$work/write" 1 >bits.txt
fi

checks=() compilers=()
for compiler in g++ clang++-14; do
  if command -v "$compiler" >/dev/null; then
    check "$compiler" &
    checks+=($!) compilers+=("$compiler")
  else
    echo "not there, so left out: $compiler"
  fi
done
failed=0
for job in "${checks[@]}"; do wait "$job" || failed=1; done
if [ "$failed" -ne 0 ] || [ "${#checks[@]}" -eq 0 ]; then
  echo "the random bits differ" >&2
  exit 1
fi
echo "equal to bits.txt: ${compilers[*]}, each with ${#flags[@]} sets of flags, one and two threads"
