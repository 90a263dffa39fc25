#!/usr/bin/env python3
"""What units of a layer do over a set of samples: unit_activity.json beside this file.

NumPy only, and nothing of the program: zeros, means, dead and constant units by their definitions, the
mean |r| from numpy.corrcoef.

    python3 Tests/Golden/make_unit_activity.py
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(16)


def case(name, x, axis=1):
    x = x.astype(np.float32)
    units = np.moveaxis(x.astype(np.float64), axis, 0).reshape(x.shape[axis], -1)
    varying = units[np.ptp(units, axis=1) > 0]
    r = None
    if len(varying) > 1:
        r = float(np.abs(np.corrcoef(varying)[np.triu_indices(len(varying), 1)]).mean())
    return {
        "name": name, "shape": list(x.shape), "axis": axis, "cells": x.ravel().tolist(),
        "zeros": float((x == 0).mean()), "mean": float(x.astype(np.float64).mean()),
        "dead": int((np.abs(units).max(axis=1) == 0).sum()),
        "constant": int(len(units) - len(varying)), "correlation": r,
    }


relu = lambda x: np.maximum(x, 0)
features = relu(rng.normal(size=(12, 7)))
features[:, 2] = 0
features[:, 5] = 0.25
features[:, 6] = 3 * features[:, 0] + 1
maps = relu(rng.normal(size=(5, 4, 3, 2)) + rng.normal(size=(5, 1, 3, 2)))
maps[:, 1] = 0
alike = np.repeat(rng.normal(size=(9, 1)), 3, axis=1) * np.array([1.0, -2.0, 0.5])
cases = [
    case("features", features),
    case("maps", maps),
    case("tokens", rng.normal(size=(4, 6, 5)), axis=2),
    case("alike", alike),
    case("one varies", np.stack([rng.normal(size=8), np.ones(8)], axis=1)),
    case("large numbers close together", 1e6 + rng.normal(size=(20, 4))),
]
path = pathlib.Path(__file__).with_suffix("").with_name("unit_activity.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
