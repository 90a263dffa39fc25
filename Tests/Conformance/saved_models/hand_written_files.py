"""Habits of the file: metadata, documents, external data, unknown fields, order of fields."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, parser

from .hand_written import HAND, X50, put, text
from .rewriters import small_network
from .shelf import maker, numbers

EXPORTER = f"{HAND} files"
IMAGE = {"x": numbers((2, 3, 8, 8))}


def field(number, data):
    """A length-delimited field as protobuf writes it."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    return bytes(out + bytes([n]))


UNKNOWN = (field(1900, b"of a later version") + varint(1901 << 3) + varint(300)
           + varint(1902 << 3 | 5) + b"\x01\x02\x03\x04" + varint(1903 << 3 | 1) + b"8 bytes.")


@maker
def documents(shelf):
    def metadata():
        model = small_network(21)
        model.ir_version = 10
        model.doc_string = "# Titel\nLine with ünïcode\n\ttab"
        model.domain, model.model_version = "org.example", 42
        model.producer_version = "1.2.3+local"
        graph = model.graph
        for at in (model, graph, graph.node[1], graph.input[0], graph.output[0],
                   graph.initializer[0]):
            at.metadata_props.add(key="namespace", value="a/b")
            at.metadata_props.add(key="leer", value="")
        for at in (graph, graph.node[0], graph.input[0], graph.initializer[1],
                   graph.node[0].attribute[0]):
            at.doc_string = "where it comes from"
        graph.value_info.append(helper.make_tensor_value_info("r1", 1, ["n", 6, "h", "w"]))
        graph.value_info[0].metadata_props.add(key="source", value="relu")
        return model
    put(shelf, "metadata", metadata, "doc strings and metadata on everything that has them",
        "relu1", inputs=IMAGE, exporter=EXPORTER)

    def dims():
        model = small_network()
        x = model.graph.input[0].type
        x.denotation = "IMAGE"
        for dim, word in zip(x.tensor_type.shape.dim,
                             ("DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE")):
            dim.denotation = word
        x.tensor_type.shape.dim[2].dim_param = "höhe / 2"
        x.tensor_type.shape.dim[3].Clear()
        model.graph.output[0].type.tensor_type.ClearField("shape")
        return model
    put(shelf, "dims", dims,
        "dim names, denotations, a dim without either, an output without shape", "relu1",
        kind="spatial", inputs=IMAGE, exporter=EXPORTER)

    def annotation():
        model = small_network()
        note = model.graph.quantization_annotation.add()
        note.tensor_name = "r1"
        note.quant_parameter_tensor_names.add(key="SCALE_TENSOR", value="r1_scale")
        note.quant_parameter_tensor_names.add(key="ZERO_POINT_TENSOR", value="r1_zero")
        model.graph.initializer.append(numpy_helper.from_array(np.array(0.1, "f"), "r1_scale"))
        model.graph.initializer.append(numpy_helper.from_array(np.array(3, np.int8), "r1_zero"))
        return model
    put(shelf, "annotation", annotation, "quantization_annotation of the site itself", "relu1",
        inputs=IMAGE, exporter=EXPORTER)

    def training():
        model = small_network(dense_only=True)
        info = model.training_info.add()
        info.initialization.CopyFrom(helper.make_graph(
            [helper.make_node("RandomNormal", [], ["start"], shape=[16, 32], seed=7.0)],
            "initialise", [], [helper.make_tensor_value_info("start", 1, [16, 32])]))
        info.algorithm.CopyFrom(helper.make_graph(
            [helper.make_node("Mul", ["w1", "rate"], ["new"])], "step", [],
            [helper.make_tensor_value_info("new", 1, [16, 32])],
            [numpy_helper.from_array(np.array(0.9, "f"), "rate")]))
        info.initialization_binding.add(key="w1", value="start")
        info.update_binding.add(key="w1", value="new")
        return model
    put(shelf, "training_info", training, "training_info", "r1", inputs={"x": numbers((5, 16))},
        exporter=EXPORTER)

    def devices():
        model = small_network(24)
        model.ir_version = 11
        model.configuration.add(name="two", num_devices=2)
        spec = model.graph.node[1].device_configurations.add(configuration_id="two")
        spec.pipeline_stage = 1
        return model
    put(shelf, "devices", devices, "IR 11: device configurations", "relu1", inputs=IMAGE,
        exporter=EXPORTER)


