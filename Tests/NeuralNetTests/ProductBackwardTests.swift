import NeuralNet
import TensorCore
import Testing

/// The gradients of Gemm and 1-D Conv against central differences of their own forward pass, which is
/// linear in each input: the step may be large, and only rounding remains.
struct ProductBackwardTests {
  private func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed)
    return Tensor(shape, (0..<shape.count).map { stream.uniform(at: $0) * 2 - 1 })
  }

  private func check(_ node: Node, _ inputs: [Tensor]) throws {
    let operation = try OperatorRegistry.standard.make(node, opset: 13)
    func forward(_ inputs: [Tensor]) throws -> Value {
      let inputs = Inputs<Value>(node.opType, inputs.map { .float32($0) })
      return try operation.forward(inputs, RunContext())[0]
    }
    let y = try forward(inputs)
    let dy = numbers(y.shape, seed: 99)
    let pass = BackwardPass(
      inputs: Inputs(node.opType, inputs.map { .float32($0) }), outputs: [y], gradients: [dy],
      wanted: Set(inputs.indices))
    let gradients = try operation.backward(pass)
    #expect(gradients.count == inputs.count)
    for (index, input) in inputs.enumerated() {
      let gradient = try #require(gradients[index])
      #expect(gradient.shape == input.shape)
      for i in 0..<input.count {
        var (up, down) = (inputs, inputs)
        up[index][i] += 1
        down[index][i] -= 1
        guard case .float32(let above) = try forward(up),
          case .float32(let below) = try forward(down)
        else { return }
        var slope = 0.0
        for j in 0..<dy.count { slope += Double(dy[j]) * Double(above[j] - below[j]) / 2 }
        #expect(abs(Double(gradient[i]) - slope) < 2e-5, "\(node.opType) input \(index)")
      }
    }
    // Each alone is the same; what nobody wants is not computed.
    for index in inputs.indices {
      let alone = try operation.backward(
        BackwardPass(
          inputs: Inputs(node.opType, inputs.map { .float32($0) }), outputs: [y], gradients: [dy],
          wanted: [index]))
      for other in inputs.indices {
        #expect(alone[other] == (other == index ? gradients[index] : nil))
      }
    }
  }

  @Test(arguments: [[3, 5], [1, 5], [5], [3, 1], [1], [], [1, 1]] as [[Int]])
  func gemm(_ c: [Int]) throws {
    for (transA, transB) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let node = Node(
        "Gemm", inputs: ["a", "b", "c"], outputs: ["y"],
        attributes: [
          "transA": .int(transA), "transB": .int(transB), "alpha": .float(0.5), "beta": .float(-2),
        ])
      try check(
        node,
        [
          numbers(transA == 1 ? [4, 3] : [3, 4], seed: 1),
          numbers(transB == 1 ? [5, 4] : [4, 5], seed: 2), numbers(Shape(c), seed: 3),
        ])
    }
  }

  @Test func convolutionOverOneDimension() throws {
    let node = Node(
      "Conv", inputs: ["x", "w", "b"], outputs: ["y"],
      attributes: [
        "group": .int(2), "strides": .ints([2]), "dilations": .ints([2]), "pads": .ints([3, 1]),
      ])
    try check(
      node, [numbers([2, 4, 9], seed: 1), numbers([6, 2, 3], seed: 2), numbers([6], seed: 3)])
  }
}
