#!/usr/bin/env bash
# Runs the evaluation overlay's containers with podman on this machine's network and asks every probe of every
# Deployment, as Kubernetes would; then takes everything down. Needs root, the images (deploy/images/build.sh), kubectl,
# and `tools/setup.sh dev`. Arguments name the workloads to try; default: all.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
export WORKLOADS="$*"
fail() { echo "try: $*" >&2; exit 1; }

# Processes here may not raise their limits, and podman's defaults would.
printf '[containers]\ndefault_ulimits = ["nofile=2000:2000", "nproc=1000:1000"]\n' >"$work/containers.conf"
export CONTAINERS_CONF=$work/containers.conf

cp -r deploy/k8s "$work/k8s"
rm -rf "$work/k8s/overlays/evaluation/secrets"
POSTGRESQL_HOST=127.0.0.1 "$work/k8s/overlays/evaluation/make-secrets.sh" >/dev/null
kubectl kustomize "$work/k8s/overlays/evaluation" >"$work/rendered.yaml"
node deploy/images/for-podman.mjs <"$work/rendered.yaml" >"$work/podman.yaml"
node deploy/images/for-podman.mjs --probes <"$work/rendered.yaml" >"$work/probes"

clean_up() {
  podman play kube --down "$work/podman.yaml" >/dev/null 2>&1 || true
  # That stops at the first pod it cannot take down, such as one that never started.
  podman pod ls --format '{{.Name}}' | grep -xFf <(sed -n 's/^  name: \(.*\)$/\1-pod-0/p' "$work/podman.yaml") |
    xargs -r podman pod rm -f >/dev/null 2>&1 || true
  podman volume ls -q | grep -E '^(plumbline-|postgresql-|redis-)' | xargs -r podman volume rm >/dev/null 2>&1 || true
  podman secret ls --format '{{.Name}}' | grep -E '^(plumbline-|postgresql-roles)' | xargs -r podman secret rm >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

podman play kube --network host --start=false "$work/podman.yaml" >"$work/play.log" 2>&1 || { cat "$work/play.log" >&2; fail "podman refused"; }
# This podman mounts the values of a Secret still in base64, where Kubernetes mounts what they stand for.
for volume in $(podman volume ls -q | grep -E '^(plumbline-.*-database|plumbline-redis|plumbline-queue-key|plumbline-pseudonym-key|postgresql-roles)-'); do
  folder=$(podman volume inspect --format '{{.Mountpoint}}' "$volume")
  for file in "${folder:?}"/*; do
    base64 -d "$file" >"$work/plain" && cat "$work/plain" >"$file"
  done
done
mapfile -t pods < <(grep -A1 '^Pod:' "$work/play.log" | grep -E '^[0-9a-f]{64}$')
podman pod start "${pods[@]}" >"$work/start.log" 2>&1 || { cat "$work/start.log" >&2; fail "not every pod started"; }

# The standard health contract, as kubelet speaks it (grpc.io, health checking protocol).
mkdir -p "$work/schema/grpc/health/v1"
cat >"$work/schema/grpc/health/v1/health.proto" <<'PROTO'
syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }
PROTO

# One line for each probe: workload, container, kind, port or command, and the gRPC service name asked for.
ask() {
  local workload=$1 container=$2 kind=$3 what=$4 service=${5:-}
  case "$kind" in
    grpc) tools/buf.sh curl --protocol grpc --http2-prior-knowledge --schema "$work/schema" \
      -d "{\"service\":\"$service\"}" "http://127.0.0.1:$what/grpc.health.v1.Health/Check" 2>"$work/error" | grep -q '"SERVING"' ;;
    tcp) (exec 3<>"/dev/tcp/127.0.0.1/$what") 2>"$work/error" ;;
    exec) podman exec "$workload-$container" sh -c "$what" >"$work/error" 2>&1 ;;
  esac
}
asked=0
while IFS=$'\t' read -r workload container probe kind what service; do
  deadline=$((SECONDS + 90))
  until ask "$workload" "$container" "$kind" "$what" "$service"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      podman ps -a >&2
      podman logs --tail 5 "$(podman ps -a --format '{{.Names}}' | grep "^$workload" | grep -v infra | head -n 1)" >&2 || true
      fail "$workload: $probe ($kind $what $service) does not answer: $(cat "$work/error")"
    fi
    sleep 0.5
  done
  asked=$((asked + 1))
  printf 'try: %-20s %-15s %s %s %s\n' "$workload" "$probe" "$kind" "${what:0:40}" "$service"
done <"$work/probes"
[ "$asked" -gt 0 ] || fail "there was no probe to ask"
echo "try: $asked probes answered; users: $(podman ps --format '{{.Names}}' | grep -v infra | while read -r name; do podman exec "$name" /usr/bin/id -u 2>/dev/null || podman inspect --format '{{.Config.User}}' "$name"; done | sort | uniq -c | tr -s ' \n' ' ')"
