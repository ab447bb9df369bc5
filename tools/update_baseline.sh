#!/usr/bin/env bash
# Records today's contracts as the released ones, which `buf breaking` then holds every later change against.
# Run when a release is tagged (protos/README.md), never to silence the gate.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/buf.sh lint
tools/buf.sh build --exclude-source-info -o protos/baseline.txtpb
echo "baseline: protos/baseline.txtpb is up to date"
