#!/usr/bin/env bash
# The gates of the contracts: lint (STANDARD and COMMENTS) and no breaking change since the last release.
#   tools/check_protos.sh [ROOT]     ROOT holds buf.yaml and protos/; default: this repository
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$tools/..}"
status=0
"$tools/buf.sh" lint || status=1
"$tools/buf.sh" breaking --against protos/baseline.txtpb || status=1
exit "$status"
