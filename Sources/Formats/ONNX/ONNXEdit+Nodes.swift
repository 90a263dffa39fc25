import NeuralNet
import TensorCore

extension ONNXEdit {
  /// What stands in the place of each of the file's nodes: itself, and the nodes added behind it; or
  /// nothing. Where the graph has the nodes in another order than the file, all stand in the place of
  /// the first.
  mutating func nodes() throws(FormatError) -> [ByteRope] {
    var places = [ByteRope](repeating: ByteRope(), count: document.nodeFields.count)
    let origins = graph.nodes.map { known($0.origin) }
    let kept = origins.compactMap { $0 }
    let isInOrder = zip(kept, kept.dropFirst()).allSatisfy(<)
    // A file that was not in order to begin with stays as it is where nothing was added or removed.
    let isWhole = origins.count == places.count && Set(kept).count == places.count
    var place = 0
    for (node, origin) in zip(graph.nodes, origins) {
      if let origin {
        if isInOrder || isWhole { place = origin }
        places[place].append(try field(node, origin: origin))
      } else {
        places[place].append(1, try ONNXWriter.message(node, in: file))
      }
    }
    return places
  }

  private func known(_ origin: Int?) -> Int? {
    origin.flatMap { document.nodes.indices.contains($0) ? $0 : nil }
  }

  /// A node of the file with what the graph changes of it.
  private mutating func field(_ node: Node, origin: Int) throws(FormatError) -> ByteRope {
    let (field, old) = (document.nodeFields[origin], document.nodes[origin])
    var node = node
    if let now = node.function, let before = old.function, now != before {
      node.opType = try function((now, before), calledBy: old, field)
    }
    try addLocations(field, .node)
    let names = try namesInBodies(of: node, before: old)
    let changed = Set(node.attributes.keys).union(old.attributes.keys).filter {
      !ONNXEdit.isSame(node.attributes[$0], old.attributes[$0])
    }
    guard
      node.inputs != old.inputs || node.outputs != old.outputs || node.name != old.name
        || node.opType != old.opType || node.domain != old.domain || !changed.isEmpty
        || !names.isEmpty
    else { return ByteRope(source, field.whole) }

    var message = ByteRope()
    // Lists and texts that differ stand where the file has the first of their kind, or at the end.
    var new: [UInt64: ByteRope] = [:]
    func text(_ number: UInt64, _ texts: [String]) {
      var rope = ByteRope()
      for text in texts { rope.append(number, text.utf8) }
      new[number] = rope
    }
    if node.inputs != old.inputs { text(1, node.inputs) }
    if node.outputs != old.outputs { text(2, node.outputs) }
    if node.name != old.name { text(3, [node.name]) }
    if node.opType != old.opType { text(4, [node.opType]) }
    if node.domain != old.domain { text(7, [node.domain]) }
    // Which of a function's forms is called, of a function that is called no more.
    if node.opType != old.opType || node.domain != old.domain { new[8] = ByteRope() }
    let replaced = Set(new.keys)
    var unwritten = changed
    for part in try fields(of: field) {
      if part.wireType == 2, replaced.contains(part.number) {
        if let rope = new.removeValue(forKey: part.number) { message.append(rope) }
      } else if part.isBlock(5) {
        let name = try wire.text(1, in: part.content)
        if !changed.contains(name) {
          message.append(part, try attribute(part, names, of: node), of: source)
        } else if let now = node.attributes[name]?.body, let before = old.attributes[name]?.body {
          unwritten.remove(name)
          message.append(5, try attribute(part, (now, before)))
        } else if let attribute = node.attributes[name], unwritten.remove(name) != nil {
          message.append(5, try changedAttribute(part, attribute, named: name, of: node))
        }
      } else {
        message.append(source, part.whole)
      }
    }
    for (_, rope) in new.sorted(by: { $0.key < $1.key }) { message.append(rope) }
    for name in unwritten.sorted() {
      guard let attribute = node.attributes[name] else { continue }
      message.append(
        5, try ONNXWriter.message(attribute, named: name, of: node, in: file))
    }
    var rope = ByteRope()
    rope.append(1, message)
    return rope
  }

  /// An attribute that the graph does not change, with outer values in its bodies renamed.
  private func attribute(
    _ field: WireReader.Field, _ names: [String: String], of node: Node
  ) throws(FormatError) -> ByteRope {
    guard !names.isEmpty else { return ByteRope(source, field.content) }
    var body = ONNXBody(source)
    do {
      return try body.renamed(attribute: field, names)
    } catch {
      throw FormatError(error.kind, file: file, part: "node \(node.name)", error.problem)
    }
  }

  /// An attribute with a new value; what the file says of it beside that stays.
  private mutating func changedAttribute(
    _ field: WireReader.Field, _ attribute: Attribute, named name: String, of node: Node
  ) throws(FormatError) -> ByteRope {
    var rope = try ONNXWriter.message(attribute, named: name, of: node, in: file)
    for part in try fields(of: field) where part.isBlock(13) { rope.append(source, part.whole) }
    return rope
  }

  /// The outer values that a node's bodies read under a new name, by the old one.
  private func namesInBodies(
    of node: Node, before old: Node
  ) throws(FormatError) -> [String: String] {
    guard node.bodyReads != old.bodyReads else { return [:] }
    guard node.bodyReads.count == old.bodyReads.count else {
      throw FormatError(
        .cannotWrite, file: file, part: "node \(node.name)",
        .mismatch(
          expected: "bodies that read \(old.bodyReads.count) values",
          found: "\(node.bodyReads.count)"))
    }
    var names: [String: String] = [:]
    for (before, now) in zip(old.bodyReads, node.bodyReads) where before != now {
      names[before] = now
    }
    return names
  }

  /// Whether two attributes say the same. A NaN is what it was where it has the same bits.
  private static func isSame(_ a: Attribute?, _ b: Attribute?) -> Bool {
    if a == b { return true }
    switch (a, b) {
    case (.float(let a)?, .float(let b)?): return a.bitPattern == b.bitPattern
    case (.floats(let a)?, .floats(let b)?):
      return a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
    case (.tensor(let a)?, .tensor(let b)?):
      return a.type == b.type && a.shape == b.shape
        && a.hasSameBits(as: b, at: 0)
    default: return false
    }
  }
}
