#!/usr/bin/env bash
# Runs the pinned buf. Its npm package is one plain binary for each processor.
set -euo pipefail
case "$(uname -m)" in
  x86_64) cpu=x64 ;;
  aarch64) cpu=aarch64 ;;
  *) echo "buf: no pinned binary for $(uname -m)" >&2; exit 1 ;;
esac
buf=$(dirname "$0")/../node_modules/@bufbuild/buf-linux-$cpu/bin/buf
[ -x "$buf" ] || { echo "buf: not installed; run tools/setup.sh test" >&2; exit 1; }
exec "$buf" "$@"
