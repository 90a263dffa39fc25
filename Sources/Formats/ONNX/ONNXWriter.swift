import FoundationEssentials
public import NeuralNet
import SwiftProtobuf
import TensorCore

/// ONNX models out. The same graph gives the same bytes: whatever a graph keeps by name is written
/// in the order of the names.
public enum ONNXWriter {
  /// A graph as an ONNX file. Outputs are declared with the shapes that the operators' shape rules
  /// give, sizes that follow the inputs' open ones left open.
  /// - Throws: `FormatError` for `name` where a node has an attribute that could not be read and so
  ///   cannot be written.
  public static func bytes(
    _ graph: Graph, named name: String, producer: String = "dropscope"
  ) throws(FormatError) -> [UInt8] {
    let model = try model(graph, named: name, producer: producer)
    do {
      return try model.serializedBytes()
    } catch {
      throw FormatError(.cannotWrite, file: name, .failure("\(error)"))
    }
  }

  /// The model as messages.
  static func model(
    _ graph: Graph, named name: String, producer: String
  ) throws(FormatError) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = irVersion(opset: graph.opset)
    model.producerName = producer
    model.opsetImport = graph.opsets.sorted { $0.key < $1.key }.map { domain, version in
      var opset = Onnx_OperatorSetIdProto()
      opset.domain = domain
      opset.version = Int64(version)
      return opset
    }
    model.metadataProps = graph.metadata.sorted { $0.key < $1.key }.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
    model.graph.name = graph.name.isEmpty ? "graph" : graph.name
    for node in graph.nodes { model.graph.node.append(try proto(node, in: name)) }
    model.graph.initializer = graph.constants.sorted { $0.key < $1.key }.map { key, value in
      var tensor = proto(value)
      tensor.name = key
      return tensor
    }
    model.graph.input = graph.inputs.map { info($0.name, $0.type, $0.dims) }
    let shapes = OutputShapes(graph)
    model.graph.output = graph.outputs.map { info($0, shapes.type($0), shapes.dims($0)) }
    return model
  }

  /// The first IR version that knows an operator set (ONNX's table of versions), at least 4: before
  /// it constants had to be inputs too.
  private static func irVersion(opset: Int) -> Int64 {
    let firstOpsets = [(10, 5), (11, 6), (12, 7), (15, 8), (19, 9), (21, 10), (23, 11), (24, 12)]
    return Int64(firstOpsets.last { opset >= $0.0 }?.1 ?? 4)
  }

  private static func info(
    _ name: String, _ type: ElementType, _ dims: [Int?]?
  ) -> Onnx_ValueInfoProto {
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = Int32(type.onnx)
    if let dims {
      info.type.tensorType.shape = Onnx_TensorShapeProto()
      info.type.tensorType.shape.dim = dims.map { size in
        var dim = Onnx_TensorShapeProto.Dimension()
        if let size { dim.dimValue = Int64(size) }
        return dim
      }
    }
    return info
  }

  private static func proto(
    _ node: Node, in file: String
  ) throws(FormatError) -> Onnx_NodeProto {
    var proto = Onnx_NodeProto()
    proto.input = node.inputs
    proto.output = node.outputs
    proto.name = node.name
    proto.opType = node.opType
    if !node.domain.isEmpty { proto.domain = node.domain }
    for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
      guard var written = self.proto(attribute) else {
        throw FormatError(
          .cannotWrite, file: file, part: "node \(node.name): attribute \(name)",
          .mismatch(expected: "numbers, text or a tensor", found: "\(attribute)"))
      }
      written.name = name
      proto.attribute.append(written)
    }
    return proto
  }

  private static func proto(_ attribute: Attribute) -> Onnx_AttributeProto? {
    var proto = Onnx_AttributeProto()
    switch attribute {
    case .int(let value): (proto.type, proto.i) = (.int, Int64(value))
    case .float(let value): (proto.type, proto.f) = (.float, value)
    case .string(let value): (proto.type, proto.s) = (.string, Data(value.utf8))
    case .ints(let values): (proto.type, proto.ints) = (.ints, values.map { Int64($0) })
    case .floats(let values): (proto.type, proto.floats) = (.floats, values)
    case .strings(let values):
      (proto.type, proto.strings) = (.strings, values.map { Data($0.utf8) })
    case .tensor(let value): (proto.type, proto.t) = (.tensor, self.proto(value))
    case .unsupported: return nil
    }
    return proto
  }

  private static func proto(_ value: Value) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.dims = value.shape.dims.map { Int64($0) }
    tensor.dataType = Int32(value.type.onnx)
    tensor.rawData = Data(value.littleEndianBytes)
    return tensor
  }
}
