import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Recurrent layers beside PyTorch's (Tests/Golden/make_operators_recurrent.py).
struct RecurrentTests {
  struct Case: Decodable, Sendable {
    let op: String
    let attributes: [String: GoldenAttribute]
    let inputs: [GoldenArray?]
    let cotangents: [GoldenArray]
    let gradients: [GoldenArray?]
  }

  /// By every input, from a gradient by each output.
  @Test func gradientsAreThoseOfPyTorch() throws {
    let cases: [Case] = try Golden.json("recurrent_gradients.json")
    #expect(cases.count == 6)
    for item in cases {
      let node = Node(
        item.op, inputs: item.inputs.indices.map { item.inputs[$0] == nil ? "" : "x\($0)" },
        outputs: item.cotangents.indices.map { "y\($0)" },
        attributes: item.attributes.mapValues(\.attribute))
      let operation = try OperatorRegistry.standard.make(node, opset: 14)
      let inputs = Inputs(item.op, item.inputs.map { $0?.value })
      let outputs = try operation.forward(inputs, RunContext())
      let found = try operation.backward(
        BackwardPass(
          inputs: inputs, outputs: outputs, gradients: item.cotangents.map { $0.value.tensor },
          wanted: Set(item.inputs.indices)))
      #expect(found.count == item.gradients.count)
      for (index, expected) in item.gradients.enumerated() {
        guard let expected else {
          #expect(found[index] == nil)
          continue
        }
        let own = try #require(found[index], "input \(index)")
        let difference = difference(.float32(own), expected.value, tolerance: 1e-5)
        #expect(difference == nil, "\(item.op), input \(index)")
      }
    }
  }

  /// A layer whose steps nobody could hold is refused by its price.
  @Test func isPricedBeforeItRuns() throws {
    let node = Node("LSTM", inputs: ["x", "w", "r"], outputs: ["y"])
    let operation = try OperatorRegistry.standard.make(node, opset: 14)
    let inputs = Inputs<ValueInfo>(
      "LSTM",
      [
        ValueInfo([1 << 20, 1 << 8, 1]), ValueInfo([1, 4 << 10, 1]),
        ValueInfo([1, 4 << 10, 1 << 10]),
      ])
    #expect(throws: TensorError.self) { try operation.outputs(for: inputs) }
    let fitting = Inputs<ValueInfo>(
      "LSTM",
      [
        ValueInfo([1 << 10, 1 << 8, 1]), ValueInfo([1, 4 << 10, 1]),
        ValueInfo([1, 4 << 10, 1 << 10]),
      ]
    )
    let outputs = try operation.outputs(for: fitting)
    #expect(operation.scratchBytes(inputs: fitting, outputs: outputs) >= 4 << 30)
    #expect(operation.multiplyAdds(inputs: fitting, outputs: outputs) == 1025 << 30)
  }
}
