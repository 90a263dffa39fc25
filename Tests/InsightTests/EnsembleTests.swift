import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

@Suite struct EnsembleTests {
  private static func monteCarlo(
    _ network: Network, _ clean: Activations, at site: String, p: Double, seed: UInt64 = 3
  ) throws -> MonteCarlo {
    let dropout = Dropout(ElementDropout(), rate: try Rate(p))
    return MonteCarlo(
      network, clean: clean, placements: [Placement(site: site, dropout: dropout, seed: seed)],
      wanted: [network.logits ?? ""], context: RunContext(mode: .train))
  }

  /// All 256 masks of eight features, each as likely as the others at p = .5: what the theory says of
  /// expectations holds to rounding.
  @Test func overAllMasksTheMeansAgreeAsTheorySays() throws {
    let network = try SmallNetwork.linear(SmallNetwork.numbers([8, 3], seed: 2), softmax: true)
    let clean = try SmallNetwork.clean(network)
    let scaled = try #require(network.classification(clean))
    var arithmetic = [0.0, 0.0, 0.0]
    var sums = ClassSums(classes: 3)
    for bits in 0..<256 {
      let layout = Layout(n: 1, c: 8, h: 1, w: 1)
      let mask = Mask(
        layout: layout, kept: NDArray(layout.shape, (0..<8).map { bits >> $0 & 1 == 1 }))
      let placement = Placement(
        site: "x", dropout: Dropout(ManualDropout(mask), rate: try Rate(0.5)), seed: 0)
      let run = try network.run(from: clean, placements: [placement])
      let masked = try #require(network.classification(run))
      for k in 0..<3 { arithmetic[k] += masked.logits[k] / 256 }
      sums.add(masked)
    }
    for k in 0..<3 {
      // The mean of a linear function is the function of the mean: inverted scaling keeps it.
      #expect(abs(arithmetic[k] - scaled.logits[k]) < 1e-5)
      #expect(abs(sums.meanLogits[k] - scaled.logits[k]) < 1e-5)
      // Hinton et al. 2012: for one softmax layer the normalised geometric mean is the mean network.
      #expect(abs(sums.geometricMean[k] - scaled.probabilities[k]) < 1e-6)
    }
    // The arithmetic mean of the probabilities is another number, or nothing was compared.
    let differs = zip(sums.meanProbabilities, scaled.probabilities).contains {
      abs($0 - $1) > 1e-3
    }
    #expect(differs)
    #expect(sums.mutualInformation > 0)
    #expect(sums.predictiveEntropy >= sums.expectedEntropy)
  }

  @Test func survivalTendsToKeepAndTheMeanToTheCleanMap() throws {
    let network = try SmallNetwork.pooled()
    let clean = try SmallNetwork.clean(network)
    let runs = try Self.monteCarlo(network, clean, at: "r", p: 0.3)
    let nothing = Ensemble(network, clean: clean, site: "r")
    #expect(nothing.meanError == nil)
    var ensemble = nothing
    try runs.add(0..<64, to: &ensemble, empty: nothing)
    let early = try #require(ensemble.meanError)
    try runs.add(64..<4096, to: &ensemble, empty: nothing)
    let late = try #require(ensemble.meanError)
    #expect(ensemble.count == 4096)
    // 64 times the masks: an eighth of the error.
    #expect(abs(early / late / 8 - 1) < 0.25)
    let survival = ensemble.survival.elements
    let mean = survival.reduce(0, +) / Float(survival.count)
    #expect(abs(mean - 0.7) < 0.005)
    // Five standard deviations of a share of 4,096.
    #expect(survival.allSatisfy { abs($0 - 0.7) < 0.036 })
    #expect(ensemble.errors.count > 5)
    for (a, b) in zip(ensemble.errors, ensemble.errors.dropFirst()) {
      #expect(b.count >= 2 * a.count)
    }
  }

  @Test func theSumDoesNotDependOnThreadsOrPortions() throws {
    let network = try SmallNetwork.pooled()
    let clean = try SmallNetwork.clean(network)
    let runs = try Self.monteCarlo(network, clean, at: "q", p: 0.5)
    let nothing = Ensemble(network, clean: clean, site: "q")
    func ensemble(threads: Int, portions: [Range<UInt32>]) throws -> Ensemble {
      try Parallel.$threads.withValue(threads) {
        var sum = nothing
        for portion in portions { try runs.add(portion, to: &sum, empty: nothing) }
        return sum
      }
    }
    let one = try ensemble(threads: 1, portions: [0..<48])
    let two = try ensemble(threads: 3, portions: [0..<16, 16..<48])
    #expect(one.classes == two.classes)
    #expect(one.mean == two.mean && one.survival == two.survival)
    #expect(try runs.run(step: 5).tensor("q") != runs.run(step: 6).tensor("q"))
  }

  @Test func itIsSettledWhenTheStandardErrorSaysSo() throws {
    let network = try SmallNetwork.pooled()
    let clean = try SmallNetwork.clean(network)
    let runs = try Self.monteCarlo(network, clean, at: "q", p: 0.1)
    let nothing = Ensemble(network, clean: clean, site: "q")
    var ensemble = nothing
    for start in stride(from: UInt32(0), to: 20_000, by: 200) where ensemble.settledAt == nil {
      try runs.add(start..<start + 200, to: &ensemble, empty: nothing)
    }
    let settled = try #require(ensemble.settledAt)
    let classes = try #require(ensemble.classes)
    #expect(settled <= classes.count && settled > 1)
    #expect(classes.standardErrors.allSatisfy { 1.96 * $0 <= 0.01 })
    #expect(abs(classes.meanProbabilities.reduce(0, +) - 1) < 1e-9)
    #expect(classes.votes.reduce(0, +) == classes.count)
  }

  @Test func aMapIsNoVectorOfClasses() throws {
    #expect(Classification(logits: Tensor([1, 2, 2, 2], repeating: 0)) == nil)
    #expect(Classification(logits: Tensor([2, 3], repeating: 0)) == nil)
    #expect(Classification(logits: Tensor([1, 1], repeating: 0)) == nil)
    let classes = try #require(Classification(logits: Tensor([1, 3, 1, 1], [1, 4, 2])))
    #expect(classes.label == 1)
    #expect(classes.margin == 2)
    #expect(abs(classes.probabilities.reduce(0, +) - 1) < 1e-12)
    // A thousand is too large for exp.
    #expect(Classification(logits: [1000, 0]).probabilities == [1, 0])
  }
}
