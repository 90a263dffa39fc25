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


def blank(message):
    """A field that ONNX does not have, with a number far above those it has."""
    message.MergeFromString(varint(5000 << 3 | 2) + varint(7) + b"unknown")


def kept():
    """What a graph does not hold and a file must not lose, each thing once."""
    rng = np.random.default_rng(1)
    x = helper.make_tensor_value_info("x", T.FLOAT, ["batch", 4], doc_string="the input")
    x.type.denotation = "IMAGE"
    x.type.tensor_type.shape.dim[0].denotation = "DATA_BATCH"
    flag = helper.make_tensor_value_info("flag", T.BOOL, [])
    trips = helper.make_tensor_value_info("trips", T.INT64, [])
    words = helper.make_tensor_value_info("words", T.STRING, ["words"])
    loose = onnx.ValueInfoProto(name="loose")
    loose.type.tensor_type.elem_type = T.FLOAT
    listed = helper.make_tensor_sequence_value_info("listed", T.FLOAT, ["n"])
    # An initializer that is an input too.
    also = helper.make_tensor_value_info("w", T.FLOAT, [4, 4])
    y = helper.make_tensor_value_info("y", T.FLOAT, ["batch", 4], doc_string="the output")
    z = onnx.ValueInfoProto(name="z")
    text = helper.make_tensor_value_info("text", T.STRING, ["words"])

    def tensor(name, array, **more):
        t = numpy_helper.from_array(array, name)
        for key, value in more.items():
            setattr(t, key, value)
        return t

    w = tensor("w", rng.normal(size=(4, 4)).astype(np.float32), doc_string="the weights")
    w.metadata_props.add(key="layer", value="dense")
    half = tensor("half", rng.normal(size=4).astype(np.float16))
    double = tensor("double", rng.normal(size=4))
    strings = helper.make_tensor("strings", T.STRING, [2], [b"a", b"b\xff"])
    complexes = tensor("complexes", np.array([1 + 2j, 3], np.complex64))
    small = helper.make_tensor("small", T.FLOAT8E4M3FN, [2], [1.0, 2.0])
    nibbles = helper.make_tensor("nibbles", T.INT4, [3], [1, -2, 3])
    huge = helper.make_tensor("huge", T.UINT64, [2], [2**64 - 1, 3])
    sparse = helper.make_sparse_tensor(
        tensor("sparse", np.array([5.0], np.float32)), tensor("", np.array([2], np.int64)), [4])
    unpacked = tensor("tail", np.zeros((2, 2), np.float32))

    inner = helper.make_graph(
        [helper.make_node("Mul", ["c", "twice"], ["made"])], "inner", [],
        [helper.make_tensor_value_info("made", T.FLOAT, None)])
    then = helper.make_graph(
        [helper.make_node("Add", ["c", "half32"], ["twice"]),
         helper.make_node("If", ["flag"], ["deep"], then_branch=inner, else_branch=inner)],
        "then", [], [helper.make_tensor_value_info("deep", T.FLOAT, None)],
        doc_string="a body", value_info=[helper.make_tensor_value_info("twice", T.FLOAT, None)])
    other = helper.make_graph(
        [helper.make_node("Identity", ["own"], ["e"])], "else", [],
        [helper.make_tensor_value_info("e", T.FLOAT, None)], [tensor("own", np.ones(4, np.float32))])
    body = helper.make_graph(
        [helper.make_node("Identity", ["going"], ["on"]), helper.make_node("Add", ["v", "c"], ["u"])],
        "body",
        [helper.make_tensor_value_info("i", T.INT64, []),
         helper.make_tensor_value_info("going", T.BOOL, []),
         helper.make_tensor_value_info("v", T.FLOAT, None)],
        [helper.make_tensor_value_info("on", T.BOOL, []),
         helper.make_tensor_value_info("u", T.FLOAT, None)])
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["c"], name="dense", doc_string="x times w"),
        helper.make_node("Cast", ["half"], ["half32"], name="widen", to=T.FLOAT),
        helper.make_node("If", ["flag"], ["chosen"], name="if", then_branch=then, else_branch=other),
        helper.make_node("Loop", ["trips", "", "chosen"], ["looped"], name="loop", body=body),
        helper.make_node(
            "Odd", ["looped", "", "sparse", "small"], ["odd", "", "spare"], name="odd",
            domain="org.example", f=float("nan"), s="text",
            t=helper.make_tensor("t", T.STRING, [1], [b"x"]), tp=helper.make_tensor_type_proto(1, [2]),
            st=helper.make_sparse_tensor(
                tensor("v", np.array([5.0], np.float32)), tensor("", np.array([2], np.int64)), [4])),
        helper.make_node("Twice", ["odd"], ["y"], name="call", domain="org.local"),
        helper.make_node("Relu", ["c"], ["z"], name="relu"),
        helper.make_node("Identity", ["words"], ["text"]),
    ]
    nodes[0].metadata_props.add(key="namespace", value="model/dense")
    nodes[4].attribute[0].doc_string = "no number"
    blank(nodes[0])
    blank(nodes[4].attribute[1])
    infos = [
        helper.make_tensor_value_info("c", T.FLOAT, ["batch", 4], doc_string="before the relu"),
        helper.make_tensor_value_info("chosen", T.FLOAT, ["batch", 4]),
        # Of a function's body: no value of the graph.
        helper.make_tensor_value_info("org.local::Twice/t", T.FLOAT, ["batch", 4]),
    ]
    graph = helper.make_graph(
        nodes, "kept", [x, flag, trips, words, loose, listed, also], [y, z, text],
        [w, half, double, strings, complexes, small, nibbles, huge, unpacked], doc_string="a graph",
        value_info=infos, sparse_initializer=[sparse])
    graph.quantization_annotation.add(tensor_name="c").quant_parameter_tensor_names.add(
        key="SCALE_TENSOR", value="double")
    graph.metadata_props.add(key="origin", value="here")
    blank(graph)
    blank(graph.initializer[0])
    blank(graph.input[0])
    function = helper.make_function(
        "org.local", "Twice", ["a"], ["b"],
        [helper.make_node("Add", ["a", "a"], ["t"]), helper.make_node("Identity", ["t"], ["b"])],
        [helper.make_opsetid("", 20)], doc_string="a function")
    model = helper.make_model(
        graph, producer_name="make_formats_onnx", producer_version="2", domain="org.dropscope",
        model_version=3, doc_string="a model", ir_version=10, functions=[function],
        opset_imports=[helper.make_opsetid(d, v) for d, v in
                       [("", 20), ("org.example", 2), ("org.local", 1)]])
    helper.set_model_props(model, {"normalize": "0.5,0.25", "note": "α"})
    model.training_info.add().algorithm.name = "a step"
    blank(model)
    (OUT / "kept.onnx").write_bytes(model.SerializeToString(deterministic=True))


