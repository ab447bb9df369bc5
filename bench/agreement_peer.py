#!/usr/bin/env python3
"""Bootstraps Krippendorff's nominal alpha with NumPy, as the peer of agreement_bench.

usage: agreement_peer.py TABLE REPLICATES TIMED_REPLICATES SECONDS_OF_OURS

TABLE holds units x 3 codes, one byte each, 255 where missing. Two ways:
- by units: draw units, add up their counts of values (units x categories, made once), alpha from the coincidences. This is
  what a bootstrap around a vectorised alpha does. TIMED_REPLICATES of them are timed and scaled to REPLICATES.
- by rows: our own shortcut in NumPy, for comparison: distinct rows once, all replicates from one multinomial call.
"""
import sys
import time

import numpy as np


def alpha_from_counts(counts, weights):
    """counts: rows x categories; weights: replicates x rows. Nominal alpha of each replicate."""
    coded = counts.sum(axis=1)
    pairable = coded > 1
    counts, coded, weights = counts[pairable], coded[pairable], weights[:, pairable]
    agreeing = (counts * (counts - 1)).sum(axis=1) / (coded - 1)
    margins = weights @ counts
    n = margins.sum(axis=1)
    observed = n - weights @ agreeing
    expected = (n * n - (margins * margins).sum(axis=1)) / (n - 1)
    return 1 - observed / expected


def by_units(counts, random, replicates):
    units = len(counts)
    values = np.empty(replicates)
    one = np.ones((1, units))
    for i in range(replicates):
        values[i] = alpha_from_counts(counts[random.integers(units, size=units)], one)[0]
    return values


def by_rows(codes, random, replicates):
    rows, occurs = np.unique(codes, axis=0, return_counts=True)
    counts = np.stack([(rows == c).sum(axis=1) for c in (0, 1)], axis=1)
    drawn = random.multinomial(len(codes), occurs / len(codes), size=replicates)
    return alpha_from_counts(counts, drawn)


def report(name, seconds, values, ours):
    low, high = np.quantile(values, [0.025, 0.975])
    print(f"{name}: {seconds:.4f} s, 95 % interval {low:.6f} to {high:.6f}, standard error {values.std(ddof=1):.6f}; "
          f"ours on one thread is {seconds / ours:.1f} times as fast")


def main():
    path, replicates, timed, ours = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    codes = np.fromfile(path, dtype=np.uint8).reshape(-1, 3)
    random = np.random.default_rng(1)
    counts = np.stack([(codes == c).sum(axis=1) for c in (0, 1)], axis=1).astype(float)
    start = time.perf_counter()
    values = by_units(counts, random, timed)
    seconds = (time.perf_counter() - start) * replicates / timed
    report(f"NumPy {np.__version__}, by units (scaled from {timed} replicates)", seconds, values, ours)
    best = None
    for _ in range(3):
        start = time.perf_counter()
        values = by_rows(codes, random, replicates)
        seconds = time.perf_counter() - start
        best = seconds if best is None else min(best, seconds)
    report("NumPy, by distinct rows as ours (best of 3)", best, values, ours)


if __name__ == "__main__":
    main()
