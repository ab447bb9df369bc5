#!/usr/bin/env bash
# Builds the benchmarks with the release flags into build/bench and runs each; arguments go to every benchmark.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -B build/bench -DPLUMBLINE_BENCH=ON >/dev/null
cmake --build build/bench
find build/bench/bench -maxdepth 1 -type f -name '*_bench' -perm -u+x | sort | while read -r program; do
  echo "== ${program##*/}"
  "$program" "$@"
done
