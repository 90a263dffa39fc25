import Formats
import Insight
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import Testing
import TestSupport

/// What `Tests/Golden/make_facts.py` derived with NumPy, from the digit's pixels and closed forms.
private struct GoldenFacts: Decodable {
  let autocorrelation: Double
  let rates: [Row]
  let changed_30_35: Changed

  struct Row: Decodable {
    let p, wasted, recoverability, max_pool_mean, variance_ratio: Double
  }
  struct Changed: Decodable {
    let coupled, resampled: Double
  }

  static func read() throws -> GoldenFacts {
    try Golden.json("facts.json")
  }
}

/// Figures of many masks: their quotient of sums, and its standard error.
private struct Quotient {
  private var pairs: [(above: Double, below: Double)] = []

  mutating func add(_ above: Double, _ below: Double) { pairs.append((above, below)) }

  var value: Double {
    pairs.reduce(0) { $0 + $1.above } / pairs.reduce(0) { $0 + $1.below }
  }

  /// Of the linearised quotient: √(Σ (a − R·b)²) / Σ b.
  var error: Double {
    let value = value
    let squares = pairs.reduce(0.0) {
      $0 + ($1.above - value * $1.below) * ($1.above - value * $1.below)
    }
    return squares.squareRoot() / pairs.reduce(0) { $0 + $1.below }
  }

  func agrees(with expected: Double) -> Bool { abs(value - expected) < 4 * error }
}

@Suite struct FactsTests {
  /// The built-in seven's first feature maps with both poolings below them.
  private static func experiment() throws -> Experiment {
    let edges = Network(try BuiltIns.model("edges")!)
    let image = try BuiltIns.digit("seven")!.tensor.reshaped(to: [1, 1, 28, 28])
    let maps = try edges.run(["image": .float32(image)])
      .tensor(edges.graph.value(named: "relu1")!)!
    let window: [String: Attribute] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]
    let graph = try Graph(
      name: "pools", inputs: [Graph.Input("maps", dims: maps.shape.dims)], outputs: ["average"],
      nodes: [
        Node("MaxPool", inputs: ["maps"], outputs: ["largest"], attributes: window),
        Node("AveragePool", inputs: ["maps"], outputs: ["average"], attributes: window),
      ])
    return try Experiment(
      Subject(network: Network(graph), input: maps, inputName: "seven", modelName: "pools"))
  }

  @Test func elementDropoutDoesWhatItsClosedFormsSay() throws {
    let golden = try GoldenFacts.read()
    let experiment = try FactsTests.experiment()
    for row in golden.rates {
      var (wasted, recovered, maxPool, average, variance) = (
        Quotient(), Quotient(), Quotient(), Quotient(), Quotient()
      )
      for seed in 0..<100 as Range<UInt64> {
        let seen = try experiment.observe(Setting(layer: "maps", rate: Rate(row.p), seed: seed))
        let meters = seen.meters
        wasted.add(Double(meters.waste.droppedZero), Double(meters.waste.dropped))
        recovered.add(
          meters.recoverability.droppedEnergy - meters.recoverability.residualEnergy,
          meters.recoverability.droppedEnergy)
        maxPool.add(try #require(meters.pooled?.mean), 1)
        average.add(
          try #require(MomentRatios(before: seen.cleanOutput!, after: seen.output!).mean), 1)
        variance.add(try #require(meters.moments.variance), 1)
      }
      #expect(wasted.agrees(with: row.wasted), "p = \(row.p): wasted \(wasted.value)")
      #expect(
        recovered.agrees(with: row.recoverability), "p = \(row.p): recoverable \(recovered.value)")
      #expect(maxPool.agrees(with: row.max_pool_mean), "p = \(row.p): max-pool \(maxPool.value)")
      #expect(average.agrees(with: 1), "p = \(row.p): average pool \(average.value)")
      #expect(variance.agrees(with: row.variance_ratio), "p = \(row.p): \(variance.value)")
    }
  }

  @Test func theMapsAreTheScriptsMaps() throws {
    let golden = try GoldenFacts.read()
    let seen = try FactsTests.experiment().observe(Setting(layer: "maps"))
    #expect(abs(try #require(seen.meters.autocorrelation) - golden.autocorrelation) < 1e-5)
    #expect(abs(seen.meters.moments.before.sparsity - golden.rates[0].wasted) < 1e-12)
  }

  @Test func nothingOfAWholeMapCanBeRecoveredAndPoolingCommutes() throws {
    let experiment = try FactsTests.experiment()
    for seed in 0..<20 as Range<UInt64> {
      let seen = try experiment.observe(Setting(layer: "maps", kind: "spatial", seed: seed))
      let value = seen.meters.recoverability.value
      #expect(value == (seen.mask.dropped == 0 ? nil : 0))
      // Maps live whole or die whole, so the pooled mean follows the plain one but for its weights.
      if seen.mask.dropped == 0 { #expect(seen.meters.pooled?.mean == 2) }
    }
  }

  @Test func coupledMasksChangeFewerCells() throws {
    let golden = try GoldenFacts.read()
    let experiment = try FactsTests.experiment()
    func kept(_ p: Double, _ seed: UInt64) throws -> [Bool] {
      try experiment.observe(Setting(layer: "maps", rate: Rate(p), seed: seed)).mask.kept.elements
    }
    var (coupled, resampled, cells) = (0, 0, 0)
    for seed in stride(from: 0, to: 100, by: 2) as StrideTo<UInt64> {
      let before = try kept(0.3, seed)
      coupled += zip(before, try kept(0.35, seed)).count { $0 != $1 }
      resampled += zip(before, try kept(0.35, seed + 1)).count { $0 != $1 }
      cells += before.count
    }
    for (count, expected) in [
      (coupled, golden.changed_30_35.coupled), (resampled, golden.changed_30_35.resampled),
    ] {
      let deviation = (expected * (1 - expected) / Double(cells)).squareRoot()
      #expect(abs(Double(count) / Double(cells) - expected) < 4 * deviation)
    }
  }

  @Test(arguments: [0.1, 0.5, 0.9])
  func theRealisedRateSpreadsAsChanceDoes(p: Double) throws {
    let layout = Layout(n: 1, c: 2, h: 26, w: 26)
    let dropout = Dropout(ElementDropout(), rate: try Rate(p))
    let draws = 400
    var squares = 0.0
    for seed in 0..<draws {
      let mask = try dropout.mask(layout: layout, stream: RandomStream(seed: UInt64(seed)))
      let realised = Realised(mask, units: layout.count)
      let z = (realised.rate - p) / realised.deviation(at: dropout.rate)
      squares += z * z
    }
    // χ² with 400 degrees of freedom has deviation √800 around 400.
    #expect(abs(squares - Double(draws)) < 4 * (2 * Double(draws)).squareRoot())
  }
}
