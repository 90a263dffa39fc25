import Formats
import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// The table against a derivation in NumPy's float64 from the same weights and the same masks. What
/// was counted must be equal: the script refuses images in which a cell lies so near a decision that
/// float32 could decide otherwise. On plain paper there are cells that are equal in float64 and not
/// in float32; the script counts how often a mask chose between them, and grainy paper has none.
/// Ratios of moments may be apart by float32's rounding.
@Suite struct PlacementGoldenTests {
  private static let tolerance = 1e-4

  private let placementTable: DigitsPlacement

  init() throws { placementTable = try DigitsPlacement() }

  private func expect(
    _ found: Double?, _ expected: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let apart = abs((found ?? .nan) - expected)
    #expect(
      apart <= Self.tolerance * abs(expected), "\(what): \(found ?? .nan) instead of \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test func rowsAreWhatNumPyFinds() throws {
    let rows = placementTable.golden.rows
    #expect(Set(rows.map(\.site)).count == 6 && Set(rows.map(\.kind)).count == 2)
    #expect(rows.contains { $0.flips[0] > 0 })
    #expect(rows.contains { $0.kind == "element" && $0.pool?.tied == 0 })
    for golden in rows {
      let clean = try placementTable.clean(digit: golden.digit, grain: golden.grain)
      let row = try placementTable.row(
        clean, at: golden.site, placementTable.dropout(golden.kind, golden.rate))
      #expect(row.next?.value == golden.next, "\(golden.name)")
      expect(row.next?.meanRatio, golden.nextRatios.mean, "\(golden.name), next mean")
      expect(row.next?.varianceRatio, golden.nextRatios.variance, "\(golden.name), next variance")
      expect(row.output?.meanRatio, golden.outputRatios.mean, "\(golden.name), output mean")
      expect(
        row.output?.varianceRatio, golden.outputRatios.variance, "\(golden.name), output variance")
      #expect(row.deadMaps == share(golden.deadMaps), "\(golden.name)")
      #expect(row.flips == share(golden.flips), "\(golden.name)")
      try expect(row.pool, golden.pool, golden.name)
    }
  }

  private func expect(_ found: PoolDamage?, _ golden: PlacementGolden.Pool?, _ what: String) throws
  {
    // Counted where the pool reads the site itself, not through another dropout.
    guard let golden else { return }
    let found = try #require(found, "\(what)")
    #expect(found.zeroed == Share(golden.zeroed, of: golden.live), "\(what)")
    #expect(found.lowered.total == golden.live, "\(what)")
    #expect(found.lowered.count == golden.lowered, "\(what)")
  }

  private func share(_ counted: [Int]) -> Share { Share(counted[0], of: counted[1]) }

  @Test func maxPoolsInflateBuiltInDigits() throws {
    let digits = try (0..<10).map { try placementTable.clean(digit: $0) }
    try expectInflation(of: digits, placementTable.golden.builtIn)
  }

  @Test(
    .enabled(if: Shared.has("data/mnist/train-images-idx3-ubyte.gz"), "needs ../shared"))
  func maxPoolsInflateDigitsOfMNIST() throws {
    let set = try LabelledIDX(folder: Shared.path("data/mnist"), prefix: "train")
    // The first third of those in the file: enough to tell, and soon done.
    let digits = try (0..<16).map { try placementTable.clean(set.images([$0])) }
    try expectInflation(of: digits, placementTable.golden.mnist)
  }

  private func expectInflation(
    of digits: [Activations], _ golden: [PlacementGolden.Inflation]
  ) throws {
    #expect(golden.map(\.rate) == [0.1, 0.25, 0.5, 0.75, 0.9])
    for golden in golden {
      #expect(golden.each.count >= digits.count)
      for (index, (clean, expected)) in zip(digits, golden.each).enumerated() {
        let found = try placementTable.inflation(clean, rate: golden.rate)
        expect(found, expected, "digit \(index) at \(golden.rate)")
      }
    }
  }

  /// Exactly, not nearly: the largest of scaled cells is the scaled largest.
  @Test func onlyWholeMapsMayBeDroppedBehindTheMaxPoolAsWell() throws {
    for golden in placementTable.golden.commuting {
      let found = try largestApart(golden)
      if golden.kind == "spatial" {
        #expect(found == 0 && golden.largest == 0)
      } else {
        #expect(golden.largest > 1)
        expect(found, golden.largest, "\(golden.kind) \(golden.rate), digit \(golden.digit)")
      }
    }
  }

  private func largestApart(_ golden: PlacementGolden.Commuting) throws -> Double {
    let (site, clean) = (placementTable.golden.site, try placementTable.clean(digit: golden.digit))
    let value = try #require(placementTable.network.pool(reading: site))
    let x = try #require(clean.tensor(site)).elements
    let pooled = try #require(clean.tensor(value)).elements
    let maps = try Layout.channelsFirst(#require(clean.tensor(site)).shape)
    let out = try Layout.channelsFirst(#require(clean.tensor(value)).shape)
    let dropout = try placementTable.dropout(golden.kind, golden.rate)
    let runs = placementTable.runs(clean, at: site, dropout, wanted: [value])
    // The cell of each 2×2 window that the pool takes.
    let winners = (0..<out.count).map { cell -> Int in
      let (c, rest) = cell.quotientAndRemainder(dividingBy: out.area)
      let (y, left) = (rest / out.w, rest % out.w)
      let window = [0, 1, maps.w, maps.w + 1].map {
        maps.offset(n: 0, c: c, y: 2 * y, x: 2 * left) + $0
      }
      return window.first { x[$0] == pooled[cell] } ?? window[0]
    }
    var largest: Float = 0
    for step in 0..<placementTable.golden.masks {
      let run = try runs.run(step: step)
      let mask = try #require(run.masks[site])
      let scale = dropout.transfers(mask: mask, mode: .train)[0].scale
      let (kept, found) = (mask.kept.elements, try #require(run.tensor(value)).elements)
      for (cell, winner) in winners.enumerated() {
        let fate = kept[winner] ? pooled[cell] * scale : 0
        largest = max(largest, abs(found[cell] - fate))
      }
    }
    return Double(largest)
  }
}
