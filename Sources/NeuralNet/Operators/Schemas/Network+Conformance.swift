import TensorCore

extension Network {
  /// What of the graph ONNX does not allow, a line each, as its checker would refuse it: attributes that
  /// an operator does not have in the graph's operator set, lacks, or has out of range; inputs too many,
  /// too few, or of a type that the operator set does not take. Operators that are not known are not
  /// looked at. O(nodes).
  /// - Parameter signature: tells the element types of values, as far as they are known
  public func conformance(_ signature: Signature) -> [String] {
    graph.nodes.flatMap { node -> [String] in
      guard node.isOfONNX, let schema = graph.operators.type(of: node)?.schema else { return [] }
      let opset = graph.opsets[node.domain] ?? graph.opset
      return NodeCheck(node: node, schema: schema, opset: opset).complaints {
        signature.values[$0]?.type
      }
    }
  }
}

/// One node held against the schema of its operator.
private struct NodeCheck {
  let node: Node
  let schema: OperatorSchema
  let opset: Int

  func complaints(type: (String) -> ElementType?) -> [String] {
    guard opset >= schema.since else {
      return [line("there is no \(node.opType) before opset \(schema.since), this is \(opset)")]
    }
    return attributes + counts + types(type)
  }

  private func line(_ text: String) -> String { "node \(node.name): \(text)" }

  private var attributes: [String] {
    let rules = schema.attributes(opset: opset)
    var lines: [String] = []
    for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
      guard let rule = rules[name] else {
        lines.append(line("\(node.opType) of opset \(opset) has no attribute \(name)"))
        continue
      }
      if let complaint = rule.complaint(about: attribute) {
        lines.append(line("\(node.opType) attribute \(name): \(complaint)"))
      }
    }
    let missing = rules.values.filter { $0.isRequired && node.attributes[$0.name] == nil }
    return lines
      + missing.map(\.name).sorted().map {
        line("\(node.opType) of opset \(opset) needs an attribute \($0)")
      }
  }

  private var counts: [String] {
    var lines: [String] = []
    let range = schema.inputCounts(opset: opset)
    let (found, most) = (node.inputs.count, schema.mostOutputs(opset: opset))
    if !range.contains(found) {
      let wanted =
        range.upperBound == .max
        ? "\(range.lowerBound) or more"
        : range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      lines.append(
        line("\(node.opType) of opset \(opset): expected \(wanted) inputs, found \(found)"))
    }
    if node.outputs.count > most {
      lines.append(
        line(
          "\(node.opType) of opset \(opset): expected \(most) outputs at most, found "
            + "\(node.outputs.count)"))
    }
    return lines
  }

  private func types(_ type: (String) -> ElementType?) -> [String] {
    node.inputs.enumerated().compactMap { index, name in
      guard let rule = schema.input(index, opset: opset) else { return nil }
      guard !name.isEmpty else {
        return rule.isOptional(opset: opset)
          ? nil : line("\(node.opType) of opset \(opset) needs an input \(index)")
      }
      // Types that have no name in the rules are not told apart.
      guard let type = type(name), type != .unsupported, type.narrowBits == nil,
        type != .sequence || rule.types(opset: opset).contains(.sequence),
        !rule.types(opset: opset).contains(ElementTypes(type))
      else { return nil }
      return line("\(node.opType) of opset \(opset) takes no \(type) as input \(index)")
    }
  }
}
