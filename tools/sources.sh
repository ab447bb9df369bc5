#!/usr/bin/env bash
# Lists our own C++ files (tracked or new, never generated or ignored), one a line.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard -- '*.cc' '*.h' | while read -r file; do
  if [ -f "$file" ]; then echo "$file"; fi
done
