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
