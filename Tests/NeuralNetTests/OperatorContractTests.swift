import Masks
import TensorCore
import Testing

@testable import NeuralNet

/// What holds for every operator of the registry.
struct OperatorContractTests {
  /// Absolute, and relative to the expected number. Sums of a few hundred products of numbers of a
  /// few units differ by their order alone in the sixth digit.
  static let tolerance: Float = 2e-6

  static let opTypes = OperatorRegistry.standard.withoutBodies

  @Test("forward equals the golden values", arguments: opTypes)
  func golden(opType: String) throws {
    let cases = try GoldenCase.load(opType)
    #expect(!cases.isEmpty)
    for golden in cases {
      let operation = try OperatorRegistry.standard.make(golden.node(opType), opset: golden.opset)
      let inputs = Inputs(opType, golden.inputs.map { $0?.value })
      let results = try operation.forward(
        inputs, RunContext(), typedOutputs: type(of: operation).typedOutputs)
      #expect(results.count == golden.outputs.count, "\(golden)")
      for (found, expected) in zip(results, golden.outputs) {
        let difference = difference(found, expected.value, tolerance: Self.tolerance)
        #expect(difference == nil, "\(golden)")
      }
    }
  }

  /// Activations are not known before a run, shapes and other whole numbers are, and the factors of
  /// Resize.
  @Test("the shape rule says what forward makes", arguments: opTypes)
  func shapeRule(opType: String) throws {
    for golden in try GoldenCase.load(opType) {
      let operation = try OperatorRegistry.standard.make(golden.node(opType), opset: golden.opset)
      let known = golden.inputs.enumerated().map { index, input -> ValueInfo? in
        guard let value = input?.value else { return nil }
        let isFactor = GoldenCase.saysShape(opType, index)
        return isFactor || value.type == .int64
          ? ValueInfo(constant: value) : ValueInfo(value.shape, type: value.type)
      }
      var outputs = try operation.outputs(for: Inputs(opType, known).computed)
      try outputs.keepTypes(
        of: Inputs(opType, known), inFirst: type(of: operation).typedOutputs)
      #expect(outputs.map(\.shape.dims) == golden.outputs.map(\.shape), "\(golden)")
      #expect(outputs.map(\.type.rawValue) == golden.outputs.map(\.type), "\(golden)")
    }
  }

  @Test func namesAreUnique() {
    #expect(Set(Self.opTypes).count == Self.opTypes.count)
  }

  @Test func multiplyAddsOfProducts() throws {
    func count(_ node: Node, _ shapes: [Shape]) throws -> Int {
      let operation = try OperatorRegistry.standard.make(node, opset: 13)
      let inputs = Inputs(node.opType, shapes.map { ValueInfo($0) })
      return operation.multiplyAdds(inputs: inputs, outputs: try operation.outputs(for: inputs))
    }
    func node(_ opType: String, _ attributes: [String: Attribute] = [:]) -> Node {
      Node(opType, inputs: ["a", "b"], outputs: ["y"], attributes: attributes)
    }
    #expect(try count(node("Conv"), [[1, 2, 28, 28], [4, 2, 3, 3]]) == 4 * 26 * 26 * 2 * 9)
    #expect(
      try count(node("Conv", ["group": .int(2)]), [[1, 2, 28, 28], [4, 1, 3, 3]])
        == 4 * 26 * 26 * 9)
    #expect(try count(node("Conv"), [[1, 2, 28], [4, 2, 3]]) == 4 * 26 * 2 * 3)
    #expect(try count(node("Gemm", ["transA": .int(1)]), [[7, 3], [7, 5]]) == 3 * 5 * 7)
    #expect(try count(node("MatMul"), [[2, 3, 7], [7, 5]]) == 2 * 3 * 5 * 7)
    #expect(try count(node("Add"), [[3], [3]]) == 0)
  }
}
