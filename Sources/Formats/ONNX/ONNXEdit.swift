import NeuralNet
import TensorCore

/// Writes a graph into the messages of the file it was read from: what the graph does not change is
/// copied as it lies there, fields that nobody knows included.
///
/// What counts as changed: of a node whatever differs from what its `origin` was read as (a name, an
/// input, an attribute; its other fields stay); of a constant the bits of its numbers, which are
/// compared with the file's; of an input its type and sizes. A value that a node makes under another
/// name now is renamed where the file describes it. Nodes without an `origin`, new constants, operator
/// sets and metadata are added.
struct ONNXEdit {
  let graph: Graph
  let document: ONNXDocument
  /// The file to be written, for messages.
  let file: String
  /// The files, by their paths beside the document, that hold tensors of what is written.
  private(set) var locations: Set<String> = []
  /// Functions that the file does not have, and their names.
  var (functions, addedFunctions) = (ByteRope(), Set<String>())

  var wire: WireReader
  var tensors: ONNXTensorReader
  /// The new names of the document's values, by the old ones.
  let renamed: [String: String]
  /// The names of all values of the graph, and of the document's.
  let values: (now: Set<String>, before: Set<String>)
  /// The graph's inputs by name.
  let inputs: [String: Graph.Input]

  var source: ByteSource { document.source }

  init(_ graph: Graph, of document: ONNXDocument, to file: String) {
    (self.graph, self.document, self.file) = (graph, document, file)
    wire = WireReader(document.source)
    tensors = ONNXTensorReader(source: document.source) { _ in nil }
    inputs = Dictionary(graph.inputs.map { ($0.name, $0) }) { first, _ in first }
    var renamed: [String: String] = [:]
    for node in graph.nodes {
      guard let origin = node.origin, document.nodes.indices.contains(origin) else { continue }
      for (old, new) in zip(document.nodes[origin].outputs, node.outputs)
      where old != new && !old.isEmpty && !new.isEmpty {
        renamed[old] = new
      }
    }
    self.renamed = renamed
    values = (
      ONNXEdit.names(graph.inputs.map(\.name), graph.constants.keys, graph.nodes),
      ONNXEdit.names(document.inputs.keys, document.constants.keys, document.nodes)
    )
  }

  private static func names(
    _ inputs: some Sequence<String>, _ constants: some Sequence<String>, _ nodes: [Node]
  ) -> Set<String> {
    Set(inputs).union(constants).union(nodes.flatMap(\.outputs))
  }

  /// The ModelProto.
  /// - Throws: `FormatError` where the document's file was changed or cannot be read, or the graph
  ///   holds what cannot be written.
  mutating func model() throws(FormatError) -> ByteRope {
    try source.checkUnchanged()
    var (model, pieces) = (ByteRope(), try graphs()[...])
    var opsets = graph.opsets.filter { document.opsets[$0.key] != $0.value }
    var metadata = graph.metadata.filter { document.metadata[$0.key] != $0.value }
    for field in document.model {
      switch (field.number, field.wireType) {
      case (1, 0) where irVersion != document.irVersion: model.append(1, number: irVersion)
      case (7, 2):
        if let piece = pieces.popFirst() { model.append(field, piece, of: source) }
      case (8, 2):
        let domain = try wire.text(1, in: field.content)
        if let version = graph.opsets[domain], version != document.opsets[domain] {
          opsets[domain] = nil
          model.append(8, ONNXWriter.opset(domain, version))
        } else {
          model.append(source, field.whole)
        }
      case (14, 2):
        let key = try wire.text(1, in: field.content)
        guard let value = graph.metadata[key] else { continue }
        if value != document.metadata[key] {
          if metadata.removeValue(forKey: key) != nil {
            model.append(14, ONNXWriter.entry(key, value))
          }
        } else {
          model.append(source, field.whole)
        }
      case (20, 2), (25, 2):
        try addLocations(field, field.number == 20 ? .training : .function)
        model.append(source, field.whole)
      default: model.append(source, field.whole)
      }
    }
    model.append(functions)
    for (domain, version) in opsets.sorted(by: { $0.key < $1.key }) {
      model.append(8, ONNXWriter.opset(domain, version))
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      model.append(14, ONNXWriter.entry(key, value))
    }
    return model
  }

  /// The file's own, or a higher one where the graph asks for an operator set that it does not know.
  private var irVersion: Int {
    let (now, before) = (graph.opset, document.opsets[""] ?? document.opsets["ai.onnx"] ?? 1)
    guard now > before else { return document.irVersion }
    return max(document.irVersion, ONNXWriter.irVersion(opset: now))
  }

  /// The GraphProto in the pieces it comes in: the file's fields in their order, what is new of each
  /// kind after the last of it.
  private mutating func graphs() throws(FormatError) -> [ByteRope] {
    let nodes = try nodes()
    let outputs = try outputs()
    let infos = infosThatChange
    var last: [UInt64: Int] = [:]
    for (index, field) in document.graph.enumerated() where field.wireType == 2 {
      last[field.number] = index
    }
    var (body, node, output) = (ByteRope(), 0, 0)
    // Where each piece but the last ends.
    var (pieces, ends) = ([ByteRope](), [Int]())
    for count in document.pieces.dropLast() { ends.append((ends.last ?? 0) + count) }
    for (index, field) in document.graph.enumerated() {
      while pieces.count < ends.count, ends[pieces.count] == index {
        pieces.append(body)
        body = ByteRope()
      }
      switch (field.number, field.wireType) {
      case (1, 2):
        body.append(nodes[node])
        node += 1
      case (2, 2) where graph.name != document.name:
        if last[2] == index { body.append(2, graph.name.utf8) }
      case (5, 2): body.append(try initializer(field))
      case (11, 2): body.append(try input(field))
      case (12, 2):
        body.append(outputs[output])
        output += 1
      case (13, 2): body.append(try info(field, infos))
      case (14, 2): body.append(try annotation(field))
      case (15, 2):
        if graph.constants[try wire.sparseName(field.content)] != nil {
          try addLocations(field, .sparse)
          body.append(source, field.whole)
        }
      default: body.append(source, field.whole)
      }
      if field.wireType == 2, last[field.number] == index {
        body.append(try added(field.number))
      }
    }
    for number in [2, 5, 11, 12] as [UInt64] where last[number] == nil {
      if number == 2, graph.name != document.name { body.append(2, graph.name.utf8) }
      if number == 12 { for added in outputs { body.append(added) } }
      body.append(try added(number))
    }
    pieces.append(body)
    // The last ones may be empty.
    return pieces
      + (pieces.count..<max(pieces.count, document.pieces.count)).map { _ in ByteRope() }
  }

  /// The fields of a kind that the file has none of.
  private func added(_ number: UInt64) throws(FormatError) -> ByteRope {
    switch number {
    case 5: try addedInitializers()
    case 11: addedInputs()
    default: ByteRope()
    }
  }

  /// Remembers the files beside the document that a message's tensors lie in.
  mutating func addLocations(
    _ field: WireReader.Field, _ message: ONNXExternalFiles.Message
  ) throws(FormatError) {
    locations.formUnion(try ONNXExternalFiles.locations(in: field, message, &wire))
  }

  /// The fields of a message that has to be changed.
  mutating func fields(of field: WireReader.Field) throws(FormatError) -> [WireReader.Field] {
    guard let fields = try wire.fields(field.content) else {
      throw FormatError(source.name, expected: "an ONNX model", found: "fields of no known kind")
    }
    return fields
  }
}
