#!/usr/bin/env bash
# Measures our job queue against BullMQ on equal Redis servers and prints the tables of bench/README.md. BullMQ is
# installed into build/bench-queue, as pinned by bench/queue/bullmq/package-lock.json. Arguments go to bench/queue/run.mjs:
# `tools/bench_queue.sh --scale=0.1 --rounds=2` for a quick look. Wants the machine for itself.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release -B build/bench -DPLUMBLINE_BENCH=ON >/dev/null
cmake --build build/bench --target queue_bench
folder=build/bench-queue
mkdir -p "$folder"
cp bench/queue/bullmq/* "$folder/"
# A copy of the lock beside what was installed says whether it is still right. `npm ci` would refuse the lock: it holds
# the native parts (all optional) of some platforms only.
if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
  npm install --no-save --silent --no-audit --no-fund --prefix "$folder"
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
fi
node bench/queue/run.mjs --ours="$PWD/build/bench/bench/queue/queue_bench" --bullmq="$PWD/$folder" --out="$folder" "$@"
