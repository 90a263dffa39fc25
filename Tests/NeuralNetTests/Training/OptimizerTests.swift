import Foundation
import NeuralNet
import TensorCore
import Testing

struct OptimizerTests {
  /// Weights after steps under gradients that are given.
  static func run(_ text: String, _ start: [Float], _ gradients: [[Float]]) throws -> [Float] {
    let optimizer = try OptimizerRegistry.make(text)
    var weights = Tensor([1, start.count], start)
    var state = optimizer.slots.map { _ in Tensor(weights.shape, repeating: 0) }
    for (step, gradient) in gradients.enumerated() {
      optimizer.update(
        &weights, gradient: Tensor(weights.shape, gradient), state: &state, step: step)
    }
    return weights.elements
  }

  static func expect(_ found: [Float], _ expected: [Double]) {
    for (a, b) in zip(found, expected) {
      #expect(abs(Double(a) - b) <= 1e-6 * (1 + abs(b)), "\(found) instead of \(expected)")
    }
  }

  @Test func plain() throws {
    Self.expect(try Self.run("sgd,lr=0.5", [1, -2], [[2, 4], [1, 0]]), [-0.5, -4])
    // Time decay: lr, then lr/2, then lr/3.
    Self.expect(
      try Self.run("sgd,lr=0.6,decay=1", [0], [[1], [1], [1]]), [-(0.6 + 0.3 + 0.2)])
    // L2 pulls to 0: w − lr·l2·w.
    Self.expect(try Self.run("sgd,lr=0.5,l2=0.1", [2], [[0]]), [1.9])
  }

  @Test func momentum() throws {
    // v: −.1, then −.05 − .1; w follows v.
    Self.expect(
      try Self.run("sgd,lr=0.1,momentum=0.5", [0], [[1], [1]]), [-0.1 - 0.15])
    // Nesterov: w moves by momentum·v − lr·g.
    let nesterov = -0.5 * 0.1 - 0.1 + (-0.5 * 0.15 - 0.1)
    Self.expect(
      try Self.run("sgd,lr=0.1,momentum=0.5,nesterov=1", [0], [[1], [1]]), [nesterov])
  }

  @Test("Adam's first step is lr whatever the gradient, the second by the formula")
  func adam() throws {
    Self.expect(try Self.run("adam,lr=0.1", [1, 1], [[3, -0.001]]), [0.9, 1.1])
    let (m, v) = (0.9 * 0.1 * 2 + 0.1 * -1, 0.999 * 0.001 * 4 + 0.001 * 1)
    let second = 0.1 * (m / (1 - 0.81)) / ((v / (1 - 0.998001)).squareRoot() + 1e-8)
    Self.expect(try Self.run("adam,lr=0.1", [0], [[2], [-1]]), [-0.1 - second])
  }

  @Test("biases are not decayed")
  func biases() throws {
    for text in ["sgd,lr=1,l2=0.5", "sgd,lr=1,l2=0.5,momentum=0.9", "adam,l2=0.5"] {
      let optimizer = try OptimizerRegistry.make(text)
      var bias = Tensor([2], [3, 4])
      var state = optimizer.slots.map { _ in Tensor([2], repeating: 0) }
      optimizer.update(&bias, gradient: Tensor([2], [0, 0]), state: &state, step: 0)
      #expect(bias.elements == [3, 4])
    }
  }

  @Test(
    "an optimiser's description makes it again", arguments: OptimizerRegistry.all.map { $0.name })
  func description(name: String) throws {
    let made = try OptimizerRegistry.make("\(name),lr=0.25,l2=0.125")
    let again = try OptimizerRegistry.make(made.description)
    #expect(again.description == made.description)
    #expect(again.learningRate == 0.25)
  }

  /// Weights 1, 2, 3 after steps of 1; averages from the second step on are 2 and 2.5.
  @Test func averagesAreThoseOfTheStepsSince() throws {
    var optimizer = try OptimizerRegistry.make("asgd,lr=1")
    var (weights, state) = (Tensor([1], [0]), [Tensor([1], [0])])
    for step in 0..<3 {
      if step == 1 { optimizer.averagesFrom = 1 }
      optimizer.update(&weights, gradient: Tensor([1], [-1]), state: &state, step: step)
    }
    #expect(weights[0] == 3 && state[0][0] == 2.5)
  }

  /// Merity 2017, algorithm 1: no better than the best of all but the last n, once there are more than n.
  @Test func averagingBeginsWhereNothingGetsBetter() throws {
    let optimizer = try OptimizerRegistry.make("asgd,patience=2")
    #expect(!optimizer.shouldAverage(after: [5, 6]))
    #expect(!optimizer.shouldAverage(after: [5, 6, 5.1]))
    #expect(!optimizer.shouldAverage(after: [5, 6, 7, 4.9]))
    #expect(optimizer.shouldAverage(after: [5, 6, 7, 5.1]))
    // The last two are no best ones.
    #expect(!optimizer.shouldAverage(after: [5, 4, 3, 4.5]))
    #expect(optimizer.shouldAverage(after: [5, 4, 3, 2, 4.5]))
    #expect(!SGD().shouldAverage(after: [1, 2, 3, 4, 5, 6, 7, 8, 9]))
  }

  /// One step of plain descent moves the weights by the gradient: with a limit by one as long as that.
  @Test func clippedGradientsAreAsLongAsTheLimitTogether() throws {
    func move(_ optimizer: SGD) throws -> [Double] {
      var trainer = try Small.trainer(rate: 0, optimizer: optimizer)
      let before = trainer.weights
      _ = try trainer.step(Small.batch())
      return trainer.weights.sorted { $0.key < $1.key }.flatMap { name, after in
        zip(after.elements, before[name]?.elements ?? []).map { Double($0 - $1) }
      }
    }
    func length(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let free = try move(SGD(learningRate: 1))
    let clipped = try move(SGD(learningRate: 1, clip: 0.25))
    #expect(length(free) > 0.3 && abs(length(clipped) - 0.25) < 1e-4)
    // The same direction.
    let cosine = zip(free, clipped).reduce(0) { $0 + $1.0 * $1.1 } / length(free) / length(clipped)
    #expect(cosine > 0.9999)
    #expect(try move(SGD(learningRate: 1, clip: 1000)) == free)
  }

  @Test(
    "what cannot be read says so",
    arguments: [
      ("adagrad", "optimizer: expected sgd, adam, asgd, found adagrad"),
      ("", "optimizer: expected sgd, adam, asgd, found nothing"),
      ("sgd,lr", "optimizer: expected KEY=NUMBER, each key once, found lr"),
      ("sgd,lr=1,lr=2", "optimizer: expected KEY=NUMBER, each key once, found lr=2"),
      ("sgd,lr=fast", "optimizer sgd lr: expected a number of 0 or more, found fast"),
      (
        "asgd,patience=0",
        "optimizer asgd patience: expected a whole number from 1 to 1000000, found 0"
      ),
      ("sgd,lr=nan", "optimizer sgd lr: expected a number of 0 or more, found nan"),
      ("sgd,momentum=1", "optimizer sgd momentum: expected a number from 0 to below 1.0, found 1"),
      (
        "adam,momentum=.5",
        "optimizer adam: expected lr, beta1, beta2, epsilon, l2, clip, found momentum"
      ),
    ])
  func bad(text: String, message: String) {
    let error = #expect(throws: TensorError.self) { try OptimizerRegistry.make(text) }
    #expect(error?.description == message)
  }
}
