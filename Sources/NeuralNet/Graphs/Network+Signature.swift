public import TensorCore

extension Network {
  /// What each node will make, worked out by the operators' shape rules without computing.
  public struct Signature: Sendable {
    /// What is known of each value, by name.
    public var values: ValueTable<ValueInfo>
    /// Multiply-adds of each node, in the graph's order; 0 where a node's shapes are not known.
    public var multiplyAdds: [Int]
    /// What went wrong at each input or node that has no shape, in the graph's order.
    public var errors: [GraphError]
  }

  /// The most elements a value has that is worked out here for the shapes that depend on it. Shapes
  /// are a few numbers; weights that are merely turned over need not be computed to be described.
  private static let foldingLimit = 1024

  /// The shapes of all values. `inputs` gives the shapes of the graph's inputs; those the model leaves
  /// no choice about may be left out. A node that cannot be worked out is noted, and so is everything
  /// below it.
  public func signature(inputs: [String: Shape] = [:]) -> Signature {
    signature(inputs: inputs, knowing: [:])
  }

  /// The same for a body, of whose inputs all is known that is known of the values they stand for.
  func signature(inputs: [String: Shape] = [:], knowing known: [String: ValueInfo]) -> Signature {
    var signature = Signature(values: ValueTable(graph.index), multiplyAdds: [], errors: [])
    // Constants are numbered behind the inputs, in the order they have here.
    for (number, constant) in graph.constants.enumerated() {
      signature.values[graph.inputs.count + number] = ValueInfo(constant: constant.value)
    }
    signature.multiplyAdds.reserveCapacity(graph.nodes.count)
    for (number, input) in graph.inputs.enumerated() {
      if let info = known[input.name] {
        signature.values[number] = info
        continue
      }
      do {
        let shape = try input.shape(inputs[input.name])
        signature.values[number] = ValueInfo(shape, type: input.type)
      } catch {
        signature.errors.append(error)
      }
    }
    let random = randomParts
    for index in graph.nodes.indices {
      signature.multiplyAdds.append(0)
      do {
        try describe(index, in: &signature)
      } catch {
        guard random.contains(index) else {
          signature.errors.append(error)
          continue
        }
        // Random operators that drop need not be known one by one: the result is like the value.
        for own in patterns where own.last == index && own.form == .random {
          signature.values[own.result] = signature.values[own.site]
        }
      }
    }
    return signature
  }

  /// The shapes of all values with every size that the inputs leave open taken as `openSizes`.
  public func signature(openSizes: Int) -> Signature {
    var shapes: [String: Shape] = [:]
    for input in graph.inputs {
      // A size beyond all bounds is left to the signature to note.
      shapes[input.name] = try? input.shape(openSizes: openSizes)
    }
    return signature(inputs: shapes)
  }

  private func describe(_ index: Int, in signature: inout Signature) throws(GraphError) {
    let node = graph.nodes[index]
    let operation = try operators[index].get()
    let reading = type(of: operation).reading
    let takesWhole = reading != .arrays
    let all = graph.index.reads[index]
    let reads = reading == .wholeValuesAndBodies ? all : all.prefix(node.inputs.count)
    var infos: [ValueInfo?] = []
    infos.reserveCapacity(reads.count)
    for number in reads {
      let info = number.flatMap { signature.values[$0] }
      if let number, info == nil {
        throw GraphError(
          node: node.name, "the shape of \(graph.index.names[number]) is not known")
      }
      infos.append(info)
    }
    let inputs = Inputs(node.opType, infos)
    var outputs: [ValueInfo]
    do {
      if !takesWhole { try inputs.checkAreArrays() }
      outputs = try operation.outputs(for: takesWhole ? inputs : inputs.computed)
      try fold(operation, inputs, into: &outputs)
      try outputs.keepTypes(of: inputs, inFirst: type(of: operation).typedOutputs)
    } catch {
      throw GraphError(node: node.name, error)
    }
    try check(node, makes: outputs.count)
    for case (let number?, let info) in zip(graph.index.makes[index], outputs) {
      signature.values[number] = info
    }
    // So that sums over all nodes hold in an Int, whatever sizes a file made up.
    signature.multiplyAdds[index] = min(
      operation.multiplyAdds(inputs: inputs, outputs: outputs), Int.max / graph.nodes.count)
  }

  /// Runs an operator whose inputs are all constants, where its outputs are small: so shapes that a
  /// model computes (from Constant, Concat, Mul, …) are known before a run.
  private func fold(
    _ operation: any Operator, _ inputs: Inputs<ValueInfo>, into outputs: inout [ValueInfo]
  ) throws(TensorError) {
    let constants = (0..<inputs.count).map { inputs.optional($0)?.constant }
    let isConstant = (0..<inputs.count).allSatisfy {
      inputs.optional($0) == nil || constants[$0] != nil
    }
    guard isConstant, !(operation is any RandomOperator),
      outputs.contains(where: { $0.constant == nil }),
      outputs.allSatisfy({ $0.count <= Network.foldingLimit })
    else { return }
    outputs = try operation.forward(
      Inputs(inputs.opType, constants), RunContext(),
      typedOutputs: type(of: operation).typedOutputs
    ).map(ValueInfo.init(constant:))
  }
}

extension Graph.Input {
  /// The shape an input is to have: the one given, or the model's own where it leaves no size open.
  /// - Throws: `GraphError` where there is neither, or the model takes no such shape.
  fileprivate func shape(_ given: Shape?) throws(GraphError) -> Shape {
    let shape = given?.dims ?? dims.compactMap { $0 }
    guard given != nil || (hasShape && shape.count == dims.count) else {
      throw GraphError("input \(name): a shape for \(shapeText) is missing")
    }
    do throws(TensorError) {
      let shape = try Shape(computed: shape, in: "input \(name)")
      guard accepts(shape) else {
        throw TensorError("input \(name)", expected: shapeText, found: "\(shape)")
      }
      return shape
    } catch {
      throw GraphError(error.description)
    }
  }
}
