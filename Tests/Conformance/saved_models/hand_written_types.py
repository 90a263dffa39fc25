"""Element types and the fields they are kept in; outputs that are no tensors."""
import ml_dtypes
import numpy as np
from onnx import TensorProto, helper, numpy_helper, parser

from .hand_written import HAND, X34, X50, put, text
from .shelf import maker, numbers

EXPORTER = f"{HAND} types"


def in_type(element, ir=8, opset=17, raw=True):
    """x → MatMul → Relu → Add → y with weights of one float type."""
    random = np.random.default_rng(7)

    def tensor(name, shape):
        values = random.standard_normal(shape) * 0.5
        dtype = helper.tensor_dtype_to_np_dtype(element)
        if raw:
            return numpy_helper.from_array(values.astype(dtype), name)
        return helper.make_tensor(name, element, shape, values.astype(dtype).ravel().tolist())

    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["m"], "product"),
         helper.make_node("Relu", ["m"], ["r"], "relu"),
         helper.make_node("Add", ["r", "b"], ["y"], "sum")], "typed",
        [helper.make_tensor_value_info("x", element, ["n", 4])],
        [helper.make_tensor_value_info("y", element, ["n", 5])],
        [tensor("w", (4, 5)), tensor("b", (5,))])
    return helper.make_model(graph, ir_version=ir, opset_imports=[helper.make_opsetid("", opset)])


@maker
def float_types(shelf):
    for name, element, dtype in (("float16", TensorProto.FLOAT16, np.float16),
                                 ("double", TensorProto.DOUBLE, np.float64),
                                 ("bfloat16", TensorProto.BFLOAT16, ml_dtypes.bfloat16)):
        feed = {"x": numbers((50, 4)).astype(dtype)}
        more = {}
        if name == "bfloat16":
            feed = {"x": feed["x"].astype(np.float32)}  # .npz has no bfloat16; see the notes
            more = {"cannot_run": "onnxruntime's CPU has no bfloat16 MatMul",
                    "notes": "inputs are kept as float32 and cast"}
        for raw in (True, False):
            how = "raw_data" if raw else "the typed list"
            put(shelf, f"{name}{'' if raw else '_list'}", in_type(element, raw=raw),
                f"{name} weights in {how}", "relu", inputs=feed, exporter=EXPORTER, **more)
    put(shelf, "bfloat16_within", text('''c = Cast <to = 16> (x)
  [site] k = Neg (c)
  d = Cast <to = 1> (k)
  y = Relu (d)'''), "a bfloat16 value between Casts", "site", exporter=EXPORTER,
        inputs=X50,
        cannot_run="onnxruntime's CPU has no bfloat16 Neg")
    put(shelf, "double_spatial", text('''[r] h = MaxPool <kernel_shape = [2, 2]> (x)
  y = Neg (h)''', signature="(double[2,3,4,5] x) => (double[2,3,3,4] y)"), "double maps", "r",
        kind="spatial", inputs={"x": numbers((2, 3, 4, 5), dtype=np.float64)}, exporter=EXPORTER)


@maker
def typed_lists(shelf):
    def lists():
        """One initialiser of each type, each in its typed list; all are outputs or read."""
        f, make = TensorProto, helper.make_tensor
        kept = [make("f32", f.FLOAT, [2], [0.1, -0.0]), make("f64", f.DOUBLE, [2], [0.1, 1e300]),
                make("f16", f.FLOAT16, [2], np.array([0.1, 65504], np.float16).tolist()),
                make("i8", f.INT8, [2], [-128, 127]), make("u8", f.UINT8, [2], [0, 255]),
                make("i16", f.INT16, [2], [-32768, 32767]), make("u16", f.UINT16, [2], [0, 65535]),
                make("i32", f.INT32, [2], [-2**31, 2**31 - 1]),
                make("u32", f.UINT32, [2], [0, 2**32 - 1]),
                make("i64", f.INT64, [2], [-2**63, 2**63 - 1]),
                make("u64", f.UINT64, [2], [0, 2**64 - 1]),
                make("flag", f.BOOL, [2], [True, False]),
                make("words", f.STRING, [2], ["é", "plain"]),
                make("empty", f.FLOAT, [0, 3], []), make("scalar", f.FLOAT, [], [2.5])]
        nodes = [helper.make_node("Mul", ["x", "scalar"], ["h"], "scale"),
                 helper.make_node("Relu", ["h"], ["y"], "relu")]
        nodes += [helper.make_node("Identity", [t.name], [f"{t.name}_out"]) for t in kept
                  if t.name not in ("scalar",)]
        outs = [helper.make_tensor_value_info("y", f.FLOAT, ["n", 4])]
        outs += [helper.make_tensor_value_info(f"{t.name}_out", t.data_type, t.dims) for t in kept
                 if t.name not in ("scalar",)]
        return helper.make_model(
            helper.make_graph(nodes, "lists",
                              [helper.make_tensor_value_info("x", f.FLOAT, ["n", 4])], outs, kept),
            ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    put(shelf, "typed_lists", lists, "every element type in its typed list; strings, empty, scalar",
        "scale", exporter=EXPORTER)

    def extremes():
        values = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 1e-45, 3.4e38, 1], np.float32)
        values.view(np.uint32)[0] = 0x7FC12345
        graph = helper.make_graph(
            [helper.make_node("Relu", ["x"], ["h"], "relu"),
             helper.make_node("Neg", ["h"], ["y"], "neg"),
             helper.make_node("Identity", ["e"], ["z"], "keep"),
             helper.make_node("LeakyRelu", ["h"], ["l"], "leaky", alpha=float("-inf"))], "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4]),
             helper.make_tensor_value_info("z", TensorProto.FLOAT, [8]),
             helper.make_tensor_value_info("l", TensorProto.FLOAT, ["n", 4])],
            [helper.make_tensor("e", TensorProto.FLOAT, [8], values.tobytes(), raw=True)])
        return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    put(shelf, "extremes", extremes, "NaN with a payload, ±Inf, −0, denormal", "relu",
        exporter=EXPORTER)

    def integers(element, name, ir, opset, habit, **more):
        packed = {TensorProto.INT4: (-8, 7), TensorProto.UINT4: (0, 15),
                  TensorProto.INT8: (-128, 127), TensorProto.UINT8: (0, 255)}
        low, high = packed.get(element, (-2, 2))
        values = np.random.default_rng(7).integers(low, high + 1, (4, 5))
        dtype = helper.tensor_dtype_to_np_dtype(element)
        nodes = [helper.make_node("DequantizeLinear", ["w", "s", "z"], ["wf"], "weights"),
                 helper.make_node("MatMul", ["x", "wf"], ["m"], "product"),
                 helper.make_node("Relu", ["m"], ["y"], "relu")]
        inits = [numpy_helper.from_array(values.astype(dtype), "w"),
                 numpy_helper.from_array(np.array(0.05, "f"), "s"),
                 numpy_helper.from_array(np.array(0).astype(dtype), "z")]
        model = helper.make_model(
            helper.make_graph(nodes, "q", [helper.make_tensor_value_info("x", 1, ["n", 4])],
                              [helper.make_tensor_value_info("y", 1, ["n", 5])], inits),
            ir_version=ir, opset_imports=[helper.make_opsetid("", opset)])
        put(shelf, name, model, habit, "product", exporter=EXPORTER, **more)
    integers(TensorProto.INT8, "int8", 8, 17, "int8 weights behind DequantizeLinear")
    integers(TensorProto.UINT8, "uint8", 8, 13, "uint8 weights behind DequantizeLinear")
    integers(TensorProto.INT4, "int4", 10, 21, "int4 weights, two in a byte")
    integers(TensorProto.UINT4, "uint4", 10, 21, "uint4 weights, two in a byte")
    integers(TensorProto.FLOAT8E4M3FN, "float8", 9, 19, "float8 weights")

    put(shelf, "weights_site", text('''[cast] w = Cast <to = 1> (k)
  m = MatMul (x, w)
  y = Relu (m)''', head="<int8[4,3] k = {1,-2,3,4,-5,6,7,8,-9,1,2,3}>",
                                    signature="(float[n,4] x) => (float[n,3] y)"),
        "the site lies on a weight's path, int8 behind it", "cast", exporter=EXPORTER)


