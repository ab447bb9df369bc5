#!/usr/bin/env bash
# The main job on real input: both published evaluations held against their own arithmetic, then a whole synthetic trial
# (or, with TRANSCRIPTS=<folder>, also real transcripts) through all services over gRPC, with a real Redis queue.
set -euo pipefail
cd "$(dirname "$0")/.."
plumbline=build/release/bin/plumbline
out=demo-out
rm -rf "$out"
mkdir -p "$out"

echo "== Starting Plumbline (four services, SQLite, a Redis of its own)"
build/release/bin/plumbline-standalone --folder "$out/data" --listen 127.0.0.1:0 >"$out/plumbline.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
# The first line says on which free port it listens; it is printed when everything is ready.
until address=$(sed -n 's/^Plumbline is ready at \([^,]*\),.*/\1/p' "$out/plumbline.log") && [ -n "$address" ]; do
  kill -0 "$server" 2>/dev/null || { cat "$out/plumbline.log"; exit 1; }
  read -rt 0.1 <> <(:) || true
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
