#!/usr/bin/env bash
# Harms the job system in every way of tests/chaos at full size, on SQLite and on PostgreSQL, and sums up: one line for each
# run. Arguments go to every run: `tools/chaos.sh --quick` takes a minute or two, `tools/chaos.sh --seed=7` draws anew.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh dev queue_chaos
program=build/dev/tests/chaos/queue_chaos
results=build/dev/chaos-results.txt
: >"$results"
status=0
run() {
  "$program" "$@" | tee -a "$results" || status=1
}
for database in sqlite postgresql; do
  for scenario in kills pauses parents rerun skew flush redis-kill redis-down redis-freeze client-kill sentinel; do
    run "$scenario" "--database=$database" "$@"
  done
done
run million "$@"
echo "chaos: $(grep -c 'result=ok' "$results" || true) of $(grep -c '^chaos ' "$results" || true) runs ended as promised; all lines are in $results"
exit "$status"
