import FoundationEssentials
public import NeuralNet
import SwiftProtobuf
import TensorCore

/// ONNX models out. A graph that was read from a file is written into that file's own messages
/// (`ONNXEdit`), any other as messages of its own. The same graph gives the same bytes: whatever a
/// graph keeps by name is written in the order of the names.
public enum ONNXWriter {
  /// A graph as an ONNX file. What the graph's document has and the graph does not change is there as
  /// it was read. Outputs the document does not declare are declared with the shapes that the
  /// operators' shape rules give, sizes that follow the inputs' open ones left open.
  ///
  /// Tensors in files of their own stay there: the bytes mean the same only in the document's folder,
  /// or where `write(_:to:producer:)` has put those files too.
  /// - Throws: `FormatError` for `name` where something cannot be kept or be said in ONNX; for the
  ///   document's file where it was changed since it was read.
  public static func bytes(
    _ graph: Graph, named name: String, producer: String = "dropscope"
  ) throws(FormatError) -> [UInt8] {
    try model(graph, named: name, producer: producer).rope.bytes()
  }

  /// Writes a graph as an ONNX file, all at once or not at all, without holding it in memory a second
  /// time. The file it was read from may be written over. Files beside the document that hold its
  /// tensors are copied to where the new file looks for them.
  /// - Throws: `FormatError` as `bytes(_:named:producer:)` does, where a file cannot be written, and
  ///   where other files of the same names lie beside the new one.
  public static func write(
    _ graph: Graph, to path: String, producer: String = "dropscope"
  ) throws(FormatError) {
    let (rope, files) = try model(graph, named: path, producer: producer)
    let copied = try files?.copy(beside: path) ?? []
    do {
      try FileBytes.write(rope, to: path)
    } catch {
      ONNXExternalFiles.remove(copied)
      throw error
    }
  }

  /// The most bytes protocol buffers take as one message.
  private static let mostBytes = Int(Int32.max)

  private static func model(
    _ graph: Graph, named name: String, producer: String
  ) throws(FormatError) -> (rope: ByteRope, files: ONNXExternalFiles?) {
    // No reader takes one.
    guard !graph.nodes.isEmpty else {
      throw FormatError(name, "graph", expected: "nodes", found: "none")
    }
    let (rope, files): (ByteRope, ONNXExternalFiles?)
    if let document = graph.document as? ONNXDocument {
      var edit = ONNXEdit(graph, of: document, to: name)
      rope = try edit.model()
      files = ONNXExternalFiles(model: document.source.name, locations: edit.locations)
    } else {
      (rope, files) = (try model(graph, in: name, producer: producer), nil)
    }
    guard rope.count <= mostBytes else {
      throw FormatError(
        .cannotWrite, file: name,
        .mismatch(
          expected: "a model of at most \(grouped(mostBytes)) bytes",
          found: "\(grouped(rope.count))"))
    }
    return (rope, files)
  }

  /// A model that no file was read for.
  private static func model(
    _ graph: Graph, in file: String, producer: String
  ) throws(FormatError) -> ByteRope {
    var body = ByteRope()
    for node in graph.nodes { body.append(1, try message(node, in: file)) }
    body.append(2, (graph.name.isEmpty ? "graph" : graph.name).utf8)
    for (name, value) in graph.constants.sorted(by: { $0.key < $1.key }) {
      body.append(5, try message(value, named: name, in: file))
    }
    for input in graph.inputs {
      body.append(11, info(input.name, input.type, input.hasShape ? input.dims : nil))
    }
    let shapes = OutputShapes(graph)
    for name in graph.outputs { body.append(12, info(name, shapes.type(name), shapes.dims(name))) }

    var model = ByteRope()
    model.append(1, number: irVersion(opset: graph.opset))
    model.append(2, producer.utf8)
    model.append(7, body)
    for (domain, version) in graph.opsets.sorted(by: { $0.key < $1.key }) {
      model.append(8, opset(domain, version))
    }
    for (key, value) in graph.metadata.sorted(by: { $0.key < $1.key }) {
      model.append(14, entry(key, value))
    }
    return model
  }

