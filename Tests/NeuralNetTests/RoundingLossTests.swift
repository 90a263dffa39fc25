import Masks
import NeuralNet
import TensorCore
import Testing

/// What is lost where results are rounded to 16 bits is told, and by which node.
@Suite struct RoundingLossTests {
  private static func losses(
    _ type: ElementType, _ numbers: [Float], _ opType: String
  ) throws -> [RoundingLosses.OfNode] {
    let graph = try Graph(
      name: "g", inputs: [.init("x", type: type, dims: [numbers.count])], outputs: ["y"],
      nodes: [
        Node("Relu", inputs: ["x"], outputs: ["r"]),
        Node(opType, inputs: ["r", "r"], outputs: ["y"]),
      ])
    let x = try Value(.float32(Tensor([numbers.count], numbers)), as: type)
    let losses = RoundingLosses()
    var context = RunContext()
    context.losses = losses
    _ = try Network(graph).run(["x": x], context: context)
    return losses.losses
  }

  @Test func infiniteAndZeroAreTold() throws {
    // 300² is beyond 65504, and 10⁻⁴ squared below 6·10⁻⁸.
    let found = try Self.losses(.float16, [300, 1, 1e-4, 0, 256], "Mul")
    #expect(
      found.map(\.description) == [
        "node y: of its numbers 2 too large for float16 are infinite, 1 too small for float16 are 0"
      ])
    #expect(try Self.losses(.bfloat16, [300, 1, 1e-4, 0, 256], "Mul").isEmpty)
    #expect(try Self.losses(.float32, [300, 1e-4], "Mul").isEmpty)
    #expect(try Self.losses(.float64, [300, 1e-4], "Mul").isEmpty)
  }

  /// What was infinite already, or comes out so in single precision too, is not lost here.
  @Test func infinityItselfIsNoLoss() throws {
    #expect(try Self.losses(.float16, [.infinity, 2], "Add").isEmpty)
    #expect(try Self.losses(.float16, [1, 0], "Div").isEmpty)
  }
}
