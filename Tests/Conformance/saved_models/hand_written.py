"""Models written by hand: functions, bodies that read outer values, names, sites, old opsets."""
import numpy as np
import onnx
from onnx import TensorProto, helper, parser

from .shelf import maker, numbers
from .rewriters import small_network

HAND = "hand-written"
X34 = {"x": numbers((3, 4))}
X50 = {"x": numbers((50, 4))}  # for onnx.reference, which draws one mask only


def put(shelf, name, model, habit, site, inputs=None, exporter=HAND, **more):
    """`model`: a ModelProto, bytes, or text in onnx's own notation."""
    def make():
        made = model() if callable(model) else model
        if isinstance(made, str):
            made = parser.parse_model(made)
        shelf.add(f"hand_{name}", made, exporter=exporter, habit=habit, site=site,
                  inputs=X34 if inputs is None else inputs, **more)
    shelf.attempt(f"hand_{name}", make)


def text(body, ir=8, opset=17, imports="", signature="(float[n,4] x) => (float[n,4] y)",
         functions="", head=""):
    return f'<ir_version: {ir}, opset_import: ["" : {opset}{imports}]>\n' \
           f"g {signature} {head} {{\n{body}\n}}\n{functions}"


@maker
def functions(shelf):
    exporter = f"{HAND} functions"
    block = '''
<domain: "local", opset_import: ["" : 17]>
Block <scale: float = 0.5, shift> (a, b) => (c)
{
  s = Constant <value_float: float = @scale> ()
  t = Constant <value_float: float = @shift> ()
  m = Mul (a, s)
  d = Add (m, b)
  c = Add (d, t)
}'''
    put(shelf, "function", text('''[n1] h = Relu (x)
  [call] k = local.Block <shift = 1.5> (h, x)
  [n2] y = Tanh (k)''', imports=', "local" : 1', functions=block),
        "a function of the model, attributes with and without a default", "call",
        exporter=exporter)
    nested = '''
<domain: "local", opset_import: ["" : 17, "local" : 1]>
Outer (a) => (c)
{
  z = Constant <value_float: float = 0.0> ()
  s = ReduceSum <keepdims = 0> (a)
  g = Greater (s, z)
  k = If (g) <then_branch = t () => (p) { p = local.Inner (a) },
              else_branch = e () => (q) { q = Exp (a) }>
  c = Add (k, a)
}
<domain: "local", opset_import: ["" : 17]>
Inner (a) => (c)
{
  b = Sigmoid (a)
  c = Mul (a, b)
}'''
    put(shelf, "function_nested", text('''h = local.Outer (x)
  k = local.Outer (h)
  y = Tanh (k)''', imports=', "local" : 1', functions=nested),
        "functions that call functions from an If body; nodes without names", "k",
        exporter=exporter)

    def overloads():
        model = parser.parse_model(text('''[n1] h = Relu (x)
  [call] k = local.Block <shift = 1.5> (h, x)
  [n2] y = Tanh (k)''', ir=10, opset=21, imports=', "local" : 1',
            functions=block.replace('"" : 17', '"" : 21')))
        model.functions[0].overload = "wide"
        model.graph.node[1].overload = "wide"
        model.functions[0].value_info.append(
            helper.make_tensor_value_info("m", TensorProto.FLOAT, ["n", 4]))
        model.functions[0].metadata_props.add(key="from", value="the author")
        return model
    put(shelf, "function_overload", overloads,
        "IR 10: overload, value_info and metadata of a function", "n1", exporter=exporter)


