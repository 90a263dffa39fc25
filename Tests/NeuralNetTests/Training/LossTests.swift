import Foundation
import NeuralNet
import TensorCore
import Testing

struct LossTests {
  static let output = Tensor([3, 4], [1, -2, 0.5, 3, 0, 0, 0, 0, -1, 50, 2, -40])

  @Test("a loss's gradient is what finite differences say", arguments: LossRegistry.all.map(\.name))
  func differences(name: String) throws {
    let loss = try LossRegistry.make(name)
    let some = Tensor([3, 4], (0..<12).map { Float($0 % 5) / 4 - 0.3 })
    let targets: [Targets] = [
      .labels([3, 0, 1]), .values(Tensor([3, 4], [0, 1, 0, 0, 0.25, 0.25, 0.5, 0, 0, 0, 0, 1])),
    ]
    for targets in targets {
      let gradient = try loss.evaluate(some, targets).gradient
      for i in 0..<some.count {
        var (above, below) = (some, some)
        above[i] += 0x1p-10
        below[i] -= 0x1p-10
        let difference = try loss.evaluate(above, targets).mean
        let slope = (difference - (try loss.evaluate(below, targets).mean)) / 0x1p-9
        #expect(abs(Double(gradient[i]) - slope) < 1e-5, "\(name) at \(i)")
      }
    }
  }

  @Test func crossEntropyByHand() throws {
    let found = try SoftmaxCrossEntropy().evaluate(Self.output, .labels([3, 2, 3]))
    // Row 1 is even: log 4. In row 2 the class lies 90 below the largest.
    let first = log(exp(-2) + exp(-5) + exp(-2.5) + 1.0)
    #expect(abs(found.mean - (first + log(4) + 90) / 3) < 1e-9)
    #expect(found.correct == 1)
  }

  /// Tokens are labels of the rows of `[N,T,K]`; where none is asked for there is no gradient.
  @Test func tokensAreLabelsWithoutPadding() throws {
    let loss = SoftmaxCrossEntropy()
    let rows = Tensor([4, 3], (0..<12).map { Float($0 % 5) - 1.5 })
    let found = try loss.evaluate(
      try rows.reshaped(to: [2, 2, 3]), .tokens([2, -1, 0, 1]))
    let asked = Tensor([3, 3], [0, 1, 2, 6, 7, 8, 9, 10, 11].map { rows[$0] })
    let expected = try loss.evaluate(asked, .labels([2, 0, 1]))
    #expect(abs(found.mean - expected.mean) < 1e-6)
    #expect(found.count == 3 && found.correct == expected.correct)
    #expect(found.gradient.shape == [2, 2, 3])
    #expect(found.gradient.elements[3..<6].allSatisfy { $0 == 0 })
    for (i, j) in [(0, 0), (1, 1), (2, 2), (6, 3), (7, 4), (8, 5), (9, 6), (10, 7), (11, 8)] {
      #expect(abs(found.gradient[i] - expected.gradient[j]) < 1e-6)
    }
    let nothing = try loss.evaluate(rows, .tokens([-1, -1, -1, -1]))
    #expect(nothing.mean == 0 && nothing.count == 0)
    let bad: [([Int], String)] = [
      ([0, 1], "expected outputs of 2 tokens, found [4,3]"),
      ([0, 1, 3, 0], "expected tokens from 0 to 2, or -1 for none, found 3 at 2"),
      ([0, 1, -2, 0], "expected tokens from 0 to 2, or -1 for none, found -2 at 2"),
    ]
    for (tokens, message) in bad {
      let error = #expect(throws: TensorError.self) { try loss.evaluate(rows, .tokens(tokens)) }
      #expect(error?.description.hasSuffix(message) == true, "\(String(describing: error))")
    }
    #expect(throws: TensorError.self) { try DiceLoss().evaluate(rows, .tokens([0, 1, 2, 0])) }
  }

  /// Numbers of `torch.nn.functional.binary_cross_entropy_with_logits`, and Dice by hand.
  @Test func lossesOfMasks() throws {
    let logits = Tensor([2, 1, 1, 3], [0.5, -2, 3, -80, 0, 100])
    let masks = Tensor([2, 1, 1, 3], [1, 0, 1, 0, 1, 0])
    let found = try BinaryCrossEntropy().evaluate(logits, .values(masks))
    let each = [log(1 + exp(-0.5)), log(1 + exp(-2.0)), log(1 + exp(-3.0)), 0, log(2.0), 100]
    #expect(abs(found.mean - each.reduce(0, +) / 6) < 1e-6)
    #expect(found.count == 2)
    // Above 0: {0, 2} against {0, 2}, and {2} against {1}.
    #expect(found.correct == 1)
    let p = Tensor([1, 4], [0.8, 0.6, 0.1, 0])
    let dice = try DiceLoss().evaluate(p, .values(Tensor([1, 4], [1, 0, 1, 0])))
    #expect(abs(dice.mean - (1 - (2 * 0.9 + 1) / (1.5 + 2 + 1))) < 1e-6)
    #expect(dice.correct == 0.5)
    #expect(MaskOverlap.dice([false, false], [false, false]) == 1)
  }

  @Test func squaredErrorByHand() throws {
    let found = try MeanSquaredError().evaluate(
      Tensor([2, 2], [0.5, 0, 1, 1]), .labels([0, 1]))
    #expect(abs(found.mean - (0.25 + 0 + 1 + 0) / 4) < 1e-12)
    #expect(found.gradient.elements == [-0.25, 0, 0.5, 0])
    #expect(found.correct == 1)
  }

  @Test("targets that do not fit say so")
  func bad() {
    let cases: [(Targets, String)] = [
      (.labels([0, 1]), "expected outputs [2,K] for 2 labels, found [3,4]"),
      (.labels([0, 4, 1]), "expected labels from 0 to 3, found 4 for sample 1"),
      (.labels([0, -1, 1]), "expected labels from 0 to 3, found -1 for sample 1"),
      (.values(Tensor([3, 2], repeating: 0)), "expected targets [3,4], found [3,2]"),
    ]
    for (targets, message) in cases {
      for loss in LossRegistry.all {
        let error = #expect(throws: TensorError.self) {
          try loss.evaluate(Self.output, targets)
        }
        #expect(error?.description.hasSuffix(message) == true, "\(String(describing: error))")
      }
    }
    #expect(throws: TensorError.self) { try LossRegistry.make("hinge") }
  }
}
