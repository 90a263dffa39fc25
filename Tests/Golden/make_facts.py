#!/usr/bin/env python3
"""What element-wise dropout does to conv1 maps, in expectation: facts.json beside this file.

NumPy only, and nothing of the program: the maps are computed here from the digit's pixels, the
expectations from their closed forms, each checked against masks drawn with NumPy's own generator.

    python3 Tests/Golden/make_facts.py            # writes facts.json for the built-in seven
    python3 Tests/Golden/make_facts.py DIRECTORY  # prints the same for conv1_a.csv, conv1_b.csv

For a cell x whose kept 4-neighbours are a set S (each kept with 1-p, independently of x's own fate),
the filled value is mean(S), or 0 where S is empty. So over all masks
    recoverability = 1 - sum_x p E_S[(x - mean(S))^2] / sum_x p x^2,
a sum over the 16 subsets of each cell's neighbours. For a 2x2 window with values x1 >= ... >= x4 >= 0,
    E max = sum_k (1-p) p^(k-1) x_k / (1-p),
the largest is the first that survives. The share of dropped cells that were zero is the share of
zeros. Variance after: E over cells of the second moment m2/(1-p), less the mean's square; the
expectation of the squared sample mean adds p/(1-p) m2/n.
"""
import itertools
import json
import pathlib
import struct
import sys

import numpy as np

RATES = [0.1, 0.25, 0.5, 0.75, 0.9]
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def idx_images(path):
    data = path.read_bytes()
    zero, kind, rank = struct.unpack(">HBB", data[:4])
    assert zero == 0 and kind == 8, "unsigned bytes"
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data[4 + 4 * rank :], np.uint8).reshape(shape) / 255.0


def conv1(image):
    horizontal = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], float)
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    maps = [np.einsum("yxij,ij->yx", windows, f) for f in (horizontal, horizontal.T)]
    return np.maximum(np.stack(maps), 0)


def neighbours(maps):
    """Up, down, left, right of each cell; NaN where the map ends."""
    padded = np.pad(maps, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
    return np.stack([padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]])


def recoverability(maps, p):
    around = neighbours(maps)
    exists = ~np.isnan(around)
    expected = np.zeros_like(maps)
    for subset in itertools.product([False, True], repeat=4):
        chosen = np.array(subset)[:, None, None, None]
        possible = (exists | ~chosen).all(axis=0)
        # Neighbours that do not exist are neither kept nor dropped.
        odds = np.where(exists, np.where(chosen, 1 - p, p), 1.0).prod(axis=0)
        kept = np.where(chosen & exists, around, 0).sum(axis=0)
        count = sum(subset)
        fill = kept / count if count else np.zeros_like(maps)
        expected += np.where(possible, odds * (maps - fill) ** 2, 0)
    return 1 - expected.sum() / (maps**2).sum()


def windows2(maps):
    c, h, w = maps.shape
    h, w = h // 2 * 2, w // 2 * 2
    return maps[:, :h, :w].reshape(c, h // 2, 2, w // 2, 2).transpose(0, 1, 3, 2, 4).reshape(c, -1, 4)


def pooled_mean(maps, p):
    ranked = -np.sort(-windows2(maps), axis=-1)
    odds = (1 - p) * p ** np.arange(4)
    return (ranked @ odds).mean() / (1 - p) / ranked[..., 0].mean()


def variance_ratio(maps, p):
    m1, m2, n = maps.mean(), (maps**2).mean(), maps.size
    return (m2 / (1 - p) - m1**2 - p / (1 - p) * m2 / n) / maps.var()


def autocorrelation(maps):
    """Moran's I as a quotient of a sum over ordered neighbour pairs and one over cells."""
    centred = maps - maps.mean(axis=(1, 2), keepdims=True)
    around = neighbours(centred)
    pairs = (~np.isnan(around[:, 0])).sum()
    return maps[0].size / pairs * np.nansum(around * centred) / (centred**2).sum()


def simulate(maps, p, trials, rng):
    """The same by masks, with the meters written out a second time."""
    residual = lost = after = before = 0.0
    for _ in range(trials):
        kept = rng.random(maps.shape) >= p
        around = neighbours(np.where(kept, maps, np.nan))
        count = (~np.isnan(around)).sum(axis=0)
        fill = np.nansum(around, axis=0) / np.maximum(count, 1)
        residual += ((maps - fill)[~kept] ** 2).sum()
        lost += (maps[~kept] ** 2).sum()
        after += windows2(np.where(kept, maps / (1 - p), 0)).max(axis=-1).mean()
        before += windows2(maps).max(axis=-1).mean()
    return 1 - residual / lost, after / before


def facts(maps):
    rng = np.random.default_rng(1)
    rows = []
    for p in RATES:
        row = {
            "p": p,
            "wasted": float((maps == 0).mean()),
            "recoverability": float(recoverability(maps, p)),
            "max_pool_mean": float(pooled_mean(maps, p)),
            "variance_ratio": float(variance_ratio(maps, p)),
        }
        drawn = simulate(maps, p, 4000, rng)
        assert abs(drawn[0] - row["recoverability"]) < 0.02, (p, drawn, row)
        assert abs(drawn[1] - row["max_pool_mean"]) < 0.03 * row["max_pool_mean"], (p, drawn, row)
        rows.append(row)
    changed = {"coupled": 0.35 - 0.30, "resampled": 0.30 * 0.65 + 0.70 * 0.35}
    return {"autocorrelation": float(autocorrelation(maps)), "rates": rows, "changed_30_35": changed}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder = pathlib.Path(sys.argv[1])
        given = np.stack([np.loadtxt(folder / f"conv1_{c}.csv", delimiter=",") for c in "ab"])
        print(json.dumps(facts(given), indent=1))
    else:
        seven = conv1(idx_images(ROOT / "assets" / "digits.idx")[7])
        (HERE / "facts.json").write_text(json.dumps(facts(seven), indent=1) + "\n")
