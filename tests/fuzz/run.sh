#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the fuzzers, three at a time, each for so many seconds, and fails if one finds anything:
#   tests/fuzz/run.sh SECONDS [TARGET...]
# A finding is a crash, a sanitizer's report, an exception that is no parton::Error, a promise that
# did not hold, an allocation of 64 MB for a file of 4 kB, or an input that takes 30 s. The corpus
# stays in build/fuzz/corpus for the next time. A file that was found goes into
# tests/fuzz/crashes/TARGET, where the tests replay it.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
targets=("$@")
[ $# -gt 0 ] || targets=(safetensors numpy params rename checkpoint initializer)
programs=$PWD/build/fuzz/tests/fuzz
out=$PWD/build/fuzz/corpus
mkdir -p "$out"
# The files that are read lie in memory, where there is such a folder.
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
export ASAN_OPTIONS=malloc_context_size=8:quarantine_size_mb=16

run_one() {
  local target=$1 starts=("$out/$1" "$out/seeds_$1")
  if [ -d "tests/fuzz/crashes/$target" ]; then starts+=("tests/fuzz/crashes/$target"); fi
  mkdir -p "$out/$target" "$out/found"
  "$programs/fuzz_$target" --seeds "$out/seeds_$target"
  "$programs/fuzz_$target" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=512 \
    -malloc_limit_mb=64 -max_len=4096 -print_final_stats=1 -artifact_prefix="$out/found/$target-" \
    -dict="tests/fuzz/dictionaries/$target.dict" "${starts[@]}" >"$out/$target.log" 2>&1 </dev/null
}

failed=()
wait_for_one() {
  local done_one status=0
  wait -n -p done_one || status=$?
  local target=${running[$done_one]}
  unset "running[$done_one]"
  grep -h -E '^#[0-9]+.*DONE' "$out/$target.log" | sed "s/^/$target: /" || true
  if [ "$status" != 0 ]; then
    failed+=("$target")
    tail -n 60 "$out/$target.log" >&2
  fi
}
declare -A running=()
for target in "${targets[@]}"; do
  if [ ${#running[@]} -ge 3 ]; then wait_for_one; fi
  run_one "$target" &
  running[$!]=$target
done
while [ ${#running[@]} -gt 0 ]; do wait_for_one; done
if [ ${#failed[@]} -gt 0 ]; then
  echo "findings of ${failed[*]}, in $out/found" >&2
  exit 1
fi
