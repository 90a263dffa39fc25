import Testing

/// Masks of every kind in the registry and what they leave of an activation, bit for bit.
@Suite struct FrozenMaskTests {
  private static let shapes = [[3, 4, 6, 7], [2, 5, 9], [4, 12]]
  private static let rates = [0, 0.1, 0.25, 0.5, 0.9, 1]

  /// Numbers of all sizes, and those that arithmetic spoils.
  private static func numbers(_ count: Int) -> [Float] {
    var x = (0..<count).map { Float(($0 * 37) % 101 - 50) / 8 }
    let odd: [Float] = [.infinity, -.infinity, .nan, -0.0, .leastNonzeroMagnitude, 1e38]
    for (index, number) in odd.enumerated() { x[index * 5 % count] = number }
    return x
  }

  /// A mask for rates, seeds and steps; a kind that cannot act on a shape has no line for it.
  @Test func masks() throws {
    var values: [String: String] = [:]
    for kind in KeptKind.all {
      for shape in Self.shapes {
        var all: [Float]? = []
        for rate in Self.rates {
          for (seed, step) in [(7, 0), (7, 2), (1 << 40 | 3, 0)] as [(UInt64, UInt32)] {
            let mask = try Kept.mask(kind, rate, shape: shape, seed: seed, step: step)
            all = mask.flatMap { mask in all.map { $0 + mask } }
          }
        }
        if let all { values["\(kind.text) \(shape)"] = Frozen.hash(all) }
      }
    }
    try Frozen.check("mask", values)
  }

  /// What is left in training and at evaluation, for rates and scalings.
  @Test func outputs() throws {
    var values: [String: String] = [:]
    for kind in KeptKind.all {
      for shape in Self.shapes {
        let x = Self.numbers(shape.reduce(1, *))
        var all: [Float]? = []
        for rate in Self.rates {
          for scaling in Kept.scalings {
            let output = try Kept.dropped(
              x, shape: shape, kind, rate, scaling: scaling, seed: 11)
            all = output.flatMap { output in all.map { $0 + output } }
          }
        }
        if let all { values["\(kind.text) \(shape)"] = Frozen.hash(all) }
      }
    }
    try Frozen.check("dropped", values)
  }

  /// Weights of a convolution and of a dense layer.
  @Test func weights() throws {
    var values: [String: String] = [:]
    for kind in KeptKind.all {
      for shape in [[6, 3, 3, 3], [8, 5]] {
        let weights = Self.numbers(shape.reduce(1, *))
        var all: [Float]? = []
        for rate in Self.rates {
          let output = try Kept.dropped(weights: weights, shape: shape, kind, rate, seed: 5)
          all = output.flatMap { output in all.map { $0 + output } }
        }
        if let all { values["\(kind.text) \(shape)"] = Frozen.hash(all) }
      }
    }
    try Frozen.check("weights", values)
  }
}
