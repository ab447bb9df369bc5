#!/usr/bin/env bash
# Configures and builds one preset of CMakePresets.json: tools/build.sh <preset> [target...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:?"usage: tools/build.sh <preset> [target...]"}
shift
log=build/$preset.configure.log
mkdir -p build
started=$SECONDS
cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cmake --build "build/$preset" ${1:+--target "$@"}
echo "build: preset '$preset' is up to date ($((SECONDS - started)) s)"
