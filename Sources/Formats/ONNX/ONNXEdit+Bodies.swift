import NeuralNet

extension ONNXEdit {
  /// What a graph inside a node is now, and what the file's was read as.
  typealias Change = (now: Body, before: Body)

  /// The GraphProto of a body with what was changed in it.
  mutating func body(
    _ field: WireReader.Field, _ change: Change
  ) throws(FormatError) -> ByteRope {
    let fields = try fields(of: field)
    var nodes = try nodes(fields.filter { $0.isBlock(1) }, change)[...]
    let outputs = zip(change.before.graph.outputs, change.now.graph.outputs)
    var names = Dictionary(outputs.filter { $0 != $1 }) { first, _ in first }
    var rope = ByteRope()
    for field in fields {
      switch field.number {
      case 1 where field.wireType == 2: if let node = nodes.popFirst() { rope.append(node) }
      case 12 where field.wireType == 2:
        let name = try wire.text(1, in: field.content)
        if let new = names.removeValue(forKey: name) {
          rope.append(try info(field, as: [new], nil))
        } else {
          rope.append(source, field.whole)
        }
      default: rope.append(source, field.whole)
      }
    }
    for (name, value) in added(change) {
      rope.append(5, try ONNXWriter.message(value, named: name, in: file))
    }
    return rope
  }

  /// The FunctionProto of a function of which one call does something else now, under a name of its own.
  /// What is constant there is made by nodes.
  /// - Parameter field: the call
  /// - Returns: the new name, which has no overloads.
  mutating func function(
    _ change: Change, calledBy node: Node, _ field: WireReader.Field
  ) throws(FormatError) -> String {
    let overload = try wire.text(8, in: field.content)
    var (declared, taken): (WireReader.Field?, Set<String>) = (nil, addedFunctions)
    for field in document.model where field.isBlock(25) {
      let name = try wire.text(1, in: field.content)
      taken.insert(name)
      let domain = try wire.text(10, in: field.content)
      let own = try wire.text(13, in: field.content)
      if name == node.opType, domain == node.domain, own == overload {
        declared = declared ?? field
      }
    }
    guard let declared else {
      throw FormatError(
        .cannotWrite, file: file, part: "node \(node.name)",
        .mismatch(expected: "a function of the file", found: node.opType))
    }
    var (name, number) = ("\(node.opType)_dropout", 1)
    while taken.contains(name) {
      number += 1
      name = "\(node.opType)_dropout\(number)"
    }
    addedFunctions.insert(name)
    let fields = try fields(of: declared)
    let first = fields.firstIndex { $0.isBlock(7) }
    var nodes = try nodes(fields.filter { $0.isBlock(7) }, change, as: 7)[...]
    var rope = ByteRope()
    for (index, field) in fields.enumerated() {
      if index == first {
        for (name, value) in added(change) {
          let constant = Node(
            "Constant", inputs: [], outputs: [name], attributes: ["value": .tensor(value)])
          rope.append(7, try ONNXWriter.message(constant, in: file))
        }
      }
      switch field.number {
      case 1 where field.wireType == 2: rope.append(1, name.utf8)
      case 7 where field.wireType == 2: if let node = nodes.popFirst() { rope.append(node) }
      case 13 where field.wireType == 2: break
      default: rope.append(source, field.whole)
      }
    }
    functions.append(25, rope)
    return name
  }

  /// The constants that a body has and the file's has not.
  private func added(_ change: Change) -> [(String, Value)] {
    change.now.graph.constants.filter { change.before.graph.constants[$0.key] == nil }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What stands in the place of each node of a body: itself, and the nodes added behind it. Those before the
  /// first stand with it.
  private mutating func nodes(
    _ fields: [WireReader.Field], _ change: Change, as number: UInt64 = 1
  ) throws(FormatError) -> [ByteRope] {
    var before: [Int: Node] = [:]
    for node in change.before.graph.nodes { if let origin = node.origin { before[origin] = node } }
    var places = [ByteRope](repeating: ByteRope(), count: max(1, fields.count))
    var place = 0
    for node in change.now.graph.nodes {
      if let origin = node.origin, let old = before[origin], fields.indices.contains(origin) {
        place = origin
        places[place].append(try self.node(fields[origin], node, before: old, as: number))
      } else {
        places[place].append(number, try ONNXWriter.message(node, in: file))
      }
    }
    return places
  }

  /// A node of a body with what was changed of it: what it reads and makes, what is in its own bodies.
  private mutating func node(
    _ field: WireReader.Field, _ node: Node, before old: Node, as number: UInt64
  ) throws(FormatError) -> ByteRope {
    guard node != old else { return ByteRope(source, field.whole) }
    var opType = node.opType
    if let now = node.function, let before = old.function, now != before {
      opType = try function((now, before), calledBy: node, field)
    }
    var (inputs, outputs) = (node.inputs[...], node.outputs[...])
    var message = ByteRope()
    for part in try fields(of: field) {
      switch part.number {
      case 1 where part.wireType == 2:
        if let name = inputs.popFirst() { message.append(1, name.utf8) }
      case 2 where part.wireType == 2:
        if let name = outputs.popFirst() { message.append(2, name.utf8) }
      case 4 where opType != old.opType: message.append(4, opType.utf8)
      case 8 where opType != old.opType: break
      case 5 where part.wireType == 2:
        let name = try wire.text(1, in: part.content)
        if let now = node.attributes[name]?.body, let before = old.attributes[name]?.body,
          now != before
        {
          message.append(5, try attribute(part, (now, before)))
        } else {
          message.append(source, part.whole)
        }
      default: message.append(source, part.whole)
      }
    }
    var rope = ByteRope()
    rope.append(number, message)
    return rope
  }

  /// An attribute whose graph was changed.
  mutating func attribute(
    _ field: WireReader.Field, _ change: Change
  ) throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    for part in try fields(of: field) {
      if part.isBlock(6) {
        rope.append(6, try body(part, change))
      } else {
        rope.append(source, part.whole)
      }
    }
    return rope
  }
}
