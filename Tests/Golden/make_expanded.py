#!/usr/bin/env python3
"""Golden values of operators of other domains, by onnxruntime, into expanded.json: cases as in
operator_cases.py, each with its domain and name.

    pip install onnx==1.22.0 onnxruntime==1.32.0 numpy
    python3 Tests/Golden/make_expanded.py
"""
import json
import pathlib

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

from operator_cases import TYPES, array, attribute, f32, i64, r, rng

cases = []


def case(domain, op, inputs, outputs=1, version=None, **attributes):
    names = ["" if x is None else f"x{i}" for i, x in enumerate(inputs)]
    proto = {k: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v
             for k, v in attributes.items()}
    node = helper.make_node(op, names, [f"y{i}" for i in range(outputs)], domain=domain, **proto)
    graph = helper.make_graph(
        [node], "case",
        [helper.make_tensor_value_info(n, TYPES[x.dtype], x.shape)
         for n, x in zip(names, inputs) if x is not None],
        [onnx.ValueInfoProto(name=f"y{i}") for i in range(outputs)])
    opsets = [helper.make_opsetid("", 17)]
    if domain:
        opsets.append(helper.make_opsetid(domain, version or {"ai.onnx.ml": 3}.get(domain, 1)))
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    made = session.run(None, {n: x for n, x in zip(names, inputs) if x is not None})
    cases.append({
        "domain": domain, "op": op, "opset": 1, "from": f"onnxruntime {ort.__version__}",
        "attributes": {k: attribute(v) for k, v in attributes.items()},
        "inputs": [array(x) for x in inputs], "outputs": [array(np.asarray(y)) for y in made]})


def scalar(x, kind=np.float32):
    return np.array(x, dtype=kind)


def bytes_(*shape):
    return rng.integers(0, 256, shape).astype(np.uint8)


def i32(*rows):
    return np.array(rows, dtype=np.int32)


def quantised(x, scale=0.05, zero=120):
    return [x, scalar(scale), scalar(zero, np.uint8)]


ms, ml = "com.microsoft", "ai.onnx.ml"
case(ms, "Gelu", [r(2, 5)])
case(ms, "FastGelu", [r(2, 5), r(5)])
case(ms, "BiasGelu", [r(2, 5), r(5)])
for name, settings in [("Relu", {}), ("LeakyRelu", {"activation_params": [0.2]}),
                       ("Clip", {"activation_params": [-1.0, 2.5]})]:
    case(ms, "FusedConv", [r(1, 2, 5, 5), r(3, 2, 3, 3), r(3)], pads=[1, 1, 1, 1], activation=name, **settings)
