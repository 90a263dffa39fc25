"""What tools make that read a model and write another: quantisers, converters, optimisers.

Their input is one small network written here with onnx.helper, so that they need no exporter.
"""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .shelf import maker, needs, numbers, scratch
from .torch_exporters import value_of


def small_network(opset=17, dense_only=False):
    """conv, relu, conv, relu, mean, dense, softmax; or three dense layers."""
    random = np.random.default_rng(7)

    def weight(name, *shape):
        return numpy_helper.from_array((random.standard_normal(shape) * 0.3).astype("f"), name)

    if dense_only:
        inits = [weight("w1", 16, 32), weight("b1", 32), weight("w2", 32, 32), weight("b2", 32),
                 weight("w3", 32, 4)]
        nodes = [helper.make_node("MatMul", ["x", "w1"], ["m1"], "m1"),
                 helper.make_node("Add", ["m1", "b1"], ["h1"], "a1"),
                 helper.make_node("Relu", ["h1"], ["r1"], "r1"),
                 helper.make_node("Gemm", ["r1", "w2", "b2"], ["h2"], "g2"),
                 helper.make_node("Relu", ["h2"], ["r2"], "r2"),
                 helper.make_node("MatMul", ["r2", "w3"], ["y"], "m3")]
        shape, out = ["n", 16], ["n", 4]
    else:
        inits = [weight("k1", 6, 3, 3, 3), weight("b1", 6), weight("k2", 6, 6, 3, 3),
                 weight("w3", 6, 4), weight("b3", 4)]
        nodes = [helper.make_node("Conv", ["x", "k1", "b1"], ["c1"], "conv1", pads=[1] * 4),
                 helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
                 helper.make_node("Conv", ["r1", "k2"], ["c2"], "conv2", pads=[1] * 4),
                 helper.make_node("Relu", ["c2"], ["r2"], "relu2"),
                 helper.make_node("Add", ["r1", "r2"], ["s"], "skip"),
                 helper.make_node("GlobalAveragePool", ["s"], ["p"], "pool"),
                 helper.make_node("Flatten", ["p"], ["f"], "flat"),
                 helper.make_node("Gemm", ["f", "w3", "b3"], ["g"], "dense"),
                 helper.make_node("Softmax", ["g"], ["y"], "softmax", axis=1)]
        shape, out = ["n", 3, 8, 8], ["n", 4]
    graph = helper.make_graph(
        nodes, "small", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)], inits)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8,
                             producer_name="hand")


def in_typed_lists(model):
    """The same model with its weights in float_data, not raw_data."""
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        tensor.CopyFrom(helper.make_tensor(tensor.name, tensor.data_type, tensor.dims,
                                           array.ravel().tolist()))
    return model


def image():
    return {"x": numbers((2, 3, 8, 8))}


def rows():
    return {"x": numbers((5, 16))}


@maker
def onnxruntime_quantiser(shelf):
    onnxruntime = needs("onnxruntime")
    from onnxruntime import quantization as q

    exporter = f"onnxruntime {onnxruntime.__version__} quantiser"

    class Reader(q.CalibrationDataReader):
        def __init__(self):
            self.left = [{"x": numbers((2, 3, 8, 8), seed)} for seed in range(4)]

        def get_next(self):
            return self.left.pop() if self.left else None

    def static(name, habit, site, format_, **more):
        def make():
            with scratch() as folder:
                onnx.save(small_network(), f"{folder}/in.onnx")
                if more.pop("prepare", False):
                    q.shape_inference.quant_pre_process(f"{folder}/in.onnx", f"{folder}/in.onnx")
                q.quantize_static(f"{folder}/in.onnx", f"{folder}/out.onnx", Reader(),
                                  quant_format=format_, **more)
                model = onnx.load(f"{folder}/out.onnx")
                shelf.add(f"quantised_{name}", f"{folder}/out.onnx", exporter=exporter,
                          habit=habit, site=site(model), inputs=image())
        shelf.attempt(f"quantised_{name}", make)

    def dynamic(name, habit, **more):
        def make():
            with scratch() as folder:
                onnx.save(small_network(dense_only=True), f"{folder}/in.onnx")
                q.quantize_dynamic(f"{folder}/in.onnx", f"{folder}/out.onnx", **more)
                shelf.add(f"quantised_{name}", f"{folder}/out.onnx", exporter=exporter,
                          habit=habit, site="r1", inputs=rows())
        shelf.attempt(f"quantised_{name}", make)

    static("qdq", "QDQ, int8 activations and weights, scales beside",
           lambda m: value_of(m, "DequantizeLinear", 1), q.QuantFormat.QDQ)
    static("qdq_behind_relu", "QDQ, the site lies before a QuantizeLinear",
           lambda m: value_of(m, "Relu"), q.QuantFormat.QDQ, per_channel=True,
           activation_type=q.QuantType.QUInt8, weight_type=q.QuantType.QInt8, prepare=True,
           extra_options={"QDQKeepRemovableActivations": True})
    static("qdq_int16", "QDQ with uint16 activations in com.microsoft's domain",
           lambda m: value_of(m, "GlobalAveragePool"), q.QuantFormat.QDQ,
           activation_type=q.QuantType.QUInt16, weight_type=q.QuantType.QInt8)
    static("operators", "QLinearConv and com.microsoft's QLinearAdd",
           lambda m: value_of(m, "DequantizeLinear"), q.QuantFormat.QOperator)
    dynamic("dynamic", "DynamicQuantizeLinear and MatMulInteger, int8")
    dynamic("dynamic_uint8", "the same with uint8 weights, per channel", per_channel=True,
            weight_type=q.QuantType.QUInt8)

    def four_bits():
        from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

        quantizer = MatMulNBitsQuantizer(small_network(dense_only=True), block_size=16,
                                         is_symmetric=True)
        quantizer.process()
        model = quantizer.model.model
        shelf.add("quantised_four_bits", model, exporter=exporter,
                  habit="com.microsoft's MatMulNBits, weights packed in uint8", site="r1",
                  inputs=rows())
    shelf.attempt("quantised_four_bits", four_bits)


