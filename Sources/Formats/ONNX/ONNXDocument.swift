import NeuralNet
import TensorCore

/// The ONNX file that a graph was read from. Its messages stay where they lie: the file is held open,
/// and `ONNXEdit` copies from it, byte for byte, all that a changed graph does not change. Beside
/// that the document knows what the program read there, to tell what was changed.
///
/// What a constant holds is not kept here a second time; whether it is still the file's is found out
/// against the file when the graph is written.
struct ONNXDocument: ModelDocument {
  /// The file.
  let source: ByteSource
  /// The model's fields in their order. The graph may come in several.
  let model: [WireReader.Field]
  /// The graph's fields in their order, those of all its pieces.
  let graph: [WireReader.Field]
  /// How many of them each piece of the graph has.
  let pieces: [Int]
  /// The fields of `graph` that are nodes; a node's `origin` is a place among them.
  let nodeFields: [WireReader.Field]

  /// The IR version.
  var irVersion = 0
  /// The graph's name.
  var name = ""
  /// The inputs by name, those that are constants too among them.
  var inputs: [String: Graph.Input] = [:]
  /// The names of the outputs.
  var outputs: [String] = []
  /// The nodes in the file's order.
  var nodes: [Node] = []
  /// The types and shapes of the constants.
  var constants: [String: ValueInfo] = [:]
  /// Operator set versions by domain.
  var opsets: [String: Int] = [:]
  /// Free text by key.
  var metadata: [String: String] = [:]

  /// Finds the fields of a file; nil where they cannot be told apart.
  /// - Throws: `FormatError` where the system cannot read.
  init?(_ source: ByteSource) throws(FormatError) {
    var wire = WireReader(source)
    guard let model = try wire.fields(0..<source.count) else { return nil }
    var (graph, pieces) = ([WireReader.Field](), [Int]())
    for field in model where field.isBlock(7) {
      guard let fields = try wire.fields(field.content) else { return nil }
      graph += fields
      pieces.append(fields.count)
    }
    (self.source, self.model, self.graph, self.pieces) = (source, model, graph, pieces)
    nodeFields = graph.filter { $0.isBlock(1) }
  }

  /// What bodies make. A body that cannot be read was refused when the file was.
  var namesInBodies: Set<String> {
    var body = ONNXBody(source)
    return zip(nodeFields, nodes).reduce(into: []) { names, node in
      guard node.1.attributes.values.contains(where: { $0.isBody }) else { return }
      names.formUnion((try? body.names(inNode: node.0.content)) ?? [])
    }
  }

  /// The names, types and shapes of the initializers that list only what is not zero.
  /// - Throws: `FormatError` where the system cannot read, or a shape makes no sense.
  func sparseConstants() throws(FormatError) -> [(name: String, info: ValueInfo)] {
    var wire = WireReader(source)
    var found: [(String, ValueInfo)] = []
    for field in graph where field.isBlock(15) {
      let name = try wire.sparseName(field.content)
      let dims = try wire.numbers(3, in: field.content)
      let shape = try Shape(dims, in: source.name, part: "tensor \(name)")
      found.append((name, ValueInfo(shape, type: .unsupported)))
    }
    return found
  }
}

extension WireReader {
  /// The name of a SparseTensorProto: its values'.
  mutating func sparseName(_ range: Range<Int>) throws(FormatError) -> String {
    var (at, name) = (range.lowerBound, "")
    while at < range.upperBound, let field = try next(&at, range.upperBound) {
      if field.isBlock(1) { name = try text(8, in: field.content) }
    }
    return name
  }

  /// The whole numbers of a list, packed or one by one.
  fileprivate mutating func numbers(
    _ number: UInt64, in range: Range<Int>
  ) throws(FormatError) -> [Int] {
    var (at, numbers) = (range.lowerBound, [Int]())
    while at < range.upperBound, let field = try next(&at, range.upperBound) {
      guard field.number == number else { continue }
      var place = field.content.lowerBound
      while place < field.content.upperBound,
        let value = try varint(&place, field.content.upperBound)
      {
        numbers.append(Int(truncatingIfNeeded: value))
      }
    }
    return numbers
  }
}

extension Attribute {
  /// Whether it is a graph of its own, or several.
  fileprivate var isBody: Bool {
    body != nil || self == .unsupported("GRAPHS")
  }
}