  /// The first IR version that knows an operator set (ONNX's table of versions), at least 4: before
  /// it constants had to be inputs too.
  static func irVersion(opset: Int) -> Int {
    let firstOpsets = [(10, 5), (11, 6), (12, 7), (15, 8), (19, 9), (21, 10), (23, 11), (24, 12)]
    return firstOpsets.last { opset >= $0.0 }?.1 ?? 4
  }

  /// An OperatorSetIdProto.
  static func opset(_ domain: String, _ version: Int) -> ByteRope {
    var rope = ByteRope()
    rope.append(1, domain.utf8)
    rope.append(2, number: version)
    return rope
  }

  /// A StringStringEntryProto.
  static func entry(_ key: String, _ value: String) -> ByteRope {
    var rope = ByteRope()
    rope.append(1, key.utf8)
    rope.append(2, value.utf8)
    return rope
  }

  /// A ValueInfoProto; `dims` are nil where nothing is known of the shape.
  static func info(_ name: String, _ type: ElementType, _ dims: [Int?]?) -> ByteRope {
    var tensor = ByteRope()
    tensor.append(1, number: type.onnx)
    if let dims {
      var shape = ByteRope()
      for size in dims {
        var dim = ByteRope()
        if let size { dim.append(1, number: size) }
        shape.append(1, dim)
      }
      tensor.append(2, shape)
    }
    var (value, info) = (ByteRope(), ByteRope())
    value.append(1, tensor)
    info.append(1, name.utf8)
    info.append(2, value)
    return info
  }

  /// A NodeProto.
  /// - Throws: `FormatError` where an attribute is not a thing that a graph holds.
  static func message(_ node: Node, in file: String) throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    for name in node.inputs { rope.append(1, name.utf8) }
    for name in node.outputs { rope.append(2, name.utf8) }
    rope.append(3, node.name.utf8)
    rope.append(4, node.opType.utf8)
    for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
      rope.append(5, try message(attribute, named: name, of: node, in: file))
    }
    if !node.domain.isEmpty { rope.append(7, node.domain.utf8) }
    return rope
  }

  /// An AttributeProto.
  /// - Throws: `FormatError` where the attribute is not a thing that a graph holds.
  static func message(
    _ attribute: Attribute, named name: String, of node: Node, in file: String
  ) throws(FormatError) -> ByteRope {
    typealias Kind = Onnx_AttributeProto.AttributeType
    var rope = ByteRope()
    rope.append(1, name.utf8)
    let kind: Kind
    switch attribute {
    case .int(let value):
      rope.append(3, number: value)
      kind = .int
    case .float(let value):
      rope.append(2, float: value)
      kind = .float
    case .string(let value):
      rope.append(4, value.utf8)
      kind = .string
    case .ints(let values):
      for value in values { rope.append(8, number: value) }
      kind = .ints
    case .floats(let values):
      for value in values { rope.append(7, float: value) }
      kind = .floats
    case .strings(let values):
      for value in values { rope.append(9, value.utf8) }
      kind = .strings
    case .tensor(let value):
      rope.append(5, try message(value, named: nil, in: file))
      kind = .tensor
    case .graph, .unsupported:
      throw FormatError(
        .cannotWrite, file: file, part: "node \(node.name): attribute \(name)",
        .mismatch(expected: "numbers, text or a tensor", found: "\(attribute)"))
    }
    rope.append(20, number: kind.rawValue)
    return rope
  }

  /// A TensorProto with its numbers as `raw_data`.
  /// - Throws: `FormatError` where the value holds no numbers.
  static func message(
    _ value: Value, named name: String?, in file: String
  ) throws(FormatError) -> ByteRope {
    if case .opaque(let type, _) = value {
      throw FormatError(
        .cannotWrite, file: file, part: "tensor \(name ?? "")",
        .mismatch(
          expected: "numbers",
          found: "\(type) elements, which are known to the file alone that the model came from"))
    }
    var rope = ByteRope()
    for size in value.shape.dims { rope.append(1, number: size) }
    rope.append(2, number: value.type.onnx)
    if let name { rope.append(8, name.utf8) }
    rope.append(9, ByteRope(numbers: value))
    return rope
  }
}
