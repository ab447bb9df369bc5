#!/usr/bin/env python3
"""Writes expected_weighted_share.txt: a share over clusters of which a sample was drawn, computed here in the plainest way,
trial by trial with a weight each, and not by our code. R: survey::svymean(~y, svydesign(ids = ~cluster, weights = ~w,
data = unit), deff = "replace") does the same.

  python3 make_weighted_share.py > expected_weighted_share.txt
"""

import math
from fractions import Fraction

# Of each session k outcomes-focused of n coded questions, drawn from N.
K = [3, 1, 2, 2, 1, 0, 1, 11, 8, 5]
SIZE = [3, 3, 4, 2, 5, 3, 7, 18, 28, 33]
IN_ALL = [3, 6, 10, 2, 20, 9, 7, 40, 35, 99]


def show(name, *values):
    print(name, ":", *(format(float(value), ".15g") for value in values))


def t_upper_tail(t, df):
    """P(T > t) by Simpson's rule over the density, after t = tan(angle)."""
    scale = math.gamma((df + 1) / 2) / (math.sqrt(df * math.pi) * math.gamma(df / 2))

    def density(angle):
        x = math.tan(angle)
        return scale * (1 + x * x / df) ** (-(df + 1) / 2) * (1 + x * x)

    low, high, steps = math.atan(t), math.pi / 2 - 1e-12, 200_000
    width = (high - low) / steps
    return width / 3 * math.fsum(density(low + i * width) * (1 if i in (0, steps) else 4 if i % 2 else 2)
                                 for i in range(steps + 1))


def t_quantile(upper, df):
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_upper_tail(middle, df) > upper else (low, middle)
    return (low + high) / 2


trials = [(cluster, Fraction(big, size), 1 if i < k else 0)
          for cluster, (k, size, big) in enumerate(zip(K, SIZE, IN_ALL)) for i in range(size)]
weight = sum(w for _, w, _ in trials)
share = sum(w * y for _, w, y in trials) / weight
assert share == sum(Fraction(k * big, size) for k, size, big in zip(K, SIZE, IN_ALL)) / sum(IN_ALL)
clusters = len(K)
within = [sum(w * (y - share) for c, w, y in trials if c == cluster) for cluster in range(clusters)]
variance = Fraction(clusters, clusters - 1) * sum(r * r for r in within) / weight ** 2
se = math.sqrt(variance)
show("weighted share, se", share, se)
q = t_quantile(0.025, clusters - 1)
show("t quantile .975, 9 df", q)
show("weighted t interval", float(share) - q * se, float(share) + q * se)
half = q * se / float(share * (1 - share))
logit = math.log(share / (1 - share))
show("weighted logit interval", *(1 / (1 + math.exp(-(logit + side * half))) for side in (-1, 1)))
show("design effect", variance / (share * (1 - share) / (len(trials) - 1)))
