#!/usr/bin/env bash
# Every check that needs no test run. Changes nothing (`make fmt` does); names each check and what it found.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=()
check() {
  local name=$1 started=$SECONDS status=0
  shift
  echo "== $name"
  "$@" || status=$?
  case "$status" in
    0) echo "== $name: good ($((SECONDS - started)) s)" ;;
    77) echo "== $name: skipped, for the reason above" ;;
    *) failed+=("$name") ; echo "== $name: FAILED" ;;
  esac
}
cpp_format() { tools/sources.sh | xargs -r clang-format --dry-run -Werror; }
scripts() { git ls-files -- '*.sh' .ci/run 'deploy/images/*-entrypoint' | xargs -r shellcheck -x; }

check "C++ format" cpp_format
check "proto format" tools/buf.sh format --diff --exit-code
check "layering" tools/check_layering.py
check "contracts" tools/check_protos.sh
check "manifests" node tools/check_manifests.mjs
check "shell scripts" scripts
check "clang-tidy" tools/tidy.sh

if [ "${#failed[@]}" -gt 0 ]; then
  echo "check: failed: ${failed[*]}"
  exit 1
fi
echo "check: everything is good"