def quantised():
    """A convolution between QuantizeLinear and DequantizeLinear, with biases in int32."""
    rng = np.random.default_rng(2)

    def tensor(name, array):
        return numpy_helper.from_array(np.array(array), name)

    weights = rng.integers(-128, 128, (4, 1, 3, 3)).astype(np.int8)
    initializers = [
        tensor("sx", np.float32(0.02)), tensor("zx", np.uint8(128)), tensor("wq", weights),
        tensor("sw", np.float32(0.01)), tensor("zw", np.int8(0)),
        tensor("b", rng.integers(-90, 90, 4).astype(np.int32)), tensor("sb", np.float32(0.0002)),
        tensor("zb", np.int32(0))]
    nodes = [
        helper.make_node("QuantizeLinear", ["x", "sx", "zx"], ["xq"], name="q0"),
        helper.make_node("DequantizeLinear", ["xq", "sx", "zx"], ["xd"], name="dq0"),
        helper.make_node("DequantizeLinear", ["wq", "sw", "zw"], ["wd"], name="dqw"),
        helper.make_node("DequantizeLinear", ["b", "sb", "zb"], ["bd"], name="dqb"),
        helper.make_node("Conv", ["xd", "wd", "bd"], ["c"], name="conv1", kernel_shape=[3, 3]),
        helper.make_node("Relu", ["c"], ["y"], name="relu1"),
    ]
    x = helper.make_tensor_value_info("x", T.FLOAT, [1, 1, 8, 8])
    y = helper.make_tensor_value_info("y", T.FLOAT, [1, 4, 6, 6])
    save("qdq.onnx", helper.make_graph(nodes, "g", [x], [y], initializers), opsets=[("", 13)])