@maker
def domains(shelf):
    def aliased():
        model = small_network()
        del model.opset_import[:]
        model.opset_import.extend([helper.make_opsetid("ai.onnx", 17),
                                   helper.make_opsetid("com.unused", 3),
                                   helper.make_opsetid("ai.onnx.ml", 3)])
        for node in model.graph.node[:3]:
            node.domain = "ai.onnx"
        return model
    put(shelf, "domain_ai_onnx", aliased, "the default domain written as ai.onnx, imports unused",
        "relu1", inputs=IMAGE, exporter=EXPORTER)
    put(shelf, "domain_unknown", text('''[r] h = Relu (x)
  [u] k = com.nowhere.Mystery <deep = 3, words = ["a", "b"], at = [1.5, 2.5]> (h)
  y = Neg (k)''', imports=', "com.nowhere" : 9'), "an operator that nobody knows", "r",
        exporter=EXPORTER, inputs=X50, cannot_run="no runtime has the operator")
    put(shelf, "domain_unknown_site", text('''[r] h = Relu (x)
  [u] k, l = com.nowhere.Mystery (h)
  y = Neg (k)''', imports=', "com.nowhere" : 9'),
        "the site is what an unknown operator makes: its type is not known", "u",
        exporter=EXPORTER, cannot_run="no runtime has the operator", may_refuse=True)
    put(shelf, "attribute_unknown", text('''[r] h = Relu <of_a_vendor = 3> (x)
  y = Neg (h)'''), "a known operator with an attribute of a vendor's", "r", exporter=EXPORTER,
        inputs=X50, cannot_run="onnxruntime refuses unknown attributes")
    put(shelf, "microsoft", text('''[g] h = com.microsoft.Gelu (x)
  [q] k = com.microsoft.QuickGelu <alpha = 1.702> (h)
  y = com.microsoft.FusedMatMul <transA = 1> (k, h)''', imports=', "com.microsoft" : 1',
                                  signature="(float[n,4] x) => (float[4,4] y)"),
        "com.microsoft's operators", "g", exporter=EXPORTER)

    def attributes():
        """A call whose attributes are of every kind; the function reads only one."""
        body = '''
<domain: "local", opset_import: ["" : 17]>
Keep <f, i, s, t, fs, is, ss> (a) => (c)
{
  k = Constant <value_float: float = @f> ()
  c = Mul (a, k)
}'''
        model = parser.parse_model(text("[r] h = Relu (x)\n  [call] y = local.Keep (h)",
                                        imports=', "local" : 1', functions=body))
        node = model.graph.node[1]
        tensor = helper.make_tensor("t", TensorProto.INT8, [2], [1, -1])
        for name, value in (("f", 0.1), ("i", 2**62), ("s", b"\xff\x00bytes"), ("t", tensor),
                            ("fs", [0.1, float("nan")]), ("is", [1, -1]), ("ss", ["a", "ß"])):
            node.attribute.append(helper.make_attribute(name, value))
        return model
    put(shelf, "attribute_kinds", attributes, "attributes of seven kinds on one node", "r",
        exporter=EXPORTER)

    def rare_attributes():
        model = parser.parse_model(text("[r] h = Relu (x)\n  [u] y = com.nowhere.Mystery (h)",
                                        imports=', "com.nowhere" : 1'))
        graph = helper.make_graph([helper.make_node("Neg", ["h"], ["n"])], "inner", [],
                                  [helper.make_tensor_value_info("n", 1, ["n", 4])])
        tensor = helper.make_tensor("t", TensorProto.DOUBLE, [1], [0.1])
        sparse = helper.make_sparse_tensor(
            helper.make_tensor("", 1, [1], [1.0]),
            helper.make_tensor("", TensorProto.INT64, [1], [2]), [4])
        node = model.graph.node[1]
        node.attribute.append(helper.make_attribute("tp", helper.make_map_type_proto(
            TensorProto.STRING, helper.make_tensor_type_proto(1, ["n"]))))
        for name, value in (("sp", sparse), ("g", graph), ("gs", [graph, graph]),
                            ("ts", [tensor, tensor]), ("sps", [sparse])):
            node.attribute.append(helper.make_attribute(name, value))
        return model
    put(shelf, "attribute_rare", rare_attributes,
        "attributes that hold types, sparse tensors and graphs; a graph in one reads the site", "r",
        exporter=EXPORTER, inputs=X50, cannot_run="no runtime has the operator")


