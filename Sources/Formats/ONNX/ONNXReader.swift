public import NeuralNet
import SwiftProtobuf
import TensorCore

/// ONNX models in: the numbers of tensors are set apart (`ONNXSkeleton`), the wire format becomes
/// messages (swift-protobuf), their tensors (`ONNXTensor`) and attributes (`ONNXAttribute`) values;
/// `Graph` then checks the names and sorts the nodes.
public struct ONNXReader {
  let file: String
  var tensors: ONNXTensorReader
  var document: ONNXDocument
  private let functions: ONNXFunctions

  /// Reads the model in a file, and the files beside it that hold its tensors where it says so. The
  /// numbers of `raw_data` and of files beside it are never in memory twice.
  /// - Throws: `FormatError` where a file cannot be read or is no model that makes sense.
  public static func graph(at path: String) throws(FormatError) -> Graph {
    let source = try ByteSource(path: path)
    return try graph(from: source, by: try ONNXSkeleton(source))
  }

  /// Reads a model. `name` is the file's path: errors begin with it, and external tensors are
  /// looked for in its folder.
  ///
  /// Values keep their element types. Initializers that are also inputs are constants. Operators are
  /// not looked at, nor whether anything can compute with an input's type: a graph with operators
  /// nobody knows can be listed and edited. The graph's `document` keeps the file open, so that what
  /// is not changed can be written back as it was.
  /// - Throws: `FormatError` where the bytes are no model, or one whose graph cannot be.
  public static func graph(from bytes: [UInt8], named name: String) throws(FormatError) -> Graph {
    let source = ByteSource(bytes, named: name)
    return try graph(from: source, by: try ONNXSkeleton(source))
  }

  /// Reads a model from its skeleton; where there is none, from all of its bytes.
  static func graph(
    from source: ByteSource, by skeleton: ONNXSkeleton?
  ) throws(FormatError) -> Graph {
    let model: Onnx_ModelProto
    if let skeleton {
      model = try self.model(skeleton.bytes, of: source)
    } else {
      model = try self.model(try source.bytes(0..<source.count), of: source)
    }
    guard let document = try ONNXDocument(source) else {
      throw FormatError(
        source.name, expected: "an ONNX model", found: "fields of a kind ONNX does not have")
    }
    var reader = ONNXReader(
      file: source.name,
      tensors: ONNXTensorReader(source: source) { skeleton?.payload($0) }, document: document,
      functions: ONNXFunctions(model))
    return try reader.graph(model)
  }

