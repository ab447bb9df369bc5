#!/usr/bin/env bash
# Measures question coding at full size on a PostgreSQL of its own (bench/README.md). Arguments go to the program:
# `tools/bench_coding.sh --scale=0.01` for a quick look. Full size needs 20 GB in /tmp and wants the machine for itself.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -B build/bench -DPLUMBLINE_BENCH=ON >/dev/null
cmake --build build/bench --target coding_scale_bench
build/bench/bench/coding_scale/coding_scale_bench "$@"
