"""Writes kinds_numpy.txt: values that no library has, worked out the long way round.

quantile: p and the standard normal quantile of p, to 20 digits by mpmath.
pool: a window and a rate, and the expectation of the largest kept value (0 where none is kept) by
going through all masks of the window.
block: rule, H, W, block rows and columns, gamma, and the expected share of dropped cells and its
variance, by going through all sets of seeds of a small map.

pip install numpy mpmath
"""
import itertools
import pathlib

import mpmath
import numpy as np

rng = np.random.default_rng(20240614)
lines = []

mpmath.mp.dps = 40
for p in [2**-25, 3 * 2**-25, 1e-6, 1e-4, 0.01, 0.0749, 0.075, 0.0751, 0.2, 0.4999999, 0.5, 0.5000001,
          0.7, 0.9249, 0.925, 0.9251, 0.999, 1 - 2**-20, 1 - 2**-25, 1e-10, 1 - 1e-10]:
    z = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)
    lines.append(f"quantile {p!r} {mpmath.nstr(z, 20)}")

for cells in (1, 2, 4, 6, 9):
    for p in (0.0, 0.1, 0.5, 0.9, 1.0):
        window = np.round(rng.standard_normal(cells), 3)
        mean = 0.0
        for kept in itertools.product((False, True), repeat=cells):
            chance = np.prod([1 - p if k else p for k in kept])
            mean += chance * max([a for a, k in zip(window, kept) if k], default=0.0)
        lines.append(f"pool {p} {' '.join(map(str, window))} = {mean!r}")

for rule, h, w, bh, bw in (("paper", 4, 5, 2, 2), ("paper", 4, 4, 1, 1), ("paper", 5, 5, 3, 3),
                           ("paper", 3, 7, 2, 4), ("timm", 3, 4, 3, 3), ("timm", 4, 3, 2, 3),
                           ("timm", 3, 4, 1, 2)):
    if rule == "paper":
        seeds = [(y, x) for y in range(bh // 2, bh // 2 + h - bh + 1)
                 for x in range(bw // 2, bw // 2 + w - bw + 1)]
    else:
        seeds = [(y, x) for y in range(h) for x in range(w)]
    covers = []
    for y, x in seeds:
        cells = np.zeros((h, w), bool)
        cells[max(0, y - bh // 2):y - bh // 2 + bh, max(0, x - bw // 2):x - bw // 2 + bw] = True
        covers.append(cells.ravel())
    for gamma in (0.03, 0.2, 0.6):
        mean = square = 0.0
        for drawn in itertools.product((False, True), repeat=len(seeds)):
            chance = np.prod([gamma if d else 1 - gamma for d in drawn])
            dropped = np.zeros(h * w, bool)
            for d, cells in zip(drawn, covers):
                if d:
                    dropped |= cells
            share = dropped.mean()
            mean += chance * share
            square += chance * share * share
        lines.append(f"block {rule} {h} {w} {bh} {bw} {gamma} {mean!r} {square - mean * mean!r}")

path = pathlib.Path(__file__).with_name("kinds_numpy.txt")
path.write_text("\n".join(line.replace("np.float64(", "").replace(")", "") for line in lines) + "\n")
print(path.name, len(lines), "lines,", path.stat().st_size, "bytes")
