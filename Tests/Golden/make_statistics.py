#!/usr/bin/env python3
"""Figures of statistics: statistics.json beside this file. SciPy only.

McNemar's exact p is scipy.stats.binomtest's with 1/2, paired differences are scipy.stats.ttest_rel's,
Wilson's interval is binomtest's proportion_ci.

    python3 Tests/Golden/make_statistics.py
"""
import json
import pathlib

import numpy as np
from scipy import stats

rng = np.random.default_rng(16)

mcnemar = [
    {"first": b, "second": c, "p": stats.binomtest(b, b + c, 0.5).pvalue if b + c else 1.0}
    for b, c in [(0, 0), (0, 1), (3, 3), (1, 9), (9, 1), (12, 30), (40, 41), (100, 162), (2, 400),
                 (5000, 5200), (3, 20000)]
]


def paired(n, shift, scale):
    a = np.round(rng.normal(0.9, scale, n), 4)
    b = np.round(a + rng.normal(shift, scale, n), 4)
    found = stats.ttest_rel(b, a)
    low, high = found.confidence_interval(0.95)
    return {"first": a.tolist(), "second": b.tolist(), "mean": float((b - a).mean()),
            "deviation": float((b - a).std(ddof=1)), "low": float(low), "high": float(high),
            "p": float(found.pvalue)}


means = [paired(2, 0.02, 0.01), paired(3, 0, 0.01), paired(5, 0.01, 0.01), paired(30, 0.004, 0.02),
         paired(200, 0.05, 0.01)]
quantiles = [{"freedom": v, "p": p, "t": float(stats.t.isf(p / 2, v))}
             for v in [1, 2, 4, 9, 29, 500] for p in [0.5, 0.1, 0.05, 0.01, 1e-6]]
wilson = []
for count, total in [(0, 10), (10, 10), (5, 10), (1, 200), (9134, 10000)]:
    interval = stats.binomtest(count, total).proportion_ci(0.95, "wilson")
    wilson.append({"count": count, "total": total, "low": interval.low, "high": interval.high})
path = pathlib.Path(__file__).with_name("statistics.json")
path.write_text(json.dumps(
    {"mcnemar": mcnemar, "means": means, "quantiles": quantiles, "wilson": wilson}, indent=1) + "\n")
