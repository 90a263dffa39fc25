import NeuralNet
import TensorCore
import Testing

/// What training starts from: weights and an order of samples.
struct StartTests {
  @Test("weights have the variance their initialiser promises", arguments: Initializer.allCases)
  func variance(initializer: Initializer) {
    // [O,I,h,w]: a unit sums 16·9 inputs, an input feeds 40·9 units.
    let shape: Shape = [40, 16, 3, 3]
    #expect(Initializer.fans(shape) == (144, 360))
    #expect(Initializer.fans([10, 64]) == (64, 10))
    let weights = initializer.weights(shape, named: "w", seed: 1).elements.map(Double.init)
    let isGlorot = initializer == .glorotUniform || initializer == .glorotNormal
    let expected = 2 / (isGlorot ? 504.0 : 144)
    let mean = weights.reduce(0, +) / Double(weights.count)
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    // 5,760 weights: 5σ of the variance is at most 5·√(2/n) = 9 % for a normal law.
    #expect(abs(variance / expected - 1) < 0.095)
    #expect(abs(mean) < 5 * (expected / Double(weights.count)).squareRoot())
    let isUniform = initializer == .glorotUniform || initializer == .heUniform
    let largest = weights.map(abs).max() ?? 0
    #expect(isUniform == (largest <= (3 * expected).squareRoot()))
    #expect(initializer.weights(shape, named: "w", seed: 1).elements.map(Double.init) == weights)
    #expect(initializer.weights(shape, named: "v", seed: 1).elements.map(Double.init) != weights)
    #expect(initializer.weights(shape, named: "w", seed: 2).elements.map(Double.init) != weights)
  }

  @Test func order() {
    #expect(Shuffle.order(count: 0, seed: 1, epoch: 0).isEmpty)
    #expect(Shuffle.order(count: 1, seed: 1, epoch: 0) == [0])
    let order = Shuffle.order(count: 1000, seed: 1, epoch: 0)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order == Shuffle.order(count: 1000, seed: 1, epoch: 0))
    #expect(order != Shuffle.order(count: 1000, seed: 1, epoch: 1))
    #expect(order != Shuffle.order(count: 1000, seed: 2, epoch: 0))
  }

  @Test("all orders of three come equally often")
  func fairOrder() {
    var seen: [[Int]: Int] = [:]
    for epoch in 0..<6000 { seen[Shuffle.order(count: 3, seed: 4, epoch: epoch), default: 0] += 1 }
    #expect(seen.count == 6)
    // σ = √(6000·⅙·⅚) = 29.
    #expect(seen.values.allSatisfy { abs($0 - 1000) < 145 })
  }
}
