"""Masks of every kind over activations whose axes have names, and what a few kinds leave of them.

Run by hand: python make_noise_shapes.py > noise_shapes.txt

The noise shapes are written out here by hand, as Keras would be given them: which sizes are 1. From
them come the masks, with this directory's own generator in NumPy. A line is

    axes sizes | kind p | noise shape | mask | output in float32 bits

with 1 for kept, in row-major order; "refused" where a kind cannot act, "-" where no output is kept
here. Sample n of the batch draws with sample 5 + n, wherever its axis lies.
"""
from math import floor
from statistics import NormalDist

import numpy as np

from streams import uniforms

SHAPES = {
    "NCHW": (2, 3, 4, 5),
    "NHWC": (2, 4, 5, 3),
    "NTF": (3, 4, 5),
    "NCL": (2, 3, 7),
    "TNF": (4, 2, 5),
    "NCDHW": (2, 2, 3, 4, 5),
}
# What a letter stands for where it is not the program's own: a row of cells has columns.
LETTERS = {"NCL": "N,C,W"}
NOISE = {
    "spatial": {
        "NCHW": (2, 3, 1, 1),
        "NHWC": (2, 1, 1, 3),
        "NTF": (3, 1, 5),
        "NCL": (2, 3, 1),
        "TNF": (1, 2, 5),
        "NCDHW": (2, 2, 1, 1, 1),
    },
    "row": {
        "NCHW": (2, 3, 4, 1),
        "NHWC": (2, 4, 1, 3),
        "NTF": (3, 4, 1),
        "NCL": (2, 3, 1),
        "TNF": (4, 2, 1),
        "NCDHW": (2, 2, 3, 4, 1),
    },
    "column": {
        "NCHW": (2, 3, 1, 5),
        "NHWC": (2, 1, 5, 3),
        "NTF": (3, 1, 5),
        "NCL": (2, 3, 7),
        "TNF": (1, 2, 5),
        "NCDHW": (2, 2, 3, 1, 5),
    },
    "path": {
        "NCHW": (2, 1, 1, 1),
        "NHWC": (2, 1, 1, 1),
        "NTF": (3, 1, 1),
        "NCL": (2, 1, 1),
        "TNF": (1, 2, 1),
        "NCDHW": (2, 1, 1, 1, 1),
    },
    # One mask for the batch, which is what `weight` has by default.
    "weight": {
        "NCHW": (1, 3, 4, 5),
        "NHWC": (1, 4, 5, 3),
        "NTF": (1, 4, 5),
        "NCL": (1, 3, 7),
        "TNF": (4, 1, 5),
        "NCDHW": (1, 2, 3, 4, 5),
    },
}
NOISE["feature-alpha"] = NOISE["spatial"]
NOISE["recurrent"] = NOISE["weight"]
# A row of a table is a channel.
NOISE["embedding"] = {
    "NCHW": (1, 3, 1, 1),
    "NHWC": (1, 1, 1, 3),
    "NTF": (1, 1, 1),
    "NCL": (1, 3, 1),
    "TNF": (1, 1, 1),
    "NCDHW": (1, 2, 1, 1, 1),
}
NOISE["locked"] = {"NTF": (3, 1, 5), "TNF": (1, 2, 5)}
NOISE["token"] = {"NTF": (3, 4, 1), "TNF": (4, 2, 1)}
NOISE["cutout"] = NOISE["path"]
KINDS = [
    "element", "spatial", "row", "column", "block", "gaussian", "alpha", "feature-alpha", "max-pool",
    "weight", "recurrent", "embedding", "locked", "token", "attention", "path", "cutout", "manual",
]  # fmt: skip
OUTPUTS = ["element", "spatial", "block", "alpha", "feature-alpha", "locked", "token"]


def field(shape, axes):
    """Uniforms of a noise shape: each sample's are those of its own stream, in row-major order."""
    sample = axes.index("N")
    own = shape[:sample] + shape[sample + 1 :]
    parts = [uniforms(own, 11, "noise shapes", sample=5 + n) for n in range(shape[sample])]
    return np.stack(parts, axis=sample)


def maps(axes):
    """Moves the axes of rows and columns to the end, those of a map."""
    wanted = ["H", "W"] if "H" in axes else ["L"]
    return [axes.index(letter) for letter in wanted]


