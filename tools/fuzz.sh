#!/usr/bin/env bash
# Fuzzes every parser of outside input, two at a time: tools/fuzz.sh [seconds each, default 600] [target ...]. What a
# target learned stays in build/fuzz/corpus and is where the next run goes on. One line for each target; the input that
# broke one is named and kept. Exit code 1 when one broke.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
[[ "$seconds" =~ ^[1-9][0-9]*$ ]] || { echo "usage: tools/fuzz.sh [seconds] [target ...]" >&2; exit 2; }
shift || true
tools/build.sh fuzz fuzzers
targets=("$@")
if [ "$#" -eq 0 ]; then
  mapfile -t targets < <(find build/fuzz/fuzz -maxdepth 1 -type f -executable -printf '%f\n' | sort)
fi

run_one() {
  local seconds=$1 name=$2 corpus=build/fuzz/corpus/$2 log=build/fuzz/$2.log status=0
  mkdir -p "$corpus"
  "build/fuzz/fuzz/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$name-" "$corpus" >"$log" 2>&1 || status=$?
  local runs
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  if [ "$status" -eq 0 ]; then
    echo "$name: $seconds s, $runs inputs, nothing found"
  else
    echo "$name: BROKE (exit code $status): $(grep -o "Test unit written to .*" "$log" || tail -1 "$log")"
    return 1
  fi
}
export -f run_one
printf '%s\n' "${targets[@]}" | xargs -P2 -I{} bash -c 'run_one "$@"' _ "$seconds" {} || exit 1