@maker
def sparse(shelf):
    def model():
        graph = helper.make_graph(
            [helper.make_node("Relu", ["x"], ["h"], "relu"),
             helper.make_node("MatMul", ["h", "w"], ["y"], "product")], "sparse",
            [helper.make_tensor_value_info("x", 1, ["n", 4])],
            [helper.make_tensor_value_info("y", 1, ["n", 3])])
        values = helper.make_tensor("w", 1, [3], [1.5, -2.0, 3.0])
        indices = helper.make_tensor("w_at", TensorProto.INT64, [3], [0, 5, 11])
        graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4, 3]))
        return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
    put(shelf, "sparse", model, "a sparse initialiser", "relu", exporter=EXPORTER)

    def constant():
        made = parser.parse_model(text("[c] w = Constant <value_float: float = 1.0> ()\n"
                                       "  [r] h = Relu (x)\n  y = MatMul (h, w)",
                                       signature="(float[n,4] x) => (float[n,3] y)"))
        attribute = made.graph.node[0].attribute[0]
        values = helper.make_tensor("", 1, [2], [1.5, -2.0])
        indices = helper.make_tensor("", TensorProto.INT64, [2, 2], [0, 1, 3, 2])
        attribute.CopyFrom(helper.make_attribute(
            "sparse_value", helper.make_sparse_tensor(values, indices, [4, 3])))
        return made
    put(shelf, "sparse_constant", constant, "a Constant of sparse_value", "r", exporter=EXPORTER)


@maker
def other_values(shelf):
    put(shelf, "strings", text('''
  [s] lower = StringNormalizer <case_change_action = "UPPER", locale = "C"> (words)
  [r] h = Relu (x)
  y = Neg (h)''', signature="(float[n,4] x, string[m] words) => (float[n,4] y, string[m] lower)"),
        "strings beside numbers", "r", inputs=X34 | {"words": np.array(["ab", "Öl", ""])},
        exporter=EXPORTER)
    put(shelf, "sequence", text('''[r] h = Relu (x)
  n = Neg (h)
  s = SequenceConstruct (h, n)
  zero = Constant <value = int64 {0}> ()
  y = SequenceAt (s, zero)''', signature="(float[n,4] x) => (float[n,4] y, seq(float[n,4]) s)"),
        "a sequence is made of the site and is an output", "r", exporter=EXPORTER)
    put(shelf, "optional", text('''[r] h = Relu (x)
  o = Optional (h)
  has = OptionalHasElement (o)
  y = OptionalGetElement (o)''', opset=18,
                                signature="(float[n,4] x) => (float[n,4] y, bool has)"),
        "an optional is made of the site", "r", exporter=EXPORTER)
    put(shelf, "optional_input", text('''[r] h = Relu (x)
  has = OptionalHasElement (o)
  y = Where (has, h, x)''', opset=18,
                                      signature="(float[n,4] x, optional(seq(float[n])) o) => "
                                                "(float[n,4] y)"),
        "an input of optional type", "r", exporter=EXPORTER,
        inputs=X50, cannot_run="Python hands onnxruntime no empty optional")
