import NeuralNet
import TensorCore
import Testing

/// Where differences say nothing: equals in a pool, kinks, values that are no numbers.
struct KinkTests {
  private func backward(
    _ opType: String, _ x: Tensor, attributes: [String: Attribute] = [:], opset: Int = 13,
    cotangent: (Shape) -> Tensor
  ) throws -> Tensor {
    let operation = try OperatorRegistry.standard.make(
      Node(opType, inputs: ["x"], outputs: ["y"], attributes: attributes), opset: opset)
    let inputs = Inputs<Value>(opType, [.float32(x)])
    let outputs = try operation.forward(inputs, RunContext())
    let gradients = try operation.backward(
      BackwardPass(
        inputs: inputs, outputs: outputs, gradients: [cotangent(outputs[0].shape)], wanted: [0]))
    return try #require(gradients[0])
  }

  private func counting(_ shape: Shape) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float($0 + 1) })
  }

  /// Few different numbers, so that most windows have equals; NaN and infinities in between. Each
  /// window's gradient belongs where output 1 of MaxPool says.
  @Test(arguments: [
    [2, 2, 2, 2, 0, 0, 0, 0], [3, 3, 2, 2, 0, 0, 0, 0], [2, 3, 1, 1, 1, 2, 0, 1],
    [2, 2, 2, 2, 1, 1, 0, 0],
  ])
  func equalsInAPool(window: [Int]) throws {
    let palette: [Float] = [1, 1, -1, 0, -0.0, .nan, .infinity, -.infinity, 1, 0]
    // Rows of 19 windows of 2×2: more than are worked on at once, and no multiple of it.
    let x = Tensor([2, 3, 9, 38], (0..<2052).map { palette[($0 * 7 + $0 / 13) % palette.count] })
    let attributes: [String: Attribute] = [
      "kernel_shape": .ints([window[0], window[1]]), "strides": .ints([window[2], window[3]]),
      "pads": .ints(Array(window[4...])),
    ]
    let operation = try OperatorRegistry.standard.make(
      Node("MaxPool", inputs: ["x"], outputs: ["y", "indices"], attributes: attributes), opset: 13)
    let results = try operation.forward(Inputs("MaxPool", [.float32(x)]), RunContext())
    guard case .int64(let winners) = results[1] else {
      Issue.record("no indices")
      return
    }
    var expected = Tensor(x.shape, repeating: 0)
    for (cell, winner) in winners.elements.enumerated() {
      expected[Int(winner)] += Float(cell + 1)
    }
    let found = try backward("MaxPool", x, attributes: attributes, cotangent: counting)
    #expect(found == expected)
  }

  @Test func kinks() throws {
    let x = Tensor([6], [-1, -0.0, 0, 0.5, 2, .nan])
    #expect(try backward("Relu", x, cotangent: counting).elements == [0, 0, 0, 4, 5, 6])
    let bounds: [String: Attribute] = ["min": .float(0), "max": .float(0.5)]
    let clipped = try backward("Clip", x, attributes: bounds, opset: 6, cotangent: counting)
    #expect(clipped.elements == [0, 2, 3, 4, 0, 6])
  }

  /// A cell that ReLU holds back passes nothing on, be it infinite.
  @Test func infinitiesStayBehindAKink() throws {
    let infinite = { (shape: Shape) in Tensor(shape, repeating: .infinity) }
    let found = try backward("Relu", Tensor([2], [-1, 1]), cotangent: infinite)
    #expect(found.elements == [0, .infinity])
  }

  /// The gradient that is handed in belongs to whoever made it.
  @Test func theGradientHandedInStays() throws {
    let g = counting([4])
    _ = try backward("Relu", Tensor([4], [-1, 1, -1, 1])) { _ in g }
    #expect(g == counting([4]))
  }
}
