/// The graphs that nodes such as If, Loop and Scan hold, by the names in them.
///
/// A body reads names that it makes itself (its inputs, initializers and the outputs of its nodes), and
/// names of the graph around it.
struct ONNXBody {
  private var wire: WireReader

  init(_ source: ByteSource) { wire = WireReader(source) }

  /// As deep as swift-protobuf would read bodies in bodies, three messages each.
  private static let deepest = 32

  /// The names that the bodies of a node make, and the bodies in them.
  /// - Throws: `FormatError` where the node's message cannot be read.
  mutating func names(inNode range: Range<Int>, depth: Int = 0) throws(FormatError) -> Set<String> {
    guard depth <= ONNXBody.deepest else { throw unreadable("bodies nested too deeply") }
    var names: Set<String> = []
    for attribute in try fields(range) where attribute.isBlock(5) {
      for body in try fields(attribute.content) where body.isBlock(6) || body.isBlock(11) {
        let fields = try fields(body.content)
        names.formUnion(try made(by: fields))
        for node in fields where node.isBlock(1) {
          names.formUnion(try self.names(inNode: node.content, depth: depth + 1))
        }
      }
    }
    return names
  }

  /// The names a body makes itself.
  private mutating func made(by fields: [WireReader.Field]) throws(FormatError) -> Set<String> {
    var made: Set<String> = []
    for field in fields where field.wireType == 2 {
      switch field.number {
      case 1:
        for part in try self.fields(field.content) where part.isBlock(2) {
          made.insert(try wire.text(part))
        }
      case 5: made.insert(try wire.text(8, in: field.content))
      case 11: made.insert(try wire.text(1, in: field.content))
      case 15: made.insert(try wire.sparseName(field.content))
      default: break
      }
    }
    return made
  }

  /// An attribute with names of outer values changed in the bodies it holds.
  /// - Throws: `FormatError` where a body makes one of the new names itself, so that it cannot read
  ///   the outer value.
  mutating func renamed(
    attribute: WireReader.Field, _ names: [String: String]
  ) throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    for field in try fields(attribute.content) {
      if field.isBlock(6) || field.isBlock(11) {
        add(field, try renamed(body: field.content, names), to: &rope)
      } else {
        rope.append(wire.source, field.whole)
      }
    }
    return rope
  }

  private mutating func renamed(
    body range: Range<Int>, _ names: [String: String]
  ) throws(FormatError) -> ByteRope {
    let fields = try fields(range)
    let made = try made(by: fields)
    let names = names.filter { !made.contains($0.key) }
    if let clash = names.values.sorted().first(where: made.contains) {
      throw FormatError(
        .cannotWrite, file: wire.source.name,
        .failure("a body has a value called \(clash) of its own and cannot read the one around it"))
    }
    var rope = ByteRope()
    for field in fields {
      switch field.number {
      case 1 where field.wireType == 2:
        var node = ByteRope()
        for part in try self.fields(field.content) {
          if part.isBlock(1), let name = names[try wire.text(part)] {
            node.append(1, name.utf8)
          } else if part.isBlock(5) {
            add(part, try renamed(attribute: part, names), to: &node)
          } else {
            node.append(wire.source, part.whole)
          }
        }
        add(field, node, to: &rope)
      case 12 where field.wireType == 2, 13 where field.wireType == 2:
        add(field, try named(field, names), to: &rope)
      default: rope.append(wire.source, field.whole)
      }
    }
    return rope
  }

  /// A ValueInfoProto under the new name of what it describes.
  private mutating func named(
    _ info: WireReader.Field, _ names: [String: String]
  ) throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    for field in try fields(info.content) {
      if field.isBlock(1), let name = names[try wire.text(field)] {
        rope.append(1, name.utf8)
      } else {
        rope.append(wire.source, field.whole)
      }
    }
    return rope
  }

  private func add(_ field: WireReader.Field, _ content: ByteRope, to rope: inout ByteRope) {
    rope.append(field, content, of: wire.source)
  }

  private mutating func fields(_ range: Range<Int>) throws(FormatError) -> [WireReader.Field] {
    guard let fields = try wire.fields(range) else { throw unreadable("a node that is none") }
    return fields
  }

  private func unreadable(_ found: String) -> FormatError {
    FormatError(wire.source.name, expected: "an ONNX model", found: found)
  }
}

extension ByteRope {
  /// Adds a field with another content; as it lies in the file where the content is the same part of
  /// it.
  mutating func append(_ field: WireReader.Field, _ content: ByteRope, of source: ByteSource) {
    if content.isPart(field.content, of: source) {
      append(source, field.whole)
    } else {
      append(field.number, content)
    }
  }
}