@maker
def onnxruntime_optimiser(shelf):
    onnxruntime = needs("onnxruntime")
    exporter = f"onnxruntime {onnxruntime.__version__} optimised model"
    level = onnxruntime.GraphOptimizationLevel

    def saved(name, habit, optimise, site, model, inputs):
        def make():
            with scratch() as folder:
                options = onnxruntime.SessionOptions()
                options.graph_optimization_level = optimise
                options.optimized_model_filepath = f"{folder}/out.onnx"
                options.log_severity_level = 4
                onnx.save(model, f"{folder}/in.onnx")
                onnxruntime.InferenceSession(f"{folder}/in.onnx", options,
                                             providers=["CPUExecutionProvider"])
                written = onnx.load(f"{folder}/out.onnx")
                shelf.add(f"optimised_{name}", f"{folder}/out.onnx", exporter=exporter,
                          habit=habit, site=site(written), inputs=inputs)
        shelf.attempt(f"optimised_{name}", make)

    saved("extended", "com.microsoft's FusedConv, many opset imports", level.ORT_ENABLE_EXTENDED,
          lambda m: value_of(m, "FusedConv"), small_network(), image())
    saved("all", "com.microsoft.nchwc's Conv, weights blocked", level.ORT_ENABLE_ALL,
          lambda m: value_of(m, "GlobalAveragePool"), small_network(), image())
    saved("dense", "com.microsoft's FusedGemm", level.ORT_ENABLE_EXTENDED,
          lambda m: m.graph.node[0].output[0], small_network(dense_only=True), rows())

    def transformer():
        from onnxruntime.transformers import optimizer
        from onnxruntime.transformers.fusion_options import FusionOptions

        with scratch() as folder:
            onnx.save(attention_block(), f"{folder}/in.onnx")
            fusions = FusionOptions("bert")
            optimised = optimizer.optimize_model(
                f"{folder}/in.onnx", "bert", num_heads=2, hidden_size=8, opt_level=0,
                optimization_options=fusions)
            model = optimised.model
        fused = [n for n in model.graph.node if n.domain == "com.microsoft"]
        shelf.add("optimised_transformer", model,
                  exporter=f"onnxruntime {onnxruntime.__version__} transformers.optimizer",
                  habit=f"fused {', '.join(sorted({n.op_type for n in fused}))}",
                  site=fused[0].output[0], inputs={"x": numbers((2, 5, 8))})
    shelf.attempt("optimised_transformer", transformer)


