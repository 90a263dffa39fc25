"""Runs the code that `Y` gives with PyTorch, Keras and onnxruntime, and compares what it does with what
was asked for: which cells share a unit, how many are dropped, what is kept and at which scale, and what
evaluation does.

The texts are those that Tests/ScopeTests/CodeTests.swift holds the program to, in
Tests/ScopeTests/Snapshots/code.txt: `## FORM KIND SCALE RATE AXES`, then the text.

pip install torch==2.15.0 tensorflow-cpu keras==3.15.1 onnx==1.23.2 onnxruntime==1.32.0
"""
import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import onnx
import onnxruntime
import torch

SHAPES = {"N,C,H,W": (2, 3, 4, 5), "N,C,T": (2, 3, 8), "N,T,F": (2, 6, 4), "N,F": (4, 6)}
RUNS = 400
LOW = -1.0507009873554805 * 1.6732632423543772


def shared(kind, axes):
    """Axes along which cells of a kind share a unit, by the definitions of the papers."""
    names = axes.split(",")
    if kind in ("spatial", "feature-alpha"):
        kept = {"N", "C"} if "C" in names else {"N", "F"}
        return [name not in kept for name in names]
    if kind == "locked":
        return [name == "T" for name in names]
    if kind == "token":
        return [name not in "NT" for name in names]
    if kind == "path":
        return [name != "N" for name in names]
    # What runs along a row of a map, and along a column: of a sequence features and time, of one with
    # channels time and nothing, of features neither.
    row, column = {"N,C,H,W": "WH", "N,C,T": "T-", "N,T,F": "FT", "N,F": "--"}[axes]
    along = {"row": row, "column": column}.get(kind)
    return [name == along for name in names]


def check_masks(form, kind, scale, p, axes, run, evaluate):
    # onnxruntime's generator drops the first unit of a fresh call always, whatever the ratio.
    first = 1 if form == "onnx" else 0
    rng = np.random.default_rng(5)
    shape = SHAPES[axes]
    x = (rng.random(shape) + 0.5).astype(np.float32)
    alone = [axis for axis, is_shared in enumerate(shared(kind, axes)) if not is_shared]
    together = tuple(axis for axis in range(len(shape)) if axis not in alone)
    dropped, differs = 0, np.zeros(len(shape), bool)
    for _ in range(RUNS):
        y = np.asarray(run(x))
        assert y.shape == x.shape, (y.shape, x.shape)
        if kind in ("alpha", "feature-alpha"):
            a = ((1 - p) * (1 + p * LOW**2)) ** -0.5
            b = -a * p * LOW
            is_kept = np.abs(y - (a * x + b)) < 1e-5
            assert np.all(is_kept | (np.abs(y - (a * LOW + b)) < 1e-5)), "alpha's two values"
        else:
            factor = 1 / (1 - p) if scale == "inverted" and kind != "max-pool" else 1
            is_kept = y != 0
            assert np.allclose(y[is_kept], (x * factor)[is_kept], rtol=1e-6), "scale"
        units = is_kept.min(axis=together, keepdims=True)
        assert np.all(is_kept == units), "shared axes"
        dropped += int((~units).ravel()[first:].sum())
        for axis in alone:
            differs[axis] |= bool(np.any(np.diff(is_kept.astype(int), axis=axis)))
    assert all(differs[axis] for axis in alone), "an axis shares that should not"
    count = RUNS * (int(np.prod([shape[axis] for axis in alone])) - first)
    deviation = (p * (1 - p) / count) ** 0.5
    assert abs(dropped / count - p) < 5 * deviation, (dropped / count, p)
    expected = x * (1 - p) if scale == "weight" and kind != "max-pool" else x
    assert np.allclose(np.asarray(evaluate(x)), expected, rtol=1e-6), "evaluation"