case(ms, "FusedConv", [r(1, 2, 4, 4), r(3, 2, 3, 3), r(3), r(1, 3, 2, 2)], activation="Relu")
case(ms, "FusedGemm", [r(2, 3), r(4, 3), r(4)], transB=1, activation="LeakyRelu", activation_alpha=0.25)
case(ms, "FusedMatMul", [r(2, 3, 4), r(2, 4, 5)], alpha=0.5)
case(ms, "FusedMatMul", [r(4, 3), r(5, 4)], transA=1, transB=1)
case(ms, "SkipLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4), r(4), r(4)], epsilon=1e-5)
case(ms, "SkipLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4)])
case(ms, "MultiHeadAttention", [r(2, 3, 8), r(2, 4, 8), r(2, 4, 8), r(24)], num_heads=2)
case(ms, "MultiHeadAttention", [r(1, 3, 4), r(1, 3, 4), r(1, 3, 4)], num_heads=1, scale=0.25)
case(ms, "MultiHeadAttention", [r(2, 3, 8), r(2, 4, 8), r(2, 4, 8), r(24), i32([1, 1, 0, 1], [1, 0, 0, 0])], num_heads=2)
case(ms, "MultiHeadAttention", [r(2, 3, 8), r(2, 4, 8), r(2, 4, 8), None, i32(3, 1), r(1, 2, 3, 4)], num_heads=2)
case(ms, "QuickGelu", [r(2, 5)])
case(ms, "QuickGelu", [r(2, 5)], alpha=1.25)
case(ms, "SkipSimplifiedLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4)], epsilon=1e-5)
case(ms, "SkipSimplifiedLayerNormalization", [r(2, 3, 4), r(2, 3, 4), r(4), r(4)], epsilon=1e-6)
case("", "SimplifiedLayerNormalization", [r(2, 3, 4), r(4)], axis=-1, epsilon=1e-5)
attended = [r(2, 3, 4), r(4, 12), r(12)]
case(ms, "Attention", attended, num_heads=2)
case(ms, "Attention", attended + [i32([1, 1, 0], [0, 1, 1])], num_heads=2)
case(ms, "Attention", attended + [i32(2, 3), None, r(2, 2, 3, 3)], num_heads=2)
case(ms, "Attention", attended + [i32(2, 3)], num_heads=1, unidirectional=1, scale=0.25)
case(ms, "Attention", [r(1, 3, 4), r(4, 10), r(10)], num_heads=2, qkv_hidden_sizes=[4, 4, 2])
tables = [r(7, 4), r(5, 4), r(2, 4), r(4), r(4)]
tokens, segments = i32([3, 0, 6], [1, 1, 2]), i32([0, 0, 1], [1, 0, 0])
case(ms, "EmbedLayerNormalization", [tokens, segments] + tables + [i32([1, 1, 0], [1, 1, 1])], outputs=2, epsilon=1e-5)
case(ms, "EmbedLayerNormalization", [tokens, None, tables[0], tables[1], None] + tables[3:], outputs=2)
case(ms, "EmbedLayerNormalization", [tokens, segments] + tables + [None, i32([4, 0, 1], [2, 2, 3])], outputs=3)
case(ms, "QLinearAdd", quantised(bytes_(2, 6)) + quantised(bytes_(6), 0.02, 3) + [scalar(0.08), scalar(90, np.uint8)])
case(ms, "QLinearMul", quantised(bytes_(2, 6)) + quantised(bytes_(6), 0.02, 3) + [scalar(0.1), scalar(90, np.uint8)])
case(ms, "QLinearSigmoid", quantised(bytes_(2, 6)) + [scalar(1 / 256), scalar(0, np.uint8)])
case(ms, "QLinearLeakyRelu", quantised(bytes_(2, 6)) + [scalar(0.05), scalar(20, np.uint8)], alpha=0.1)
case(ms, "QLinearSoftmax", quantised(bytes_(2, 6)) + [scalar(1 / 256), scalar(0, np.uint8)], axis=-1, opset=13)
case(ms, "QLinearGlobalAveragePool", quantised(bytes_(1, 2, 3, 4)) + [scalar(0.04), scalar(100, np.uint8)])
case(ms, "QLinearAveragePool", quantised(bytes_(1, 2, 4, 4)) + [scalar(0.04), scalar(100, np.uint8)],
     kernel_shape=[2, 2], strides=[2, 2])
case(ms, "QLinearConcat", [scalar(0.06), scalar(110, np.uint8)] + quantised(bytes_(2, 3))
     + quantised(bytes_(2, 2), 0.03, 5), axis=1)
case(ms, "QGemm", quantised(bytes_(2, 4)) + [bytes_(3, 4), scalar(0.02), scalar(128, np.uint8),
     rng.integers(-500, 500, 3).astype(np.int32), scalar(0.1), scalar(77, np.uint8)], transB=1)
case(ms, "QGemm", quantised(bytes_(2, 4)) + [bytes_(4, 3), scalar(0.02), scalar(128, np.uint8)])
case(ms, "DequantizeLinear", quantised(bytes_(2, 3)))
case(ms, "QuantizeLinear", [r(2, 3), scalar(0.05), scalar(100, np.uint8)])

case(ml, "ArrayFeatureExtractor", [r(3, 4), i64(2, 0)])
case(ml, "Binarizer", [r(2, 3)], threshold=0.25)
case(ml, "Scaler", [r(2, 3)], offset=[1.0, 2.0, 0.5], scale=[2.0, 0.5, 1.5])
case(ml, "Scaler", [rng.integers(-5, 5, (2, 3))], offset=[1.0], scale=[2.0])
for norm in ["L1", "L2", "MAX"]:
    case(ml, "Normalizer", [r(3, 4)], norm=norm)
case(ml, "LinearRegressor", [r(3, 2)], coefficients=[1.0, -2.0], intercepts=[0.5])
case(ml, "LinearRegressor", [r(3, 2)], coefficients=[1.0, -2.0, 0.5, 3.0], intercepts=[0.5, 1.0], targets=2)
for transform in ["NONE", "LOGISTIC", "SOFTMAX"]:
    case(ml, "LinearClassifier", [r(4, 2)], outputs=2, coefficients=[1.0, -2.0, 0.5, 3.0, -1.0, 0.25],
         intercepts=[0.5, 1.0, 0.0], classlabels_ints=[7, 8, 9], post_transform=transform)
case(ml, "LinearClassifier", [r(4, 2)], outputs=2, coefficients=[-1.0, 2.0, 1.0, -2.0],
     intercepts=[-0.5, 0.5], classlabels_ints=[0, 1], post_transform="LOGISTIC")
case(ml, "LabelEncoder", [i64(3, 1, 9, 3)], keys_int64s=[1, 3], values_int64s=[10, 30], default_int64=-7)
case(ml, "LabelEncoder", [i64(3, 1, 9)], keys_int64s=[1, 3], values_floats=[0.5, 1.5], default_float=2.5)
case(ml, "LabelEncoder", [f32(0.5, 2, 9)], keys_floats=[0.5, 2.0], values_int64s=[4, 5])

for kernel in ["LINEAR", "POLY", "RBF", "SIGMOID"]:
    case(ml, "SVMRegressor", [r(4, 2)], coefficients=[1.0, -0.5, 0.75], kernel_type=kernel, n_supports=3,
         kernel_params=[0.5, 0.25, 2.0], rho=[0.125], support_vectors=[float(v) for v in r(6)])

case(ml, "SVMRegressor", [r(4, 2)], coefficients=[1.0, -0.5], rho=[0.125], kernel_type="LINEAR",
     kernel_params=[0.0, 0.0, 3.0])
case(ml, "SVMRegressor", [r(4, 2)], coefficients=[1.0, -0.5, 0.75], kernel_type="RBF", n_supports=3, one_class=1,
     kernel_params=[0.5, 0.25, 2.0], rho=[-0.5], support_vectors=[float(v) for v in r(6)])


def machine(counts, probability=False, **settings):
    classes, vectors = len(counts), sum(counts)
    pairs = classes * (classes - 1) // 2
    return {
        "coefficients": [float(v) for v in r((classes - 1) * vectors)], "kernel_params": [0.5, 0.25, 2.0],
        "rho": [float(v) for v in r(pairs)], "support_vectors": [float(v) for v in r(2 * vectors)],
        "vectors_per_class": counts,
        "classlabels_ints": [7 - i for i in range(classes)], **settings,
        **({"prob_a": [-1.0 - 0.25 * i for i in range(pairs)], "prob_b": [float(v) for v in r(pairs)]}
           if probability else {})}


for kernel in ["LINEAR", "POLY", "RBF", "SIGMOID"]:
    for counts in [[2, 3], [2, 1, 3], [1, 2, 1, 2]]:
        for probability in [False, True]:
            case(ml, "SVMClassifier", [r(6, 2)], outputs=2, **machine(counts, probability, kernel_type=kernel))
# Of the softmax of two classes onnxruntime makes 1 − s and s, ONNX's reference the softmax.
for transform, counts in [("LOGISTIC", [2, 3]), ("LOGISTIC", [2, 1, 3]), ("SOFTMAX", [2, 1, 3])]:
    case(ml, "SVMClassifier", [r(6, 2)], outputs=2,
         **machine(counts, kernel_type="RBF", post_transform=transform))
case(ml, "SVMClassifier", [rng.integers(-3, 3, (5, 2))], outputs=2, **machine([2, 2], kernel_type="LINEAR"))
# Of two linear scores above 0 onnxruntime takes the second class whichever is larger.
case(ml, "SVMClassifier", [r(6, 2)], outputs=2, coefficients=[float(v) for v in r(6)], rho=[0.25],
     kernel_type="LINEAR", kernel_params=[0.0, 0.0, 3.0], classlabels_ints=[4, 5, 6])

# Two trees: one of two levels, which a missing number may pass, and one leaf.
trees = dict(
    nodes_treeids=[0, 0, 0, 0, 0, 1], nodes_nodeids=[0, 1, 2, 3, 4, 0],
    nodes_featureids=[1, 0, 0, 0, 0, 0], nodes_values=[0.5, -0.25, 0.0, 0.0, 0.0, 0.0],
    nodes_modes=["BRANCH_LEQ", "BRANCH_GT", "LEAF", "LEAF", "LEAF", "LEAF"],
    nodes_truenodeids=[1, 3, 0, 0, 0, 0], nodes_falsenodeids=[2, 4, 0, 0, 0, 0],
    nodes_missing_value_tracks_true=[1, 0, 0, 0, 0, 0])
places = dict(treeids=[0, 0, 0, 0, 1, 1], nodeids=[2, 3, 3, 4, 0, 0])


def leaves(prefix, ids, weights):
    named = {f"{prefix}_{k}": v for k, v in places.items()}
    return {**trees, **named, f"{prefix}_ids": ids, f"{prefix}_weights": weights}


# onnxruntime leaves the base out of targets that no leaf weighs: here the second tree weighs both.
sample = np.concatenate([r(6, 2), np.float32([[0, np.nan], [np.nan, 0]])])
for way in ["SUM", "AVERAGE"]:
    case(ml, "TreeEnsembleRegressor", [sample], n_targets=2, aggregate_function=way, base_values=[0.5, -1.0],
         **leaves("target", [0, 1, 0, 1, 0, 1], [1.0, 2.0, -0.5, 0.25, 3.0, 0.5]))
for way in ["MIN", "MAX"]:
    case(ml, "TreeEnsembleRegressor", [sample], n_targets=2, aggregate_function=way,
         **leaves("target", [0, 1, 0, 1, 0, 1], [1.0, 2.0, -0.5, 0.25, 3.0, 0.5]))
# A leaf that weighs both targets, and one that weighs a target twice.
case(ml, "TreeEnsembleRegressor", [sample], n_targets=2, target_ids=[0, 1, 1, 0, 1, 1, 0],
     target_weights=[1.0, 2.0, -0.5, 0.25, 3.0, 0.5, 0.75], target_treeids=[0, 0, 0, 0, 0, 1, 1],
     target_nodeids=[2, 2, 3, 4, 4, 0, 0], **trees)
for transform in ["NONE", "SOFTMAX"]:
    case(ml, "TreeEnsembleClassifier", [sample], outputs=2, classlabels_int64s=[4, 5, 6],
         post_transform=transform, **leaves("class", [0, 1, 2, 1, 0, 2], [1.0, 0.25, 0.5, 2.0, 0.125, 0.75]))
# Of two classes only one is weighed: as a share of it, and as evidence for it.
case(ml, "TreeEnsembleClassifier", [sample], outputs=2, classlabels_int64s=[0, 1],
     **leaves("class", [0] * 6, [0.125, 0.25, 0.5, 0.25, 0.125, 0.0]))
case(ml, "TreeEnsembleClassifier", [sample], outputs=2, classlabels_int64s=[0, 1], post_transform="LOGISTIC",
     base_values=[0.25], **leaves("class", [0] * 6, [1.0, -0.25, 0.5, -2.0, 0.125, 0.0]))
for way in range(4):
    case(ml, "TreeEnsemble", [sample], version=5, n_targets=2, aggregate_function=way,
         nodes_featureids=[0, 1, 0], nodes_splits=f32(0.25, -0.5, 0), nodes_modes=np.uint8([0, 3, 1]),
         nodes_truenodeids=[1, 0, 3], nodes_falsenodeids=[2, 1, 2], nodes_trueleafs=[0, 1, 1],
         nodes_falseleafs=[1, 1, 1], tree_roots=[0, 2], leaf_targetids=[0, 1, 0, 0],
         leaf_weights=f32(0.5, -1, 2, 0.75))

heads, width = 3, 2
for direction, count in [("forward", 1), ("bidirectional", 2)]:
    case(ms, "DynamicQuantizeLSTM",
         [r(4, 1, width), rng.integers(-128, 128, (count, width, 4 * heads)).astype(np.int8),
          rng.integers(-128, 128, (count, heads, 4 * heads)).astype(np.int8), r(count, 8 * heads),
          None, None, None, None, np.full(count, 0.01, np.float32), np.zeros(count, np.int8),
          np.full(count, 0.01, np.float32), np.zeros(count, np.int8)],
         outputs=3, hidden_size=heads, direction=direction)

path = pathlib.Path(__file__).with_name("expanded.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(path.name, len(cases), "cases", path.stat().st_size, "bytes")