@maker
def bodies(shelf):
    exporter = f"{HAND} bodies"
    put(shelf, "if", text('''h = Relu (x)
  s = ReduceSum <keepdims = 0> (h)
  one = Constant <value = float {1}> ()
  g = Greater (s, one)
  y = If (g) <then_branch = t () => (float[n,4] p) { p = Mul (h, h) },
              else_branch = e () => (float[n,4] q) { q = Neg (h) }>'''),
        "If: the site is read by both bodies and nowhere else below", "h", exporter=exporter)
    put(shelf, "if_and_outside", text('''h = Relu (x)
  s = ReduceSum <keepdims = 0> (h)
  one = Constant <value = float {1}> ()
  g = Greater (s, one)
  k = If (g) <then_branch = t () => (float[n,4] p) { p = Mul (h, h) },
              else_branch = e () => (float[n,4] q) { q = Identity (x) }>
  y = Add (k, h)'''), "If: the site is read by one body, and outside", "h", exporter=exporter)
    put(shelf, "if_nested", text('''h = Relu (x)
  s = ReduceSum <keepdims = 0> (h)
  one = Constant <value = float {1}> ()
  g = Greater (s, one)
  y = If (g) <then_branch = t () => (float[n,4] p) {
                 gg = Not (g)
                 p = If (gg) <then_branch = t2 () => (float[n,4] pp) { pp = Neg (h) },
                              else_branch = e2 () => (float[n,4] qq) { qq = Add (h, x) }> },
              else_branch = e () => (float[n,4] q) { q = Identity (x) }>'''),
        "If in If: the site is read two bodies deep", "h", exporter=exporter)
    put(shelf, "if_shadows_nothing", text('''h = Relu (x)
  s = ReduceSum <keepdims = 0> (h)
  one = Constant <value = float {1}> ()
  g = Greater (s, one)
  k = If (g) <then_branch = t () => (float[n,4] h_dropout) { h_dropout = Neg (x) },
              else_branch = e () => (float[n,4] h_clean) { h_clean = Identity (x) }>
  y = Add (k, h)'''), "names that the edit would take are taken inside bodies", "h",
        exporter=exporter)
    put(shelf, "loop", text('''h = Relu (x)
  n = Constant <value = int64 {3}> ()
  go = Constant <value = bool {1}> ()
  y, each = Loop (n, go, h) <body = b (int64 i, bool go_in, float[n,4] state) =>
             (bool go_out, float[n,4] next, float[n,4] seen) {
               go_out = Identity (go_in)
               half = Constant <value = float {0.5}> ()
               scaled = Mul (state, half)
               next = Add (scaled, h)
               seen = Neg (next)
             }>''', signature="(float[n,4] x) => (float[n,4] y, float[m,n,4] each)"),
        "Loop: the site is its first state and is read by the body", "h", exporter=exporter)
    put(shelf, "scan", text('''h = Relu (x)
  bias = ReduceMean <axes = [0], keepdims = 0> (h)
  last, y = Scan <num_scan_inputs = 1, body = b (float[4] state, float[4] row) =>
            (float[4] next, float[4] out) {
              t = Add (row, bias)
              next = Add (state, t)
              out = Mul (next, bias)
            }> (bias, h)'''), "Scan: rows of the site, and a value of it, read by the body", "bias",
        exporter=exporter)
    put(shelf, "if_initialiser_inside", text('''h = Relu (x)
  s = ReduceSum <keepdims = 0> (h)
  g = Greater (s, one)
  k = If (g) <then_branch = t () => (float[n,4] p) <float[4] w = {1, -2, 3, -4}> { p = Mul (x, w) },
              else_branch = e () => (float[n,4] q) <float[4] v = {4, 3, 2, 1}> { q = Mul (x, v) }>
  y = Add (k, h)''', head="<float one = {1}>"), "initialisers within the bodies", "h",
        exporter=exporter)