def check_gaussian(p, axes, run, evaluate):
    x = np.ones(SHAPES[axes], np.float32)
    factors = np.concatenate([np.asarray(run(x)).ravel() for _ in range(RUNS)])
    variance = p / (1 - p)
    assert abs(factors.mean() - 1) < 5 * (variance / factors.size) ** 0.5, factors.mean()
    assert abs(factors.var() / variance - 1) < 0.1, factors.var()
    assert np.array_equal(np.asarray(evaluate(x)), x), "evaluation"


def check_parameters(kind, p, text):
    makers = {"weight": lambda: torch.nn.Linear(30, 20), "recurrent": lambda: torch.nn.LSTM(10, 20)}
    layer = makers.get(kind, lambda: torch.nn.Embedding(50, 8))()
    name = "weight_hh_l0" if kind == "recurrent" else "weight"
    before = getattr(layer, name).detach().clone()
    exec(text, {"layer": layer})
    layer.train()
    dropped = 0
    for _ in range(RUNS):
        factor = (getattr(layer, name) / before).detach().numpy()
        assert np.all(np.isclose(factor, 0) | np.isclose(factor, 1 / (1 - p), rtol=1e-5))
        if kind == "embedding":
            assert np.all((factor == 0) == (factor[:, :1] == 0)), "whole rows"
            factor = factor[:, 0]
        dropped += int((factor == 0).sum())
    count = RUNS * (before.shape[0] if kind == "embedding" else before.numel())
    assert abs(dropped / count - p) < 5 * (p * (1 - p) / count) ** 0.5
    if kind == "recurrent":
        # The layer runs with what is dropped, and learns through it.
        x = torch.randn(6, 2, 10)
        assert not torch.equal(layer(x)[0], layer(x)[0]), "a mask anew for each batch"
        layer(x)[0].sum().backward()
        assert layer.parametrizations[name].original.grad.abs().sum() > 0
    layer.eval()
    assert torch.equal(getattr(layer, name), before), "evaluation"


def made(form, text):
    """What runs a text in training, and at evaluation."""
    if form == "onnx":
        model = onnx.parser.parse_model(text)
        onnx.checker.check_model(model, full_check=True)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        # Passes that remove Dropout would make it the identity.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options)

        def run(x, training):
            return session.run(None, {"x": x, "training": np.array(training)})[0]

        return (lambda x: run(x, True)), (lambda x: run(x, False))
    names = {}
    exec(text, names)
    dropout = names["dropout"]
    if form == "keras":
        return (lambda x: dropout(x, training=True)), (lambda x: dropout(x, training=False))

    def torch_run(x, training):
        dropout.train(training)
        return dropout(torch.tensor(x)).detach().numpy()

    return (lambda x: torch_run(x, True)), (lambda x: torch_run(x, False))


torch.manual_seed(1)
keras.utils.set_random_seed(1)
texts = pathlib.Path(__file__).parent.parent / "ScopeTests/Snapshots/code.txt"
checked, refused = {}, []
for section in ("\n" + texts.read_text()).split("\n## ")[1:]:
    head, text = section.split("\n", 1)
    form, kind, scale, rate, axes = head.split()
    p = float(rate)
    if text.startswith(("# PyTorch:", "# Keras:", "# ONNX:")):
        refused.append(f"{form} {kind} {scale}: {text.strip()}")
        continue
    try:
        if kind in ("weight", "recurrent", "embedding"):
            check_parameters(kind, p, text)
        else:
            run, evaluate = made(form, text)
            if kind == "gaussian":
                check_gaussian(p, axes, run, evaluate)
            else:
                check_masks(form, kind, scale, p, axes, run, evaluate)
    except Exception as error:
        raise SystemExit(f"{head}: {error!r}\n{text}")
    checked[form] = checked.get(form, 0) + 1
print("equal:", ", ".join(f"{form} {count}" for form, count in sorted(checked.items())))
print(f"without an equivalent: {len(refused)}")
for line in refused:
    print(" ", line)
