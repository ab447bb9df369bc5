#!/usr/bin/env bash
# The main job on real input: both published evaluations held against their own arithmetic, then a whole synthetic trial
# (or, with TRANSCRIPTS=<folder>, also real transcripts) through all services over gRPC, with a real Redis queue.
set -euo pipefail
cd "$(dirname "$0")/.."
plumbline=build/release/bin/plumbline
out=demo-out
address=unix:$PWD/$out/gateway.sock
rm -rf "$out"
mkdir -p "$out"

echo "== Starting Plumbline (four services, SQLite, a Redis of its own)"
build/release/bin/plumbline-standalone --folder "$out/data" --listen "$address" >"$out/plumbline.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  "$plumbline" health --address "$address" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$out/plumbline.log"; exit 1; }
done
"$plumbline" health --address "$address"

ledgers=()
for file in examples/pilot/*.json examples/focus-on-practice/*.json; do ledgers+=(--ledger "$file"); done

echo
echo "== Two published evaluations, every printed figure recomputed"
"$plumbline" check --address "$address" examples/pilot/*.json examples/focus-on-practice/*.json

if [ -n "${TRANSCRIPTS:-}" ]; then
  echo "== Transcripts in $TRANSCRIPTS"
  "$plumbline" transcripts "$TRANSCRIPTS" --address "$address" --out "$out/transcripts"
  echo
fi

echo "== A synthetic trial, from recorded sessions to one combined report"
"$plumbline" run examples/trial --address "$address" --out "$out" "${ledgers[@]}"
echo
echo "Open $out/report.html"