@maker
def sites(shelf):
    exporter = f"{HAND} sites"
    put(shelf, "output", text("h = Relu (x)\n  y = Tanh (h)"), "the site is the graph's output",
        "y", exporter=exporter)
    put(shelf, "output_read_on", text("[r] h = Relu (x)\n  [t] y = Tanh (h)",
                                      signature="(float[n,4] x) => (float[n,4] y, float[n,4] h)"),
        "the site is an output and is read on", "r", exporter=exporter)
    put(shelf, "many_readers", text('''[r] h = Relu (x)
  a = Mul (h, h)
  b = Sub (h, a)
  y = Concat <axis = 1> (h, b, h)''', signature="(float[n,4] x) => (float[n,12] y)"),
        "many readers, some of which read it twice", "r", exporter=exporter)
    put(shelf, "second_output", text('''[s] a, b = Split <axis = 1> (x)
  c = Sub (b, a)
  y = Concat <axis = 1> (b, c)''', opset=13), "the site is a node's second output", "b",
        exporter=exporter)
    put(shelf, "graph_input", text("h = Relu (x)\n  y = Add (h, x)"),
        "the site is the graph's input", "x", exporter=exporter)
    def taken():
        model = parser.parse_model(text('''h = Relu (x)
  h_dropout = Neg (h)
  h_clean = Tanh (h_dropout)
  k = Mul (h_clean, ratio)
  y = Add (k, h)''', head="<float ratio = {0.25}, float h_dropout_1 = {1}>"))
        model.graph.initializer[0].name = model.graph.node[3].input[1] = "h_dropout.ratio"
        return model
    put(shelf, "taken_names", taken, "every name that the edit would take is taken", "h",
        exporter=exporter)
    put(shelf, "no_names", text("h = Relu (x)\n  k = Tanh (h)\n  y = Neg (k)"),
        "nodes without names", "k", exporter=exporter)
    put(shelf, "one_name_for_all", text(
        "[same] h = Relu (x)\n  [same] k = Tanh (h)\n  [same] y = Neg (k)"),
        "three nodes of one name; the site is named by value", "k", exporter=exporter,
        inputs=X50, cannot_run="onnxruntime refuses two nodes of one name")
    put(shelf, "missing_inputs", text('''[c] h = Clip (x, , top)
  [m] k, mm = MaxPool <kernel_shape = [2], strides = [1], pads = [0, 1]> (h)
  [r] y = Identity (k)''', head="<float top = {0.5}>",
                                     signature="(float[n,2,4] x) => (float[n,2,4] y)"),
        "an input left out in the middle, an output nobody reads", "c",
        inputs={"x": numbers((3, 2, 4))}, exporter=exporter)
    put(shelf, "existing_dropout", text('''h = Relu (x)
  [d1] k = Dropout (h, p)
  [d2] l = Dropout (k, p, off)
  y = Neg (l)''', head="<float p = {0.5}, bool off = {0}>"),
        "two inactive Dropouts in the file already", "h", exporter=exporter)
    put(shelf, "row", small_network(17), "a kind that shares noise along columns", "relu1",
        kind="row", inputs={"x": numbers((2, 3, 8, 8))}, exporter=exporter)
    put(shelf, "column", small_network(13), "a kind that shares noise along rows", "relu2",
        kind="column", inputs={"x": numbers((2, 3, 8, 8))}, exporter=exporter)

    def odd():
        model = parser.parse_model(text("[a] h = Relu (x)\n  [b] k = Tanh (h)\n  [c] y = Neg (k)"))
        renamed = {"x": "eingang, größe=4", "h": "h", "k": "π/2:0 ", "y": "out\tput"}
        for node in model.graph.node:
            node.input[:] = [renamed[n] for n in node.input]
            node.output[:] = [renamed[n] for n in node.output]
            node.name = f"model/layer {node.name}=1,2;" if node.name != "a" else "relu"
        model.graph.input[0].name, model.graph.output[0].name = renamed["x"], renamed["y"]
        return model
    put(shelf, "odd_names", odd, "names with spaces, commas, =, tabs and other scripts", "relu",
        inputs={"eingang, größe=4": numbers((3, 4))}, exporter=exporter)
    for name, site, habit, model in (
            ("absent", "nowhere", "no such node and no such value", None),
            ("shape", "s", "the site holds int64 sizes",
             text("s = Shape (x)\n  h = Relu (x)\n  y = Reshape (h, s)")),
            ("bool", "b", "the site holds booleans",
             text("z = Constant <value = float {0}> ()\n  b = Greater (x, z)\n"
                  "  y = Where (b, x, z)")),
            ("sequence", "s", "the site holds a sequence",
             text("s = SequenceConstruct (x, x)\n  y = ConcatFromSequence <axis = 0> (s)"))):
        def make():
            made = parser.parse_model(model or text("h = Relu (x)\n  y = Neg (h)"))
            entry = shelf.add(f"refuse_{name}", made, exporter=exporter, habit=habit, site=site,
                              purpose="refuse", inputs=X34)
            return entry
        shelf.attempt(f"refuse_{name}", make)


