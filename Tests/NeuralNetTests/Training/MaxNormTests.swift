import NeuralNet
import TensorCore
import Testing

struct MaxNormTests {
  /// The lengths of the weights of each unit, for weights with units along the first axis.
  static func lengths(_ weights: Tensor) -> [Double] {
    let each = weights.count / weights.shape[0]
    return (0..<weights.shape[0]).map { unit in
      weights.elements[unit * each..<(unit + 1) * each]
        .reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
  }

  @Test("no unit is longer than the limit after a step, and units below it are as without one")
  func limit() throws {
    var free = try Small.trainer()
    var limited = try Small.trainer(maxNorm: MaxNorm(0.6))
    _ = try free.step(Small.batch())
    _ = try limited.step(Small.batch())
    var shortened = 0
    for (name, weights) in limited.weights {
      let before = try #require(free.weights[name])
      guard weights.shape.rank > 1 else {
        #expect(weights == before, "\(name)")
        continue
      }
      let each = weights.count / weights.shape[0]
      for (unit, (now, then)) in zip(Self.lengths(weights), Self.lengths(before)).enumerated() {
        #expect(abs(now - min(then, 0.6)) < 1e-6, "\(name) \(unit)")
        shortened += then > 0.6 ? 1 : 0
        let factor = Float(min(1, 0.6 / then))
        for i in unit * each..<(unit + 1) * each {
          #expect(abs(weights[i] - before[i] * factor) < 1e-6)
        }
      }
    }
    #expect(shortened > 3)
  }

  @Test("only the layers that are named are limited; other names are none")
  func named() throws {
    var limited = try Small.trainer(maxNorm: MaxNorm(0.01, on: ["dense1.weight"]))
    _ = try limited.step(Small.batch())
    let (first, second) = (limited.weights["dense1.weight"], limited.weights["dense2.weight"])
    #expect(Self.lengths(try #require(first)).allSatisfy { $0 < 0.0101 })
    #expect(Self.lengths(try #require(second)).contains { $0 > 0.02 })
    let error = #expect(throws: GraphError.self) {
      try Small.trainer(maxNorm: MaxNorm(1, on: ["dense1.bias"]))
    }
    #expect(
      error?.description
        == "max-norm: expected weights of conv1.weight, dense1.weight, dense2.weight, "
        + "found dense1.bias")
  }

  @Test("units of weights that lie the other way round are columns")
  func columns() throws {
    let graph = try Graph(
      name: "columns", inputs: [.init("x", dims: [nil, 2])], outputs: ["y"],
      constants: ["w": .float32(Tensor([2, 3], [3, 0, 0.1, 4, 1, 0.1]))],
      nodes: [Node("MatMul", inputs: ["x", "w"], outputs: ["y"])])
    var trainer = try Trainer(graph, optimizer: SGD(learningRate: 0), maxNorm: MaxNorm(1))
    _ = try trainer.step(Batch(Tensor([1, 2], [1, 1]), .labels([0])))
    let found = try #require(trainer.weights["w"]).elements
    for (a, b) in zip(found, [0.6, 0, 0.1, 0.8, 1, 0.1] as [Float]) { #expect(abs(a - b) < 1e-6) }
  }
}
