import Masks
import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Training with batch normalisation by the statistics of each batch.
struct BatchStatisticsTests {
  private struct Steps: Decodable {
    let losses: [Double]
    let gradients: [String: [Float]]
    let weights: [String: [Float]]
  }

  private static func graph() throws -> Graph {
    func start(_ name: String, _ shape: Shape) -> Value {
      .float32(Initializer.heUniform.weights(shape, named: name, seed: 5))
    }
    return try Graph(
      name: "norm", inputs: [Graph.Input("x", dims: [nil, 1, 8, 8])], outputs: ["y"],
      constants: [
        "conv.weight": start("conv.weight", [4, 1, 3, 3]),
        "norm.scale": .float32(Tensor([4], repeating: 1)),
        "norm.bias": .float32(Tensor([4], repeating: 0)),
        "norm.mean": .float32(Tensor([4], repeating: 0)),
        "norm.var": .float32(Tensor([4], repeating: 1)),
        "ratio": .float32(Tensor(scalar: 0.25)),
        "dense.weight": start("dense.weight", [10, 144]),
        "dense.bias": .float32(Tensor([10], repeating: 0)),
      ],
      nodes: [
        Node("Conv", inputs: ["x", "conv.weight"], outputs: ["conv"]),
        Node(
          "BatchNormalization",
          inputs: ["conv", "norm.scale", "norm.bias", "norm.mean", "norm.var"],
          outputs: ["norm"]),
        Node("Relu", inputs: ["norm"], outputs: ["relu"]),
        Node("Dropout", inputs: ["relu", "ratio"], outputs: ["drop"]),
        Node("Flatten", inputs: ["drop"], outputs: ["flat"]),
        Node(
          "Gemm", inputs: ["flat", "dense.weight", "dense.bias"], outputs: ["y"],
          attributes: ["transB": .int(1)]),
      ])
  }

  private static func trainer(_ statistics: BatchStatistics) throws -> Trainer {
    try Trainer(
      graph(), optimizer: SGD(learningRate: 0.1, momentum: 0.9), batchNormalization: statistics,
      seed: 5)
  }

  @Test("three steps are PyTorch's: losses, gradients, weights and running statistics")
  func asPyTorch() throws {
    let golden = try Golden.json("batch_norm_steps.json", as: Steps.self)
    var trainer = try Self.trainer(.batch)
    func expect(_ found: Tensor?, _ expected: [Float], _ name: String) throws {
      let found = try #require(found).elements
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) {
        #expect(abs(a - b) <= 1e-4 * max(0.1, abs(b)), "\(name): \(a), PyTorch \(b)")
      }
    }
    let (_, gradients) = try trainer.gradients(goldenBatch([6, 1, 8, 8], seed: 5, step: 0))
    #expect(Set(gradients.keys) == Set(golden.gradients.keys))
    for (name, values) in golden.gradients { try expect(gradients[name], values, name) }
    for (step, loss) in golden.losses.enumerated() {
      let found = try trainer.step(goldenBatch([6, 1, 8, 8], seed: 5, step: step))
      #expect(abs(found.loss - loss) < 1e-4)
    }
    #expect(Set(trainer.weights.keys) == Set(golden.weights.keys))
    for (name, values) in golden.weights { try expect(trainer.weights[name], values, name) }
    // What is written has the running statistics, and predicts by them.
    let graph = try trainer.graph
    #expect(graph.constants["norm.mean"]?.tensor == trainer.weights["norm.mean"])
    let x = goldenBatch([6, 1, 8, 8], seed: 5, step: 9).inputs
    #expect(try trainer.predictor.output(for: x) == Plan(predicting: graph).output(for: x))
  }

  @Test("stored statistics stay, and a snapshot goes on to the same bits")
  func storedAndResumed() throws {
    var stored = try Self.trainer(.stored)
    _ = try stored.step(goldenBatch([6, 1, 8, 8], seed: 5, step: 0))
    #expect(stored.weights["norm.mean"] == nil)
    #expect(try stored.graph.constants["norm.var"] == .float32(Tensor([4], repeating: 1)))

    var whole = try Self.trainer(.batch)
    _ = try whole.step(goldenBatch([6, 1, 8, 8], seed: 5, step: 0))
    var resumed = try Self.trainer(.batch)
    try resumed.restore(whole.snapshot)
    for step in 1..<3 {
      let batch = goldenBatch([6, 1, 8, 8], seed: 5, step: step)
      #expect(try whole.step(batch) == resumed.step(batch))
    }
    #expect(whole.weights == resumed.weights)
    #expect(throws: GraphError.self) { try stored.restore(whole.snapshot) }
  }
}
