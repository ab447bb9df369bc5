#!/usr/bin/env bash
# Measures how fast questions are found beside tokenisers of NLTK (python3-nltk) and scikit-learn's token pattern, on the
# same text in one run, and prints the table of bench/README.md. Arguments go to bench/extraction/run.py: --rounds 3.
set -euo pipefail
cd "$(dirname "$0")/.."
# Debian's Python, which has Debian's packages; another one may stand before it in PATH.
python=/usr/bin/python3
if ! "$python" -c 'import nltk' 2>/dev/null; then
  echo "bench_extraction: python3-nltk is missing: apt-get install python3-nltk" >&2
  exit 1
fi
cmake --preset release -B build/bench -DPLUMBLINE_BENCH=ON >/dev/null
cmake --build build/bench --target extraction_bench
"$python" bench/extraction/run.py --bench build/bench/bench/extraction_bench "$@"
