#!/usr/bin/env python3
"""Writes expected.txt: values that the tests of this folder hold, computed here in the plainest way, loops over pairs of
codes in exact fractions, and not by our code.

  python3 make_reference.py > expected.txt
"""

from fractions import Fraction


def show(name, *values):
    print(name, ":", *(format(float(value), ".15g") for value in values))


def linear(i, j, q):
    return 1 - Fraction(abs(i - j), q - 1)


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def kappa(observed, expected):
    return (observed - expected) / (1 - expected)


def cohen(pairs, q):
    """Expected: every first code against every second one."""
    return kappa(mean(linear(a, b, q) for a, b in pairs), mean(linear(a, b, q) for a, _ in pairs for _, b in pairs))


def scott(pairs, q):
    """Expected: every code against every code, itself among them."""
    codes = [code for pair in pairs for code in pair]
    return kappa(mean(linear(a, b, q) for a, b in pairs), mean(linear(a, b, q) for a in codes for b in codes))


def observed(rows, q):
    """Of each unit with two codes or more the mean over ordered pairs of coders."""
    present = [[code for code in row if code is not None] for row in rows]
    return mean(mean(linear(a, b, q) for i, a in enumerate(row) for j, b in enumerate(row) if i != j)
                for row in present if len(row) > 1)


def shares(rows, q):
    present = [[code for code in row if code is not None] for row in rows]
    return [mean(Fraction(row.count(k), len(row)) for row in present if row) for k in range(q)]


def fleiss(rows, q):
    """Gwet's generalisation to missing codes and weights."""
    pi = shares(rows, q)
    return kappa(observed(rows, q), sum(linear(k, l, q) * pi[k] * pi[l] for k in range(q) for l in range(q)))


def ac2(rows, q):
    pi = shares(rows, q)
    total = sum(linear(k, l, q) for k in range(q) for l in range(q))
    return kappa(observed(rows, q), total / (q * (q - 1)) * sum(p * (1 - p) for p in pi))


def majority(codes):
    codes = [code for code in codes if code is not None]
    for code in codes:
        if 2 * codes.count(code) > len(codes):
            return code
    return None


# Three coders, twelve items, four ordered entries; None: no code.
N = None
ORDINAL = [(0, 0, 0), (1, 1, 2), (2, 2, 2), (3, 3, 3), (0, 1, 0), (2, 3, 3), (1, 2, 1), (3, 1, 2), (0, N, 0), (2, 2, N),
           (2, 0, 1), (3, 3, 2)]
first_two = [(a, b) for a, b, _ in ORDINAL if a is not None and b is not None]
show("ordinal, coders 1 and 2, linear: cohen scott ac2", cohen(first_two, 4), scott(first_two, 4), ac2(first_two, 4))
show("ordinal, all coders, linear: fleiss ac2", fleiss(ORDINAL, 4), ac2(ORDINAL, 4))
against = [(row[0], majority(row[1:])) for row in ORDINAL]
against = [(own, other) for own, other in against if own is not None and other is not None]
show("ordinal, coder 1 against the majority of the others, linear: items cohen", len(against), cohen(against, 4))

# A coder's first and second looks.
LOOKS = [(0, 0), (1, 1), (1, 2), (2, 3), (3, 3), (0, 1), (2, 2), (3, 1)]
show("looks at four ordered entries, linear: cohen ac2", cohen(LOOKS, 4), ac2(LOOKS, 4))
NUMBERS = [(9, 9), (9, 10), (10, 100), (100, 100), (100, 9), (10, 10), (9, 9)]
rank = {number: place for place, number in enumerate(sorted({number for pair in NUMBERS for number in pair}))}
ranked = [(rank[a], rank[b]) for a, b in NUMBERS]
show("looks at numbers, linear by rank: cohen ac2", cohen(ranked, len(rank)), ac2(ranked, len(rank)))
RATINGS = [(1, 1), (2, 3), (5, 4), (3, 3), (4, 4), (2, 2), (5, 3)]
show("looks at ratings 1 to 5, linear: cohen ac2", cohen([(a - 1, b - 1) for a, b in RATINGS], 5),
     ac2([(a - 1, b - 1) for a, b in RATINGS], 5))