def attention_block():
    """The feed-forward half of a transformer layer, spelled in small operators."""
    random = np.random.default_rng(7)
    inits = [numpy_helper.from_array((random.standard_normal(s) * 0.3).astype("f"), n)
             for n, s in (("w1", (8, 16)), ("b1", (16,)), ("w2", (16, 8)), ("b2", (8,)),
                          ("gamma", (8,)), ("beta", (8,)))]
    inits += [numpy_helper.from_array(np.array(v, "f"), n)
              for n, v in (("root2", 2 ** 0.5), ("one", 1), ("half", 0.5))]
    n = helper.make_node
    nodes = [n("MatMul", ["x", "w1"], ["m"]), n("Add", ["m", "b1"], ["h"]),
             n("Div", ["h", "root2"], ["d"]), n("Erf", ["d"], ["e"]),
             n("Add", ["e", "one"], ["e1"]),
             n("Mul", ["h", "e1"], ["he"]), n("Mul", ["he", "half"], ["gelu"]),
             n("MatMul", ["gelu", "w2"], ["m2"]), n("Add", ["m2", "b2"], ["o"]),
             n("Add", ["o", "x"], ["skip"]),
             n("LayerNormalization", ["skip", "gamma", "beta"], ["y"], axis=-1)]
    graph = helper.make_graph(
        nodes, "block", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", "t", 8])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "t", 8])], inits)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@maker
def converter_common(shelf):
    common = needs("onnxconverter_common")
    exporter = f"onnxconverter-common {common.__version__}"

    def one(name, habit, convert, site, inputs):
        def make():
            model = convert()
            shelf.add(f"float16_{name}", model, exporter=exporter, habit=habit, site=site(model),
                      inputs=inputs)
        shelf.attempt(f"float16_{name}", make)

    half = {k: v.astype(np.float16) for k, v in image().items()}
    one("all", "float16 throughout", lambda: common.float16.convert_float_to_float16(
        small_network()), lambda m: "r1", half)
    one("kept_ends", "float16 within, float32 at both ends, Cast nodes added",
        lambda: common.float16.convert_float_to_float16(small_network(), keep_io_types=True),
        lambda m: "relu2", image())
    one("blocked", "some operators kept in float32 (op_block_list)",
        lambda: common.float16.convert_float_to_float16(
            small_network(), op_block_list=["Gemm", "Softmax"]), lambda m: "flat", half)
    one("typed_lists", "float16 of a model written with typed lists",
        lambda: common.float16.convert_float_to_float16(
            in_typed_lists(small_network(dense_only=True)), disable_shape_infer=True),
        lambda m: "r2",
        {k: v.astype(np.float16) for k, v in rows().items()})


@maker
def onnx_tools(shelf):
    """What the package onnx itself writes."""
    from onnx import compose, shape_inference, utils, version_converter

    exporter = f"onnx {onnx.__version__} tools"

    def one(name, habit, make_model, site, inputs, **more):
        def make():
            model = make_model()
            shelf.add(f"onnx_{name}", model, exporter=exporter, habit=habit, site=site,
                      inputs=inputs, **more)
        shelf.attempt(f"onnx_{name}", make)

    one("inferred", "value_info of every value (infer_shapes)",
        lambda: shape_inference.infer_shapes(small_network()), "relu1", image(), kind="spatial")
    one("older", "version_converter to opset 15",
        lambda: version_converter.convert_version(small_network(17), 15), "relu1", image())
    one("newer", "version_converter to opset 22",
        lambda: version_converter.convert_version(small_network(13), 22), "relu2", image())

    def merged():
        first = small_network()
        first.graph.output[0].CopyFrom(
            helper.make_tensor_value_info("s", TensorProto.FLOAT, ["n", 6, 8, 8]))
        del first.graph.node[5:]
        body = helper.make_model(helper.make_graph(
            [helper.make_node("GlobalAveragePool", ["s"], ["y"], "pool")], "tail",
            [helper.make_tensor_value_info("s", TensorProto.FLOAT, ["n", 6, 8, 8])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 6, 1, 1])]),
            opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        return compose.merge_models(first, body, io_map=[("s", "s")], prefix1="head/",
                                    prefix2="tail/")
    one("merged", "two models merged, prefixes before every name", merged, "head/s",
        {"head/x": image()["x"]})

    def extracted():
        with scratch() as folder:
            onnx.save(shape_inference.infer_shapes(small_network()), f"{folder}/in.onnx")
            utils.extract_model(f"{folder}/in.onnx", f"{folder}/out.onnx", ["c1"], ["f", "r1"])
            return onnx.load(f"{folder}/out.onnx")
    one("extracted", "a piece cut out; the site is an output and read on", extracted, "relu1",
        {"c1": numbers((2, 6, 8, 8))})


@maker
def slimmers(shelf):
    def slim():
        onnxslim = needs("onnxslim")
        shelf.add("slim_small", onnxslim.slim(small_network()),
                  exporter=f"onnxslim {onnxslim.__version__}", habit="simplified",
                  site="relu1", kind="spatial", inputs=image())
    shelf.attempt("slim_small", slim)

    def surgeon():
        gs = needs("onnx_graphsurgeon")
        graph = gs.import_onnx(small_network())
        graph.toposort().cleanup()
        shelf.add("surgeon_small", gs.export_onnx(graph),
                  exporter=f"onnx-graphsurgeon {gs.__version__}",
                  habit="imported and exported again", site="relu2", inputs=image())
    shelf.attempt("surgeon_small", surgeon)


@maker
def builders(shelf):
    """Libraries in which people write models by hand."""
    def script():
        onnxscript = needs("onnxscript")
        from . import written_in_onnxscript

        model = written_in_onnxscript.network.to_model_proto()
        shelf.add("script_functions", model, exporter=f"onnxscript {onnxscript.__version__}",
                  habit="functions of its own, an If and a Loop written in Python",
                  site=model.graph.node[0].output[0], inputs={"x": numbers((3, 4))})
    shelf.attempt("script_functions", script)

    def spox():
        spox = needs("spox")
        import spox.opset.ai.onnx.v17 as op

        x = spox.argument(spox.Tensor(np.float32, ("n", 4)))
        h = op.relu(op.matmul(x, op.const(numbers((4, 6)))))
        y, = op.if_(op.greater(op.reduce_sum(h, keepdims=0), op.const(np.float32(1))),
                    then_branch=lambda: [op.mul(h, op.const(np.float32(2)))],
                    else_branch=lambda: [op.neg(h)])
        model = spox.build({"x": x}, {"y": y})
        shelf.add("spox_branch", model, exporter=f"spox {spox.__version__}",
                  habit="values named by number, Constant nodes, If", site=value_of(model, "Relu"),
                  inputs={"x": numbers((3, 4))})
    shelf.attempt("spox_branch", spox)