  /// The message that bytes are: all bytes of a file, or what is left of them.
  private static func model(
    _ bytes: [UInt8], of source: ByteSource
  ) throws(FormatError) -> Onnx_ModelProto {
    let found: String
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      let model = try Onnx_ModelProto(serializedBytes: bytes, options: options)
      guard !model.hasGraph || !model.hasIrVersion else { return model }
      found =
        "no \(model.hasGraph ? "ir_version" : "graph") in it"
    } catch BinaryDecodingError.truncated {
      found = "a field that goes on after the file's end"
    } catch BinaryDecodingError.messageDepthLimit {
      found = "messages nested too deeply"
    } catch {
      found = "bytes that are none"
    }
    let kind = FileKind(sniffing: try source.bytes(0..<min(source.count, FileKind.sniffed)))
    let advice = kind.toONNX.isEmpty ? "" : "; \(kind.toONNX) makes one"
    throw FormatError(
      source.name, expected: "an ONNX model", found: (kind == .unknown ? found : "\(kind)") + advice
    )
  }

  private mutating func graph(_ model: Onnx_ModelProto) throws(FormatError) -> Graph {
    let opsets = try opsets(model)
    var constants = try constants(model.graph)
    for (name, info) in try document.sparseConstants() {
      constants[name] = .opaque(info.type, info.shape)
    }
    var nodes = try nodes(model.graph, opsets)
    for index in nodes.indices { nodes[index].origin = index }
    guard !nodes.isEmpty else { throw FormatError(file, "graph", expected: "nodes", found: "none") }
    for node in nodes where opsets[node.domain] == nil && ["", "ai.onnx"].contains(node.domain) {
      // Both names mean ONNX's own operators; those of other domains are only carried along.
      if opsets[""] ?? opsets["ai.onnx"] != nil { continue }
      throw FormatError(
        file, "node \(node.name)", expected: "an opset_import of domain \"\(node.domain)\"",
        found: opsets.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
    }
    var metadata: [String: String] = [:]
    for entry in model.metadataProps { metadata[entry.key] = entry.value }
    let inputs = try inputs(model.graph)
    document.irVersion = Int(model.irVersion)
    document.name = model.graph.name
    document.inputs = Dictionary(inputs.map { ($0.name, $0) }) { first, _ in first }
    document.outputs = model.graph.output.map(\.name)
    document.nodes = nodes
    document.constants = constants.mapValues { ValueInfo($0.shape, type: $0.type) }
    (document.opsets, document.metadata) = (opsets, metadata)
    do {
      var graph = try Graph(
        name: model.graph.name, inputs: inputs, outputs: document.outputs, constants: constants,
        nodes: nodes, opsets: opsets, metadata: metadata, document: document)
      for info in model.graph.output {
        if info.type.value != nil { graph.valueTypes[info.name] = try? input(info).type }
      }
      return graph
    } catch {
      throw FormatError(file, error)
    }
  }

  private func opsets(_ model: Onnx_ModelProto) throws(FormatError) -> [String: Int] {
    // The field came with IR version 3.
    if model.opsetImport.isEmpty, model.irVersion < 3 { return ["": 1] }
    var opsets: [String: Int] = [:]
    for opset in model.opsetImport {
      guard (1...1 << 30).contains(opset.version) else {
        throw FormatError(
          file, "opset_import", expected: "a version of 1 or more", found: "\(opset.version)")
      }
      opsets[opset.domain] = Int(opset.version)
    }
    guard !opsets.isEmpty else {
      throw FormatError(file, "opset_import", expected: "an operator set", found: "none")
    }
    return opsets
  }

  private mutating func constants(_ graph: Onnx_GraphProto) throws(FormatError) -> [String: Value] {
    var constants: [String: Value] = [:]
    for tensor in graph.initializer {
      guard !tensor.name.isEmpty, constants[tensor.name] == nil else {
        throw FormatError(
          file, "initializers", expected: "a name for each",
          found: tensor.name.isEmpty ? "one without" : "\(tensor.name) twice")
      }
      constants[tensor.name] = try tensors.value(tensor, named: "tensor \(tensor.name)")
    }
    return constants
  }

  private func inputs(_ graph: Onnx_GraphProto) throws(FormatError) -> [Graph.Input] {
    var inputs: [Graph.Input] = []
    var names = Set<String>()
    for info in graph.input {
      guard !info.name.isEmpty, names.insert(info.name).inserted else {
        throw FormatError(
          file, "inputs", expected: "a name for each",
          found: info.name.isEmpty ? "one without" : "\(info.name) twice")
      }
      inputs.append(try input(info))
    }
    return inputs
  }

  private func input(_ info: Onnx_ValueInfoProto) throws(FormatError) -> Graph.Input {
    let part = "input \(info.name)"
    switch info.type.value {
    case .tensorType(let tensor): return try input(info.name, tensor, part)
    case .sequenceType(let sequence):
      guard case .tensorType(let tensor)? = sequence.elemType.value else { break }
      return .sequence(info.name, of: ElementType(onnx: Int(tensor.elemType)))
    case .optionalType(let optional):
      var info = info
      info.type = optional.elemType
      var own = try input(info)
      own.isOptional = true
      return own
    default: break
    }
    return Graph.Input(info.name, type: .unsupported, dims: [], hasShape: false)
  }

  private func input(
    _ name: String, _ tensor: Onnx_TypeProto.Tensor, _ part: String
  ) throws(FormatError) -> Graph.Input {
    let type = ElementType(onnx: Int(tensor.elemType))
    guard tensor.hasShape else {
      return Graph.Input(name, type: type, dims: [], hasShape: false)
    }
    let dims: [Int?] = tensor.shape.dim.map { dim in
      if case .dimValue(let size) = dim.value { Int(size) } else { nil }
    }
    let names: [String?] = tensor.shape.dim.map { dim in
      if case .dimParam(let name) = dim.value, !name.isEmpty { name } else { nil }
    }
    let shape: Shape
    do {
      shape = try Shape(checking: dims.map { $0 == 0 ? 1 : $0 ?? 1 }, in: part)
    } catch {
      throw FormatError(file, part, error)
    }
    // Larger inputs could not be held, and shape rules multiply sizes.
    guard shape.count <= 1 << 31 else {
      throw FormatError(file, part, expected: "at most 2³¹ elements", found: "\(shape)")
    }
    return Graph.Input(name, type: type, dims: dims, dimNames: names)
  }

  private mutating func nodes(
    _ graph: Onnx_GraphProto, _ opsets: [String: Int]
  ) throws(FormatError) -> [Node] {
    var nodes: [Node] = []
    nodes.reserveCapacity(graph.node.count)
    for proto in graph.node {
      var node = try node(proto, opsets)
      node.function = try functions.body(of: node, overload: proto.overload, in: file) {
        proto, opsets throws(FormatError) in try self.node(proto, opsets)
      }
      nodes.append(node)
    }
    return nodes
  }

  /// A node with what its bodies hold.
  private mutating func node(
    _ proto: Onnx_NodeProto, _ opsets: [String: Int]
  ) throws(FormatError) -> Node {
    let name = proto.name.isEmpty ? proto.output.first { !$0.isEmpty } ?? "" : proto.name
    var (attributes, reads, seen): ([String: Attribute], [String], Set<String>) = ([:], [], [])
    for attribute in proto.attribute {
      guard attribute.isGraph else {
        attributes[attribute.name] = try tensors.attribute(attribute, of: name)
        continue
      }
      let body = try body(attribute.g, ofNode: name, opsets)
      attributes[attribute.name] = .graph(body)
      reads += body.reads.filter { seen.insert($0).inserted }
    }
    return Node(
      name: name, proto.opType, domain: proto.domain, inputs: proto.input, outputs: proto.output,
      attributes: attributes, bodyReads: reads)
  }

  private mutating func body(
    _ graph: Onnx_GraphProto, ofNode name: String, _ opsets: [String: Int]
  ) throws(FormatError) -> Body {
    let (constants, inputs) = (try constants(graph), try inputs(graph))
    var nodes = try nodes(graph, opsets)
    for index in nodes.indices { nodes[index].origin = index }
    do {
      return try Body(
        name: graph.name, inputs: inputs, outputs: graph.output.map(\.name), constants: constants,
        nodes: nodes, opsets: opsets)
    } catch {
      throw FormatError(file, "node \(name)", expected: "a body", found: "\(error)")
    }
  }
}