def block(u, p, axes):
    """Blocks of 3x3 (1x3 in a row of cells) around seeds whose block fits, with the rate met."""
    at = maps(axes)
    seeds = np.moveaxis(u, at, range(-len(at), 0))
    flat = seeds.reshape(-1, *((1, seeds.shape[-1]) if len(at) == 1 else seeds.shape[-2:]))
    h, w = flat.shape[1:]
    b = (min(3, h), min(3, w))

    def around(y, x):
        return slice(y - b[0] // 2, y - b[0] // 2 + b[0]), slice(x - b[1] // 2, x - b[1] // 2 + b[1])

    fitting = [(y, x) for y in range(b[0] // 2, b[0] // 2 + h - b[0] + 1) for x in range(b[1] // 2, b[1] // 2 + w - b[1] + 1)]
    cover = np.zeros((h, w))
    for y, x in fitting:
        cover[around(y, x)] += 1
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (1 - (1 - middle) ** cover).mean() < p else (low, middle)
    kept = np.ones(flat.shape, bool)
    for m, (y, x) in [(m, s) for m in range(len(flat)) for s in fitting]:
        if flat[m, y, x] < high:
            kept[m][around(y, x)] = False
    return np.moveaxis(kept.reshape(seeds.shape), range(-len(at), 0), at)


def cutout(u, p, shape, axes):
    """One square for all maps of a sample, moved to lie inside."""
    at = maps(axes)
    kept = np.ones(shape, bool)
    moved = np.moveaxis(kept, [axes.index("N")] + at, [0] + list(range(-len(at), 0)))
    h, w = (1, moved.shape[-1]) if len(at) == 1 else moved.shape[-2:]
    side = (p * h * w) ** 0.5
    rows = columns = floor(side + 0.5)
    if side > min(h, w):
        rows, columns = (h, floor(p * w + 0.5)) if h <= w else (floor(p * h + 0.5), w)
    for n, centre in enumerate(np.floor(u.ravel().astype(np.float64) * h * w).astype(int)):
        top = min(max(0, centre // w - rows // 2), h - rows)
        left = min(max(0, centre % w - columns // 2), w - columns)
        if len(at) == 1:
            moved[n, ..., left : left + columns] = False
        else:
            moved[n, ..., top : top + rows, left : left + columns] = False
    return kept


def output(kind, x, kept, p, axes):
    """What is left, in float32: one product, one sum, each rounded."""
    one, alpha = np.float32(1), -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717
    if "alpha" in kind:
        a = 1 / ((1 - p) * (1 + p * alpha**2)) ** 0.5
        low = alpha * ((1 - p) / (1 + p * alpha**2)) ** 0.5
        return np.where(kept, x * np.float32(a) + np.float32(-a * p * alpha), np.float32(low))
    if kind == "block":
        others = tuple(i for i, letter in enumerate(axes) if letter != "N")
        cells = kept.size // kept.shape[axes.index("N")]
        alive = kept.sum(axis=others, keepdims=True)
        return np.where(kept, x * np.where(alive > 0, cells / np.maximum(alive, 1), 1).astype(np.float32), 0 * one)
    return np.where(kept, x * np.float32(1 / (1 - p)), 0 * one)


def line(letters, shape, kind, p):
    axes = list(letters)
    names = LETTERS.get(letters, ",".join(axes))
    noise = NOISE.get(kind, {}).get(letters, shape)
    head = f"{names} {','.join(map(str, shape))} | {kind} {p}"
    # Squares lie on maps, and only sequences have times.
    if kind in ("block", "cutout") and "F" in axes or kind in ("locked", "token") and "T" not in axes:
        return f"{head} | refused | - | -"
    u = field(noise, axes)
    values = "-"
    if kind == "block":
        kept = block(u, p, axes)
    elif kind == "cutout":
        kept = cutout(u, p, shape, axes)
    elif kind in ("gaussian", "manual"):
        kept = np.ones(shape, bool)
    else:
        kept = np.broadcast_to(u.astype(np.float64) >= p, shape)
    if kind in OUTPUTS and p == 0.25:
        x = 2 * uniforms(shape, 3, "noise shapes input") - np.float32(1)
        values = " ".join(f"{b:x}" for b in output(kind, x, kept, p, axes).astype(np.float32).ravel().view(np.uint32))
    if kind == "gaussian" and p == 0.25:
        deviation, normal = (p / (1 - p)) ** 0.5, NormalDist()
        factors = [1 + deviation * normal.inv_cdf(float(v) + 2**-25) for v in u.ravel()]
        values = " ".join(f"{b:x}" for b in np.array(factors, np.float32).view(np.uint32))
    bits = "".join("1" if k else "0" for k in kept.ravel())
    return f"{head} | {','.join(map(str, noise))} | {bits} | {values}"


for letters, shape in SHAPES.items():
    for kind in KINDS:
        for p in (0.25, 0.6):
            print(line(letters, shape, kind, p))
