#!/usr/bin/env bash
# Stops what up.sh started, in reverse order and with time to drain, and makes sure that nothing is left.
# Data stay for the next start; --wipe removes them.
set -euo pipefail
# shellcheck source=tools/stack.sh
. "$(dirname "$0")/stack.sh"

stopped=0
status=0
gone() { [ -z "$(pid_of "$1")" ]; }
stop() {
  local name=$1 pid
  pid=$(pid_of "$name")
  if [ -n "$pid" ]; then
    kill -TERM "$pid"
    if ! wait_until 45 gone "$name"; then
      echo "down: $name did not stop within 45 s of SIGTERM; killing it" >&2
      kill -KILL "$pid"
      wait_until 5 gone "$name" || true
      status=1
    fi
    stopped=$((stopped + 1))
    echo "down: $name stopped"
  fi
  rm -f "$run/$name.pid"
}

for ((i = ${#services[@]} - 1; i >= 0; i--)); do stop "${services[$i]}"; done
if postgres_is_up; then
  (cd / && "${as_postgres[@]}" "$postgres_bin/pg_ctl" -D "$postgres_data" -m fast -w -t 60 stop) >/dev/null
  stopped=$((stopped + 1))
  echo "down: postgresql stopped"
fi
stop redis

for name in "${services[@]}" redis; do
  gone "$name" || { echo "down: $name is still running" >&2; status=1; }
done
if postgres_is_up; then echo "down: postgresql is still running" >&2; status=1; fi
if [ "$stopped" -eq 0 ]; then echo "down: nothing was running"; fi
if [ "${1:-}" = --wipe ] && [ "$status" -eq 0 ]; then rm -rf "$run" "$postgres_data"; fi
exit "$status"
