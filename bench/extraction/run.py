#!/usr/bin/env python3
"""Runs extraction and the tokenisers in turn and prints a table: medians of the rounds, lowest and highest, ratios.

  run.py --bench PATH/extraction_bench [--rounds 5]
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OURS = {
    "words only": "BM_SplitWords",
    "questions, punctuated": "BM_FindQuestions/punctuated:1",
    "questions, no punctuation": "BM_FindQuestions/punctuated:0",
    "file to questions": "BM_ParseAndExtract",
}
PEERS = {
    "NLTK Treebank tokeniser": "treebank",
    "NLTK word and punctuation tokeniser": "wordpunct",
    "scikit-learn's token pattern": "token_pattern",
}


def run_ours(bench):
    out = subprocess.run([bench, "--benchmark_format=json", "--benchmark_min_time=0.3"], check=True, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {run["name"]: run["bytes_per_second"] for run in json.loads(out)["benchmarks"]}  # of processor time


def run_peers():
    out = subprocess.run([sys.executable, str(HERE / "nltk_peer.py"), str(HERE / "turns.txt")], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out)


def row(name, values, base):
    median = statistics.median(values)
    ratios = " | ".join(f"{median / b:,.2g}" for b in base)
    print(f"| {name} | {median / 1e6:,.1f} ({min(values) / 1e6:,.1f}-{max(values) / 1e6:,.1f}) | {ratios} |")
    return median


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours, peers = [], []
    for _ in range(options.rounds):
        ours.append(run_ours(options.bench))
        peers.append(run_peers())
    base = {name: statistics.median(p[key] for p in peers) for name, key in PEERS.items()}
    print("| | MB a second of processor time: median (lowest-highest) | " +
          " | ".join(f"times {name}" for name in base) + " |")
    print("| --- |" + " --- |" * (len(base) + 1))
    for name, key in OURS.items():
        row(name, [o[key] for o in ours], base.values())
    for name, key in PEERS.items():
        row(name, [p[key] for p in peers], base.values())


if __name__ == "__main__":
    main()
