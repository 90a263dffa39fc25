import Masks
public import TensorCore

/// Sums of products of arrays by the letters of `equation`, as NumPy's einsum: one operand after another is
/// multiplied to the product of those before, as a stack of matrix products.
public struct Einsum: Operator {
  public static let opType = "Einsum"
  public static let schema = OperatorSchema(
    since: 12,
    attributes: [
      .string("equation", since: 12, required: true)
    ],
    inputs: [.init([.floats, .integers])],
    repeatsInput: true)
  public static let role = OperatorRole.dense
  private let equation: EinsumEquation

  public init(_ node: NodeReader) throws(TensorError) {
    equation = try EinsumEquation(try node.string("equation", default: ""))
  }

  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> EinsumEquation.Layout {
    var shapes: [Shape] = []
    for index in 0..<inputs.count { shapes.append(try inputs.tensor(index)) }
    let layout = try equation.layout(shapes)
    // What two operands make together, before the next is met, has to fit too.
    var seen = Set(layout.operands.first ?? [])
    for index in layout.operands.indices.dropFirst() {
      seen.formUnion(layout.operands[index])
      let needed = Set(layout.operands[(index + 1)...].flatMap { $0 } + layout.result)
      seen.formIntersection(needed)
      _ = try Shape(computed: seen.map { layout.sizes[$0] ?? 1 }, in: "Einsum")
    }
    return layout
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let layout = try layout(inputs)
    return [
      ValueInfo(try Shape(computed: layout.result.map { layout.sizes[$0] ?? 1 }, in: "Einsum"))
    ]
  }

  /// An axis is that of the operands with its letter.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let layout = try? layout(inputs) else { return .unknown(outputs) }
    let origins = layout.result.map { label -> AxisRule.Origin in
      let places = layout.operands.enumerated().flatMap { index, labels in
        labels.indices.filter { labels[$0] == label }.map { AxisRule.Place(index, $0) }
      }
      return .axes(places)
    }
    return AxisRule(outputs: [origins])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let layout = try layout(inputs.described)
    var operands: [LabelledTensor] = []
    for (index, labels) in layout.operands.enumerated() {
      operands.append(LabelledTensor(try inputs.tensor(index), labels, sizes: layout.sizes))
    }
    let product = try Einsum.product(operands, to: layout.result, sizes: layout.sizes)
    return [.float32(product.arranged(layout.result, sizes: layout.sizes))]
  }

  /// The product of all, with at least the labels of the result that they have.
  private static func product(
    _ operands: [LabelledTensor], to result: [EinsumEquation.Label],
    sizes: [EinsumEquation.Label: Int]
  ) throws(TensorError) -> LabelledTensor {
    guard var product = operands.first else {
      throw TensorError("Einsum", expected: "one input or more", found: "none")
    }
    for index in operands.indices.dropFirst() {
      let needed = Set(operands[(index + 1)...].flatMap(\.labels) + result)
      product = try LabelledTensor.product(product, operands[index], keeping: needed, sizes: sizes)
    }
    return try product.summed(to: Set(result))
  }

  /// By each operand: the gradient by the result times all others, summed over what it lacks, and repeated
  /// along what only it has.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var all = pass.none
    guard all.indices.contains(where: pass.wants) else { return all }
    let layout = try layout(pass.inputs.described)
    let wanted = all.indices.filter(pass.wants)
    let inputs = pass.inputs
    let g = LabelledTensor(try pass.takeGradient(), labels: layout.result)
    for index in wanted {
      let x = try inputs.tensor(index).shape
      let (view, labels) = LabelledTensor.view(x, layout.operands[index], sizes: layout.sizes)
      var others = [g]
      for other in layout.operands.indices where other != index {
        others.append(
          LabelledTensor(
            try inputs.tensor(other), layout.operands[other], sizes: layout.sizes))
      }
      let own = try Einsum.product(others, to: labels, sizes: layout.sizes)
      var gradient = Tensor(x, repeating: 0)
      gradient.add(own.arranged(labels, sizes: layout.sizes), through: view)
      all[index] = gradient
    }
    return all
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let layout = try? layout(inputs), let first = layout.operands.first else { return 0 }
    var (seen, sum) = (Set(first), 0)
    for index in layout.operands.indices.dropFirst() {
      seen.formUnion(layout.operands[index])
      sum = sum.saturatingAdding(
        seen.reduce(1) { $0.saturatingMultiplied(by: layout.sizes[$1] ?? 1) })
      let needed = Set(layout.operands[(index + 1)...].flatMap { $0 } + layout.result)
      seen.formIntersection(needed)
    }
    return sum
  }

  /// The operands in another order, and products on the way.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    (0..<inputs.count).reduce(outputs[0].bytes) {
      $0.saturatingAdding(inputs.optional($1)?.bytes.saturatingMultiplied(by: 2) ?? 0)
    }
  }
}
