"""Writes masks.txt: activations under given masks, by the formula of PyTorch's Dropout and Keras's.

y = where(mask, x / (1 - p), 0) in training, y = x at evaluation; for "weight" (Srivastava 2014) no
factor in training and x * (1 - p) at evaluation; for "none" no factor at all. Worked out in float64
and rounded once. One case a line: rate, scaling, mode, N, C, H, W, then x, mask and y as hex words.
"""
import pathlib

import numpy as np

rng = np.random.default_rng(20240611)
shape = (2, 3, 3, 4)


def words(values):
    return " ".join(f"{w:x}" for w in values.astype(np.float32).ravel().view(np.uint32))


lines = []
for p in (0.05, 0.1, 0.25, 0.5, 0.75, 0.9):
    for scaling in ("inverted", "weight", "none"):
        for mode in ("train", "eval"):
            x = rng.standard_normal(shape).astype(np.float32)
            x[0, 0, 0] = [np.inf, -np.inf, np.nan, -0.0]
            mask = rng.random(shape) >= p
            mask[0, 0, 0] = [p < 0.5, False, False, True]
            wide = x.astype(np.float64)
            if mode == "train":
                y = np.where(mask, wide / (1 - p) if scaling == "inverted" else wide, 0)
            else:
                y = wide * (1 - p) if scaling == "weight" else wide
            bits = "".join("1" if kept else "0" for kept in mask.ravel())
            head = f"{p} {scaling} {mode} {' '.join(map(str, shape))}"
            lines.append(f"{head} | {words(x)} | {bits} | {words(y)}")

path = pathlib.Path(__file__).with_name("masks.txt")
path.write_text("\n".join(lines) + "\n")
print(path.name, len(lines), "cases,", path.stat().st_size, "bytes")
