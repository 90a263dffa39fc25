"""Writes kinds_keras.txt: what Keras 3 (TensorFlow) makes of activations.

Each layer is made twice from one seed: called on ones it shows its mask or its noise, and called on
x what it makes of it. Activations are N,H,W,C in Keras and are turned to N,C,H,W here.

One case a line: kind, rate, N, C, H, W | x | noise or "-" | mask | y, numbers as hex words, the mask
as 1 kept, 0 dropped.

pip install tensorflow-cpu==2.21.0 keras==3.15.1
"""
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np


def words(values):
    values = np.ascontiguousarray(values, dtype=np.float32).ravel().view(np.uint32)
    return " ".join(f"{w:x}" for w in values)


def layer(kind, p):
    n, c, h, w = shape
    if kind == "element":
        return keras.layers.Dropout(p, seed=3)
    if kind == "row":
        return keras.layers.Dropout(p, noise_shape=(n, h, 1, c), seed=3)
    if kind == "column":
        return keras.layers.Dropout(p, noise_shape=(n, 1, w, c), seed=3)
    if kind == "spatial":
        return keras.layers.SpatialDropout2D(p, data_format="channels_last", seed=3)
    if kind == "gaussian":
        return keras.layers.GaussianDropout(p, seed=3)
    return keras.layers.AlphaDropout(p, seed=3)


def call(kind, p, x):
    y = layer(kind, p)(x.transpose(0, 2, 3, 1), training=True)
    return np.asarray(y).transpose(0, 3, 1, 2)


rng = np.random.default_rng(20240613)
shape = (2, 3, 4, 5)
kinds = ("element", "row", "column", "spatial", "gaussian", "alpha")
lines = []
for kind in kinds:
    for p in (0.1, 0.5, 0.75):
        x = rng.standard_normal(shape).astype(np.float32)
        y = call(kind, p, x)
        if kind == "gaussian":
            noise, mask = call(kind, p, np.ones(shape, np.float32)), np.ones(shape)
        else:
            noise, mask = None, call(kind, p, np.full(shape, 100, np.float32)) > 50
        bits = "".join("1" if kept else "0" for kept in mask.ravel())
        head = f"{kind} {p} {' '.join(map(str, shape))}"
        lines.append(
            f"{head} | {words(x)} | {'-' if noise is None else words(noise)} | {bits} | {words(y)}")

path = pathlib.Path(__file__).with_name("kinds_keras.txt")
path.write_text("\n".join(lines) + "\n")
print(path.name, len(lines), "cases,", path.stat().st_size, "bytes")

# What Keras does at the ends and beyond; Sources/Masks/Rules quotes it.
x = np.ones(shape, np.float32)
x[0, 0, 0, 0] = np.inf
for p in (0.0, 1.0, 1.5):
    for kind in kinds:
        try:
            y = call(kind, p, x)
            print(f"  p = {p} {kind}: zeros {(y == 0).mean():.3f}, NaN {np.isnan(y).any()}")
        except Exception as error:
            cause = str(error).splitlines()[0]
            print(f"  p = {p} {kind}: {type(error).__name__}: {cause}")