def halves():
    """A convolution in float16 between casts."""
    rng = np.random.default_rng(3)
    w = numpy_helper.from_array(rng.normal(size=(4, 1, 3, 3)).astype(np.float16), "w16")
    nodes = [
        helper.make_node("Cast", ["x"], ["xc"], to=T.FLOAT16),
        helper.make_node("Conv", ["xc", "w16"], ["yc"], name="conv1", kernel_shape=[3, 3]),
        helper.make_node("Relu", ["yc"], ["r"], name="relu1"),
        helper.make_node("Cast", ["r"], ["y"], to=T.FLOAT),
    ]
    x = helper.make_tensor_value_info("x", T.FLOAT, [1, 1, 8, 8])
    y = helper.make_tensor_value_info("y", T.FLOAT, [1, 4, 6, 6])
    save("float16.onnx", helper.make_graph(nodes, "g", [x], [y], [w]))


def sizes():
    """Sizes worked out in int32, as TensorFlow's exports do it."""
    shape = helper.make_tensor_value_info("x", T.FLOAT, ["n", 4, 4])
    y = helper.make_tensor_value_info("y", T.FLOAT, ["n", 16])
    initializers = [
        numpy_helper.from_array(np.array([8], np.int32), "eight"),
        numpy_helper.from_array(np.array([-1], np.int64), "rest")]
    nodes = [
        helper.make_node("Add", ["eight", "eight"], ["sixteen"], name="add"),
        helper.make_node("Cast", ["sixteen"], ["wide"], to=T.INT64),
        helper.make_node("Concat", ["rest", "wide"], ["shape"], axis=0),
        helper.make_node("Reshape", ["x", "shape"], ["flat"], name="flat"),
        helper.make_node("Relu", ["flat"], ["y"], name="relu1"),
    ]
    save("int32add.onnx", helper.make_graph(nodes, "g", [shape], [y], initializers))


def inside():
    """Graphs in nodes: turns of a Loop, slices of a Scan, branches of an If, a function in a function."""
    rng = np.random.default_rng(4)

    def info(name, sizes, kind=T.FLOAT):
        return helper.make_tensor_value_info(name, kind, sizes)

    def node(op, reads, makes, name, **more):
        return helper.make_node(op, reads, makes, name=name, **more)

    turn = helper.make_graph([
        node("MatMul", ["h", "W"], ["hw"], "carry"), node("Add", ["x", "hw"], ["s"], "sum"),
        node("Tanh", ["s"], ["h2"], "state"), node("Identity", ["going"], ["go"], "go")],
        "turn", [info("i", [], T.INT64), info("going", [], T.BOOL), info("h", [2, 6])],
        [info("go", [], T.BOOL), info("h2", [2, 6])])
    slices = helper.make_graph([
        node("Add", ["state", "slice"], ["u"], "sum"), node("Tanh", ["u"], ["state2"], "act"),
        node("Identity", ["u"], ["seen"], "out")],
        "slices", [info("state", [6]), info("slice", [6])], [info("state2", [6]), info("seen", [6])])
    then = helper.make_graph([
        node("Exp", ["y"], ["e"], "exp"), node("Relu", ["e"], ["t"], "act")],
        "then", [], [info("t", [2, 6])])
    other = helper.make_graph([node("Tanh", ["y"], ["o"], "act")], "else", [], [info("o", [2, 6])])
    opset = [helper.make_opsetid("", 17), helper.make_opsetid("my", 1)]
    square = helper.make_function("my", "Square", ["a"], ["b"], [
        node("Relu", ["a"], ["r"], "relu"), node("Mul", ["r", "r"], ["b"], "mul")], opset[:1])
    block = helper.make_function("my", "Block", ["p"], ["q"], [
        node("Exp", ["p"], ["e"], "exp"), node("Square", ["e"], ["q"], "square", domain="my")], opset)
    graph = helper.make_graph([
        node("Loop", ["turns", "", "x"], ["y"], "loop", body=turn),
        node("Scan", ["start", "y"], ["", "z"], "scan", body=slices, num_scan_inputs=1),
        node("If", ["flag"], ["chosen"], "choice", then_branch=then, else_branch=other),
        node("Add", ["z", "chosen"], ["sum"], "add"),
        node("Block", ["sum"], ["first"], "block1", domain="my"),
        node("Block", ["first"], ["out"], "block2", domain="my")],
        "g", [info("x", [2, 6]), info("flag", [], T.BOOL)], [info("out", [2, 6])], [
            numpy_helper.from_array(rng.normal(size=(6, 6)).astype("f") / 3, "W"),
            numpy_helper.from_array(np.array(3), "turns"),
            numpy_helper.from_array(np.zeros(6, "f"), "start")])
    model = helper.make_model(graph, opset_imports=opset, functions=[square, block], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, OUT / "inside.onnx")


types()
unpacked()
everything()
external()
kept()
quantised()
halves()
sizes()
inside()
