# Shared by up.sh and down.sh: where the local stack lives and how its processes are told from other ones.
# shellcheck shell=bash disable=SC2034  # used by the scripts that read this file

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=${PLUMBLINE_BIN:-$repository/build/release/bin}
run=${PLUMBLINE_RUN:-$repository/build/run}
redis_port=${PLUMBLINE_REDIS_PORT:-7379}
postgres_port=${PLUMBLINE_POSTGRES_PORT:-7432}
services=(coding instruments economics gateway)  # in the order they start
declare -A port_of=([gateway]=7000 [coding]=7001 [instruments]=7002 [economics]=7003)
declare -A metrics_port_of=([gateway]=7200 [coding]=7201 [instruments]=7202 [economics]=7203)

# PostgreSQL refuses to run as root and its account must reach its files, which a clone under /root may not allow.
if [ "$(id -u)" -eq 0 ]; then
  postgres_data=/var/tmp/plumbline-postgres-$(printf %s "$run" | cksum | cut -d' ' -f1)
  as_postgres=(runuser -u postgres --)
else
  postgres_data=$run/postgres
  as_postgres=()
fi
postgres_bin=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1)

# pid of a process that `up` started, or nothing: the file may be stale and its number somebody else's by now.
pid_of() {
  local name=$1 pid
  pid=$(cat "$run/$name.pid" 2>/dev/null) || return 0
  if [ "$(readlink "/proc/$pid/exe" 2>/dev/null | sed 's/ (deleted)$//')" = "$(program_of "$name")" ]; then echo "$pid"; fi
}

program_of() {
  case "$1" in
    redis) readlink -f "$(command -v redis-server)" ;;
    *) readlink -m "$bin/plumbline-$1" ;;
  esac
}

postgres_is_up() { [ -d "$postgres_data" ] && "${as_postgres[@]}" "$postgres_bin/pg_ctl" -D "$postgres_data" status >/dev/null 2>&1; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# wait_until <seconds> <command...>: true as soon as the command is.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
