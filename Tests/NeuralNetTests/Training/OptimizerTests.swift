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

  @Test(
    "what cannot be read says so",
    arguments: [
      ("adagrad", "optimizer: expected sgd, adam, found adagrad"),
      ("", "optimizer: expected sgd, adam, found nothing"),
      ("sgd,lr", "optimizer: expected KEY=NUMBER, each key once, found lr"),
      ("sgd,lr=1,lr=2", "optimizer: expected KEY=NUMBER, each key once, found lr=2"),
      ("sgd,lr=fast", "optimizer sgd lr: expected a number of 0 or more, found fast"),
      ("sgd,lr=nan", "optimizer sgd lr: expected a number of 0 or more, found nan"),
      ("sgd,momentum=1", "optimizer sgd momentum: expected a number from 0 to below 1.0, found 1"),
      (
        "adam,momentum=.5", "optimizer adam: expected lr, beta1, beta2, epsilon, l2, found momentum"
      ),
    ])
  func bad(text: String, message: String) {
    let error = #expect(throws: TensorError.self) { try OptimizerRegistry.make(text) }
    #expect(error?.description == message)
  }
}
