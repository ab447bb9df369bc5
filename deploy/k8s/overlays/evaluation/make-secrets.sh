#!/bin/sh
# Makes the passwords and the keys of the evaluation overlay, once, as files only you can read. Git ignores them; back them up like
# any other secret. Existing files are kept, so that a running database stays reachable.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
[ -s secrets/redis-password ] || random >secrets/redis-password
[ -s secrets/queue-key ] || printf 'k1 %s\n' "$(head -c 32 /dev/urandom | base64)" >secrets/queue-key
[ -s secrets/pseudonym-key ] || printf 'k1 %s\n' "$(head -c 32 /dev/urandom | base64)" >secrets/pseudonym-key
for service in coding instruments economics gateway; do
  [ -s "secrets/$service-password" ] || random >"secrets/$service-password"
  printf 'postgresql://%s:%s@%s:5432/%s' "$service" "$(cat "secrets/$service-password")" "${POSTGRESQL_HOST:-postgresql}" \
    "$service" >"secrets/$service-database-url"
done
echo "secrets: $(pwd)/secrets holds $(find secrets -type f | wc -l) files"
