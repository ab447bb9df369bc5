#!/usr/bin/env bash
# Builds the dev preset, runs every test and sums up. PRESET=asan-ubsan or tsan runs them instrumented; arguments go to
# ctest, so `tools/test.sh -L unit` runs one group.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${PRESET:-dev}
tools/build.sh "$preset"
results=$PWD/build/$preset/test-results
rm -rf "$results"
mkdir -p "$results"
# Tests on the real transcripts run where a folder with them stands beside the repository; elsewhere they say why not.
if [ -z "${PLUMBLINE_SHARED:-}" ] && [ -d ../shared/transcripts ]; then
  PLUMBLINE_SHARED=$(cd ../shared && pwd)
  export PLUMBLINE_SHARED
fi
status=0
# Every GoogleTest program writes its cases into one XML file; the summary counts them.
GTEST_OUTPUT=xml:$results/ ctest --test-dir "build/$preset" -j2 --output-on-failure \
  --output-junit "$results/ctest.junit" "$@" || status=$?
ctest --test-dir "build/$preset" --show-only=json-v1 "$@" >"$results/tests.json"
python3 tools/test_summary.py "$results"
exit "$status"
