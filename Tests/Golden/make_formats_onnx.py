"""Makes the small ONNX models in Golden/formats that FormatsTests reads.

Run by hand in this folder with onnx and ml_dtypes installed; the output is committed.
"""

import pathlib

import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

OUT = pathlib.Path(__file__).parent / "formats"

FLOATS = [0.5, -1.5, 2.0, 3.0e38, -0.0, 1.0]
SIGNED = [0, -1, 2, -128, 100, 127]
UNSIGNED = [0, 1, 2, 200, 100, 255]
BOOLS = [0, 1, 1, 0, 1, 0]
TYPES = {
    "FLOAT": FLOATS, "DOUBLE": FLOATS, "FLOAT16": FLOATS[:3] + [1, -0.0, 1.0], "BFLOAT16": FLOATS,
    "INT8": SIGNED, "INT16": SIGNED, "INT32": SIGNED, "INT64": SIGNED,
    "UINT8": UNSIGNED, "UINT16": UNSIGNED, "UINT32": UNSIGNED, "UINT64": UNSIGNED,
    "BOOL": BOOLS,
}


def save(name, graph, opsets=(("", 17),), ir=8, **more):
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets]
    model = helper.make_model(
        graph, opset_imports=imports, ir_version=ir, producer_name="make_formats_onnx", **more)
    (OUT / name).write_bytes(model.SerializeToString(deterministic=True))
    return model


def identity(initializers):
    """A model of one Identity with initializers beside it."""
    x = helper.make_tensor_value_info("x", T.FLOAT, [1])
    y = helper.make_tensor_value_info("y", T.FLOAT, [1])
    node = helper.make_node("Identity", ["x"], ["y"])
    return helper.make_graph([node], "types", [x], [y], initializers)


def types():
    tensors = []
    for name, values in TYPES.items():
        type = getattr(T, name)
        array = np.array(values).astype(helper.tensor_dtype_to_np_dtype(type))
        tensors.append(helper.make_tensor(f"{name}_typed", type, [2, 3], array.flatten()))
        tensors.append(helper.make_tensor(f"{name}_raw", type, [2, 3], array.tobytes(), raw=True))
    save("types.onnx", identity(tensors))


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def unpacked():
    """Lists of numbers one by one, as old writers left them: protobuf readers must take both."""

    def tensor(name, type, items):
        body = varint(1 << 3) + varint(len(items)) + varint(2 << 3) + varint(type)
        body += varint(8 << 3 | 2) + varint(len(name)) + name.encode() + b"".join(items)
        return varint(5 << 3 | 2) + varint(len(body)) + body

    floats = [varint(4 << 3 | 5) + np.float32(v).tobytes() for v in [0.5, -1.5]]
    int32s = [varint(5 << 3) + varint(v) for v in [3, -4]]
    int64s = [varint(7 << 3) + varint(v) for v in [5, -6]]
    doubles = [varint(10 << 3 | 1) + np.float64(v).tobytes() for v in [0.25, -8]]
    graph = tensor("floats", T.FLOAT, floats) + tensor("int32s", T.INT32, int32s)
    graph += tensor("int64s", T.INT64, int64s) + tensor("doubles", T.DOUBLE, doubles)
    model = helper.make_model(
        identity([]), opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    # A message that occurs twice is merged.
    more = varint(7 << 3 | 2) + varint(len(graph)) + graph
    (OUT / "unpacked.onnx").write_bytes(model.SerializeToString(deterministic=True) + more)


def everything():
    """Attributes of every type, open sizes, operator domains, names left out and used twice."""
    w = numpy_helper.from_array(np.arange(18, dtype=np.float32).reshape(2, 1, 3, 3), "w")
    x = helper.make_tensor_value_info("x", T.FLOAT, ["batch", 1, None, 28])
    k = helper.make_tensor_value_info("k", T.INT64, [])
    flag = helper.make_tensor_value_info("flag", T.BOOL, [1])
    old = helper.make_tensor_value_info("w", T.FLOAT, [2, 1, 3, 3])
    y = helper.make_tensor_value_info("y", T.FLOAT, None)
    branch = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["b"])], "branch", [],
        [helper.make_tensor_value_info("b", T.FLOAT, None)])
    nodes = [
        # Not in order: the graph sorts them.
        helper.make_node("If", ["flag"], ["chosen"], then_branch=branch, else_branch=branch),
        helper.make_node(
            "Odd", ["r", "", "k"], ["odd", "", "extra"], name="twice", domain="org.example",
            f=0.5, i=-7, s="text", t=numpy_helper.from_array(np.array([1, 2], np.int64)),
            fs=[0.25, 0.5], is_=[1, -2], ss=["a", "b"],
            st=helper.make_tensor("s", T.STRING, [1], [b"x"])),
        helper.make_node("Conv", ["x", "w"], ["c"], name="twice", pads=[1, 1, 1, 1], group=1),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("Constant", [], ["two"], value_float=2.0),
        helper.make_node("Mul", ["r", "two"], ["y"], name="scale"),
    ]
    graph = helper.make_graph(nodes, "everything", [x, k, flag, old], [y], [w])
    model = save("everything.onnx", graph, opsets=[("", 13), ("org.example", 2)], ir=7)
    helper.set_model_props(model, {"normalize": "0.1307,0.3081", "note": "α"})
    (OUT / "everything.onnx").write_bytes(model.SerializeToString(deterministic=True))


def external():
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    b = np.arange(4, dtype=np.int64)
    (OUT / "external.bin").write_bytes(b"\0" * 8 + a.tobytes() + b.tobytes())
    tensors = []
    for name, array, offset, length in [("a", a, 8, 24), ("b", b, 32, None)]:
        t = T(name=name, dims=array.shape, data_location=T.EXTERNAL)
        t.data_type = T.FLOAT if name == "a" else T.INT64
        entries = {"location": "external.bin", "offset": offset, "length": length}
        for key, value in entries.items():
            if value is not None:
                t.external_data.add(key=key, value=str(value))
        tensors.append(t)
    save("external.onnx", identity(tensors))


types()
unpacked()
everything()
external()