@maker
def old_opsets(shelf):
    exporter = f"{HAND} old opsets"
    for opset in (6, 7, 8, 9, 10, 11, 12, 13):
        def make():
            ir = {6: 3, 7: 3, 8: 3, 9: 4, 10: 5, 11: 6, 12: 7}.get(opset, 7)
            random = np.random.default_rng(opset)
            k = (random.standard_normal((4, 3, 3, 3)) * 0.3).astype("f")
            w = (random.standard_normal((4, 5)) * 0.3).astype("f")
            inits = [onnx.numpy_helper.from_array(a, n) for a, n in
                     ((k, "k"), (w, "w"), (np.ones(5, "f"), "b"), (np.zeros(4, "f"), "shift"),
                      (np.ones(4, "f"), "gain"))]
            nodes = [helper.make_node("Conv", ["x", "k"], ["c"], "conv", pads=[1, 1, 1, 1]),
                     helper.make_node("BatchNormalization", ["c", "gain", "shift", "shift", "gain"],
                                      ["n"], "norm", epsilon=1e-3),
                     helper.make_node("Relu", ["n"], ["r"], "relu"),
                     helper.make_node("GlobalAveragePool", ["r"], ["p"], "pool"),
                     helper.make_node("Flatten", ["p"], ["f"], "flat"),
                     helper.make_node("Gemm", ["f", "w", "b"], ["y"], "dense")]
            if opset == 6:  # onnxruntime has neither BatchNormalization nor Gemm that old
                nodes[1] = helper.make_node("Abs", ["c"], ["n"], "norm")
                nodes[5] = helper.make_node("MatMul", ["f", "w"], ["y"], "dense")
                inits = inits[:2]
            inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3, 6, 6])]
            if ir < 4:
                inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims)
                           for t in inits]
            graph = helper.make_graph(
                nodes, "old", inputs,
                [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 5])], inits)
            model = helper.make_model(graph, ir_version=ir, producer_name="CNTK",
                                      opset_imports=[helper.make_opsetid("", opset)])
            how = "; initialisers are inputs" if ir < 4 else ""
            shelf.add(f"hand_opset{opset}", model, exporter=exporter,
                      habit=f"opset {opset}, IR {ir}{how}", site="relu",
                      kind="spatial" if opset in (9, 12, 13) else "element",
                      inputs={"x": numbers((2, 3, 6, 6))})
        shelf.attempt(f"hand_opset{opset}", make)
    put(shelf, "ir3_opset13", lambda: as_inputs(small_network(13)),
        "IR 3 with opset 13: a new initialiser has to be an input too, or a node", "relu1",
        inputs={"x": numbers((2, 3, 8, 8))}, exporter=exporter)
    put(shelf, "opset6_dropout", text('''h = Relu (x)
  k = Dropout <is_test = 1, ratio = 0.5> (h)
  y = Neg (k)''', ir=3, opset=6), "a Dropout with is_test in the file already", "h",
        exporter=exporter)


def as_inputs(model):
    """IR 3's habit: every initialiser stands among the inputs too."""
    model.ir_version = 3
    for tensor in model.graph.initializer:
        model.graph.input.append(
            helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    return model