@maker
def external_data(shelf):
    def save(name, one_file, habit, **more):
        def make():
            model = small_network()
            (shelf.folder / f"hand_{name}.bin").unlink(missing_ok=True)  # save_model appends
            onnx.save_model(model, shelf.folder / f"hand_{name}.onnx", save_as_external_data=True,
                            all_tensors_to_one_file=one_file, size_threshold=0,
                            location=f"hand_{name}.bin" if one_file else None)
            path = shelf.folder / f"hand_{name}.onnx"
            proto = onnx.load(path, load_external_data=False)
            if more.get("checksum"):
                for tensor in proto.graph.initializer:
                    tensor.external_data.add(key="checksum", value="0" * 40)
                path.write_bytes(proto.SerializeToString())
            shelf.add(f"hand_{name}", path, exporter=EXPORTER, habit=habit, site="relu1",
                      kind=more.get("kind", "element"), inputs=IMAGE)
        shelf.attempt(f"hand_{name}", make)

    def own_names():
        model = small_network()
        for tensor in model.graph.initializer:
            tensor.name = f"hand_external_{tensor.name}"
            (shelf.folder / tensor.name).unlink(missing_ok=True)  # save_model appends
        for node in model.graph.node:
            node.input[:] = [f"hand_external_{i}" if i in ("k1", "b1", "k2", "w3", "b3") else i
                             for i in node.input]
        path = shelf.folder / "hand_external_each.onnx"
        onnx.save_model(model, path, save_as_external_data=True, all_tensors_to_one_file=False,
                        size_threshold=0)
        shelf.add("hand_external_each", path, exporter=EXPORTER,
                  habit="external data, a file for each tensor", site="relu1", inputs=IMAGE)

    save("external", True, "external data in one file, offsets and lengths", kind="spatial")
    save("external_checksum", True, "external data with a checksum", checksum=True)
    shelf.attempt("hand_external_each", own_names)


@maker
def wire(shelf):
    def unknown():
        """Fields of a later version of ONNX in the model, its graph, a node and a tensor."""
        model = small_network()
        graph = model.graph
        node, tensor = graph.node[1].SerializeToString(), graph.initializer[0].SerializeToString()
        graph.node[1].ParseFromString(node + UNKNOWN)
        graph.initializer[0].ParseFromString(tensor + UNKNOWN)
        graph.input[0].ParseFromString(graph.input[0].SerializeToString() + UNKNOWN)
        graph.ParseFromString(graph.SerializeToString() + UNKNOWN)
        return model.SerializeToString() + UNKNOWN
    put(shelf, "unknown_fields", unknown,
        "fields that this version of ONNX does not know, of every wire type", "relu1",
        inputs=IMAGE, exporter=EXPORTER)

    def order():
        """The graph first, its parts backwards, imports last."""
        model = small_network()
        graph = model.graph
        parts = [field(12, graph.output[0].SerializeToString())]
        parts += [field(5, t.SerializeToString()) for t in graph.initializer]
        parts += [field(11, graph.input[0].SerializeToString()), field(2, b"backwards")]
        parts += [field(1, n.SerializeToString()) for n in graph.node]
        return (field(7, b"".join(parts)) + field(8, model.opset_import[0].SerializeToString())
                + varint(1 << 3) + varint(8))
    put(shelf, "field_order", order, "fields of the file in another order", "relu1", inputs=IMAGE,
        exporter=EXPORTER)

    def pieces():
        """The graph in two pieces, which protobuf merges; the last of two IR versions counts."""
        model = small_network()
        later = onnx.GraphProto()
        later.node.extend(model.graph.node[4:])
        later.initializer.extend(model.graph.initializer[3:])
        del model.graph.node[4:]
        del model.graph.initializer[3:]
        return (varint(1 << 3) + varint(3) + model.SerializeToString()
                + field(7, later.SerializeToString()))
    put(shelf, "graph_in_pieces", pieces, "the graph in two pieces of the file", "relu1",
        inputs=IMAGE, exporter=EXPORTER)

    def unpacked():
        """float_data and dims one field a number, as proto2 writers without packing do."""
        array = numbers((4, 3))
        tensor = b"".join(varint(1 << 3) + varint(d) for d in array.shape)
        tensor += varint(2 << 3) + varint(1)
        tensor += b"".join(varint(4 << 3 | 5) + v.tobytes() for v in array.ravel())
        tensor += field(8, b"w")
        model = parser.parse_model(text("[r] h = Relu (x)\n  y = MatMul (h, w)",
                                        signature="(float[n,4] x) => (float[n,3] y)"))
        graph = model.graph.SerializeToString() + field(5, tensor)
        model.ClearField("graph")
        return model.SerializeToString() + field(7, graph)
    put(shelf, "unpacked", unpacked, "numbers of a tensor one field each", "r", exporter=EXPORTER)

    def defaults():
        """Fields present though they hold their default, empty names, an empty attribute."""
        model = parser.parse_model(text("[r] h = Relu (x)\n"
                                        "  y = ReduceSum <keepdims = 1> (h, axes)",
                                        head="<int64[1] axes = {1}>",
                                        signature="(float[n,4] x) => (float[n,1] y)"))
        model.model_version, model.domain, model.doc_string = 0, "", ""
        model.graph.node[0].domain, model.graph.node[0].doc_string = "", ""
        model.graph.node[1].attribute[0].doc_string = ""
        model.graph.initializer[0].data_location = TensorProto.DEFAULT
        return model
    put(shelf, "set_defaults", defaults, "fields that are set to their default", "r",
        exporter=EXPORTER)
