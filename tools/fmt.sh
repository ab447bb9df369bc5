#!/usr/bin/env bash
# Formats every C++ file (.clang-format) and every proto (buf) in place.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/sources.sh | xargs -r clang-format -i
tools/buf.sh format -w
echo "fmt: done"
