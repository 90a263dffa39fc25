"""What the scripts that make golden values of operators share: single-node ONNX models run by
onnxruntime, or by onnx's reference implementation where onnxruntime does not know the operator set.
"""

import json
import os

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operators")
TYPES = {np.dtype("float32"): TensorProto.FLOAT, np.dtype("int64"): TensorProto.INT64,
         np.dtype("bool"): TensorProto.BOOL, np.dtype("int8"): TensorProto.INT8,
         np.dtype("uint8"): TensorProto.UINT8, np.dtype("int32"): TensorProto.INT32,
         np.dtype("int16"): TensorProto.INT16, np.dtype("uint16"): TensorProto.UINT16,
         np.dtype("uint32"): TensorProto.UINT32, np.dtype("uint64"): TensorProto.UINT64}
rng = np.random.default_rng(20240607)
files = {}


def r(*shape, scale=2.0):
    """Random numbers with few digits, so that the files stay small."""
    return (np.round(rng.standard_normal(shape) * scale * 8) / 8).astype(np.float32)


def i64(*values):
    return np.array(values, dtype=np.int64)


def shaped(shape, *values):
    return np.array(values, dtype=np.int64).reshape(shape)


def f32(*values):
    return np.array(values, dtype=np.float32)


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if np.isnan(x):
        return "nan"
    if np.isinf(x):
        return "inf" if x > 0 else "-inf"
    return float(np.format_float_positional(np.float32(x), unique=True, trim="-"))


def array(a):
    if a is None:
        return None
    a = np.asarray(a)
    return {"type": str(a.dtype), "shape": list(a.shape), "data": [number(x) for x in a.ravel()]}


def attribute(value):
    if isinstance(value, np.ndarray):
        return {"tensor": array(value)}
    if isinstance(value, bool) or isinstance(value, int):
        return {"int": int(value)}
    if isinstance(value, float):
        return {"float": number(value)}
    if isinstance(value, str):
        return {"string": value}
    if value and isinstance(value[0], str):
        return {"strings": list(value)}
    kind = "floats" if any(isinstance(v, float) for v in value) else "ints"
    return {kind: [number(v) for v in value]}


def model(op, opset, inputs, outputs, attributes):
    names = ["" if x is None else f"x{i}" for i, x in enumerate(inputs)]
    proto = {k: numpy_helper.from_array(v) if isinstance(v, np.ndarray) else v
             for k, v in attributes.items()}
    node = helper.make_node(op, names, [f"y{i}" for i in range(outputs)], **proto)
    graph = helper.make_graph(
        [node], "case",
        [helper.make_tensor_value_info(n, TYPES[x.dtype], x.shape)
         for n, x in zip(names, inputs) if x is not None],
        [onnx.ValueInfoProto(name=f"y{i}") for i in range(outputs)])
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return built, {n: x for n, x in zip(names, inputs) if x is not None}


def run(op, opset, inputs, outputs, attributes):
    built, feed = model(op, opset, inputs, outputs, attributes)
    try:
        options = ort.SessionOptions()
        options.log_severity_level = 4
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = ort.InferenceSession(
            built.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return session.run(None, feed), f"onnxruntime {ort.__version__}"
    except Exception as ort_error:
        try:
            return ReferenceEvaluator(built).run(None, feed), f"onnx.reference {onnx.__version__}"
        except Exception as reference_error:
            raise SystemExit(f"{op} opset {opset} {attributes}: {ort_error} / {reference_error}")


def case(op, opset, inputs, outputs=1, expect=None, check=None, **attributes):
    """One case. `expect` gives the outputs where the runtimes do not know the operator set or are
    known to be wrong; `check` is an independent NumPy value that the runtime's must equal."""
    if expect is None:
        results, source = run(op, opset, inputs, outputs, attributes)
    else:
        results, source = expect, "numpy"
    if check is not None:
        np.testing.assert_allclose(results[0], check, rtol=1e-5, atol=1e-5)
        source += ", numpy"
    files.setdefault(op, []).append({
        "opset": opset, "from": source,
        "attributes": {k: attribute(v) for k, v in attributes.items()},
        "inputs": [array(x) for x in inputs],
        "outputs": [array(np.asarray(y)) for y in results]})


NAN, INF = float("nan"), float("inf")


def write():
    """One file an operator that has cases."""
    os.makedirs(OUT, exist_ok=True)
    for op, cases in sorted(files.items()):
        lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
        with open(os.path.join(OUT, f"{op}.json"), "w") as f:
            f.write(f"[\n{lines}\n]\n")
        sources = sorted({c["from"] for c in cases})
        print(f"{op:20} {len(cases):3} cases {len(lines):7} bytes  {sources}")
