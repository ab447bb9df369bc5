#!/usr/bin/env bash
# Starts Redis, PostgreSQL and the four services as separate processes on loopback, and waits until each is ready.
# What runs already is left running. Logs, pid files, settings and secrets are in build/run.
set -euo pipefail
# shellcheck source=tools/stack.sh
. "$(dirname "$0")/stack.sh"

say() { printf 'up: %-12s %s\n' "$1" "$2"; }
fail() { printf 'up: %s\n' "$*" >&2; exit 1; }

[ -n "$postgres_bin" ] || fail "PostgreSQL is not installed: run tools/setup.sh up"
for service in "${services[@]}"; do
  [ -x "$bin/plumbline-$service" ] || fail "$bin/plumbline-$service is not built: run tools/build.sh release"
done
umask 077
mkdir -p "$run/logs" "$run/secrets" "$run/redis"
# A key ring for this user only: the one that payloads in Redis are encrypted with, and the one of pseudonyms.
key_ring() { [ -s "$run/secrets/$1" ] || printf 'k1 %s\n' "$(head -c 32 /dev/urandom | base64)" >"$run/secrets/$1"; }
secret() { [ -s "$run/secrets/$1" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$run/secrets/$1"; }
free() { ! answers "$2" || fail "port $2 is taken by another program, and $1 needs it (PLUMBLINE_${1^^}_PORT changes it)"; }
# Started in its own session with its output in a log; the pid is the program's own.
start() {
  local name=$1
  shift
  setsid "$@" </dev/null >>"$run/logs/$name.log" 2>&1 &
  echo $! >"$run/$name.pid"
}

start_redis() {
  secret redis-password
  if [ -n "$(pid_of redis)" ]; then say redis "is running"; return; fi
  free redis "$redis_port"
  cat >"$run/redis/redis.conf" <<CONF
bind 127.0.0.1
port $redis_port
dir "$run/redis"
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
requirepass $(cat "$run/secrets/redis-password")
CONF
  start redis redis-server "$run/redis/redis.conf"
  redis_is_ready() { REDISCLI_AUTH=$(cat "$run/secrets/redis-password") redis-cli -p "$redis_port" ping 2>/dev/null | grep -q PONG; }
  wait_until 30 redis_is_ready || fail "Redis does not answer; see $run/logs/redis.log"
  say redis "127.0.0.1:$redis_port, append-only, with a password"
}

start_postgres() {
  local service
  for service in "${services[@]}"; do
    secret "$service-password"
    printf 'postgresql://%s:%s@127.0.0.1:%s/%s' "$service" "$(cat "$run/secrets/$service-password")" "$postgres_port" "$service" \
      >"$run/secrets/$service-database-url"
  done
  if postgres_is_up; then say postgresql "is running"; return; fi
  free postgres "$postgres_port"
  if [ ! -s "$postgres_data/PG_VERSION" ]; then
    if [ "$(id -u)" -eq 0 ]; then install -d -m 700 -o postgres -g postgres "$postgres_data"; fi
    (cd / && "${as_postgres[@]}" "$postgres_bin/initdb" -D "$postgres_data" -U postgres -E UTF8 --locale=C.UTF-8 \
      --auth-local=peer --auth-host=scram-sha-256) >>"$run/logs/initdb.log" 2>&1 || fail "initdb failed; see $run/logs/initdb.log"
    # The owner of the data folder is the superuser, over the socket inside that folder and only there.
    printf 'local all postgres peer map=owner\nhost all all 127.0.0.1/32 scram-sha-256\n' |
      "${as_postgres[@]}" tee "$postgres_data/pg_hba.conf" >/dev/null
    printf 'owner %s postgres\n' "$("${as_postgres[@]}" id -un)" | "${as_postgres[@]}" tee "$postgres_data/pg_ident.conf" >/dev/null
  fi
  (cd / && "${as_postgres[@]}" "$postgres_bin/pg_ctl" -D "$postgres_data" -l "$postgres_data/server.log" -w -t 60 start -o \
    "-c listen_addresses=127.0.0.1 -c port=$postgres_port -c unix_socket_directories=$postgres_data") >/dev/null ||
    fail "PostgreSQL does not start; see $postgres_data/server.log"
  # One role and one database for each service; passwords go in by standard input, never by the process list.
  for service in "${services[@]}"; do
    printf "\\\\set role %s\n\\\\set password %s\n%s\n" "$service" "$(cat "$run/secrets/$service-password")" "
      SELECT format('CREATE ROLE %I LOGIN', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
      ALTER ROLE :\"role\" PASSWORD :'password';
      SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'role')
        WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \\gexec"
  done | (cd / && "${as_postgres[@]}" psql -X -q -v ON_ERROR_STOP=1 -h "$postgres_data" -p "$postgres_port" -U postgres postgres)
  say postgresql "127.0.0.1:$postgres_port, one database for each service, data in $postgres_data"
}

is_ready() {
  local service=$1
  kill -0 "$(cat "$run/$service.pid")" 2>/dev/null || fail "$service stopped while starting: $(tail -n 3 "$run/logs/$service.log")"
  "$bin/plumbline" health --address "127.0.0.1:${port_of[$service]}" >/dev/null 2>&1
}

start_service() {
  local service=$1 port=${port_of[$1]}
  if [ -n "$(pid_of "$service")" ]; then say "$service" "is running"; return; fi
  ! answers "$port" || fail "port $port is taken by another program, and $service needs it"
  start "$service" env \
    PLUMBLINE_ROLE=all \
    PLUMBLINE_LISTEN="127.0.0.1:$port" \
    PLUMBLINE_DATABASE_URL_FILE="$run/secrets/$service-database-url" \
    PLUMBLINE_REDIS_ADDRESS="127.0.0.1:$redis_port" \
    PLUMBLINE_REDIS_PASSWORD_FILE="$run/secrets/redis-password" \
    PLUMBLINE_QUEUE_KEY_FILE="$run/secrets/queue-key" \
    PLUMBLINE_PSEUDONYM_KEY_FILE="$run/secrets/pseudonym-key" \
    PLUMBLINE_METRICS_LISTEN="127.0.0.1:${metrics_port_of[$service]}" \
    PLUMBLINE_DATA_DIR="$repository/data" \
    PLUMBLINE_LOG_LEVEL="${PLUMBLINE_LOG_LEVEL:-info}" \
    PLUMBLINE_CODING_ADDRESS="127.0.0.1:${port_of[coding]}" \
    PLUMBLINE_INSTRUMENTS_ADDRESS="127.0.0.1:${port_of[instruments]}" \
    PLUMBLINE_ECONOMICS_ADDRESS="127.0.0.1:${port_of[economics]}" \
    "$bin/plumbline-$service"
  wait_until 60 is_ready "$service" || fail "$service is not ready after 60 s; see $run/logs/$service.log"
  say "$service" "127.0.0.1:$port is ready, metrics at http://127.0.0.1:${metrics_port_of[$service]}/metrics"
}

key_ring queue-key
key_ring pseudonym-key
start_redis
start_postgres
for service in "${services[@]}"; do start_service "$service"; done
echo "up: everything runs; logs are in $run/logs; the gateway is at 127.0.0.1:${port_of[gateway]}; stop with: make down"
