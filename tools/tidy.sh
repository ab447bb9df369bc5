#!/usr/bin/env bash
# clang-tidy over the C++ files that changed since a commit (SINCE, default: the one before this), or over all (TIDY=all).
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${TIDY:-}" = all ]; then
  mapfile -t files < <(tools/sources.sh | grep '\.cc$')
else
  since=${SINCE:-$(git rev-parse --verify -q HEAD~1 || git hash-object -t tree /dev/null)}
  mapfile -t files < <({ git diff --name-only --diff-filter=d "$since"; git ls-files --others --exclude-standard; } | sort -u |
    grep '\.cc$' || true)
fi
cmake --preset tidy >/dev/null
# Generated headers first; nothing else is built.
ninja -C build/tidy -t targets all | sed -n 's/^\([^:]*\.pb\.h\): .*/\1/p' | xargs -r ninja -C build/tidy >/dev/null
# Files that this build does not compile (fuzz targets, benchmarks) have no command to check them by.
mapfile -t files < <(printf '%s\n' "${files[@]}" | while read -r file; do
  if [ -n "$file" ] && grep -qF "$PWD/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
done)
if [ "${#files[@]}" -eq 0 ]; then echo "tidy: no C++ file changed"; exit 0; fi
echo "tidy: ${#files[@]} files"
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" \
  clang-tidy -p build/tidy --quiet --extra-arg=-Wno-unknown-warning-option 2> >(grep -v 'warnings\? generated\|^Suppressed\|^Use -header' >&2 || true)
