import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

@Suite struct PlacementRowTests {
  private static func row(
    _ network: Network, at value: String, kind: any DropoutKind = ElementDropout(), p: Double,
    masks: UInt32 = 400
  ) throws -> PlacementRow {
    let clean = try SmallNetwork.clean(network)
    let site = try #require(network.sensibleSites.first { $0.value == value })
    let dropout = Dropout(kind, rate: try Rate(p))
    let nothing = try PlacementRow(network, site: site, dropout: dropout, clean: clean)
    var row = nothing
    try MonteCarlo(
      network, clean: clean, placements: [Placement(site: value, dropout: dropout, seed: 7)],
      wanted: nothing.wanted, context: RunContext(mode: .train)
    ).add(0..<masks, to: &row, empty: nothing)
    return row
  }

  @Test func sitesAreWherePeoplePutDropout() throws {
    let sites = try SmallNetwork.pooled().sensibleSites
    #expect(sites.map(\.value) == ["image", "c", "r", "q"])
    #expect(sites[0].places == [.input])
    #expect(sites[1].places == [.afterConvolution])
    #expect(sites[2].places == [.beforePool, .afterActivation])
    #expect(sites[3].places == [.beforeOutput, .afterPool, .beforeFlatten])
  }

  /// A dense layer keeps the mean whatever sits above it: inverted scaling keeps expectations.
  @Test func behindAPoolOnlyAveragingKeepsTheMean() throws {
    let (max, average) = (try SmallNetwork.pooled(), try SmallNetwork.pooled(pool: "AveragePool"))
    let inflated = try Self.row(max, at: "r", p: 0.5)
    let kept = try Self.row(average, at: "r", p: 0.5)
    #expect(inflated.next?.value == "q" && kept.next?.value == "q")
    #expect(try #require(inflated.next?.meanRatio) > 1.2)
    #expect(abs(try #require(kept.next?.meanRatio) - 1) < 0.02)
    let pool = try #require(inflated.pool)
    #expect(pool.zeroed.value > 0 && pool.zeroed.value < pool.lowered.value)
    let averaged = try #require(kept.pool)
    #expect(averaged.lowered.value > pool.lowered.value)
    #expect(inflated.flips?.total == 400 && inflated.count == 400)
  }

  /// p = .5 on one element: lowered when its winner is dropped, so half of the live pooled cells.
  @Test func aPooledCellIsLoweredWhenItsWinnerIsDropped() throws {
    let row = try Self.row(try SmallNetwork.pooled(), at: "r", p: 0.25, masks: 2000)
    #expect(abs(try #require(row.pool).lowered.value - 0.25) < 0.01)
  }

  @Test func spatialDropoutKillsItsShareOfMaps() throws {
    let network = try SmallNetwork.pooled()
    let row = try Self.row(network, at: "r", kind: SpatialDropout(), p: 0.4, masks: 1000)
    #expect(row.deadMaps.total == 3000)
    #expect(abs(row.deadMaps.value - 0.4) < 0.045)
    let pool = try #require(row.pool)
    // Whole maps go: whatever is lowered is gone.
    #expect(pool.lowered == pool.zeroed)
    #expect(try Self.row(network, at: "r", p: 0.4).deadMaps.count == 0)
  }

  @Test func atRateNoneNothingMoves() throws {
    let row = try Self.row(try SmallNetwork.pooled(), at: "q", p: 0, masks: 8)
    #expect(row.flips == Share(0, of: 8))
    #expect(abs(try #require(row.output?.meanRatio) - 1) < 1e-9)
    #expect(abs(try #require(row.output?.varianceRatio) - 1) < 1e-6)
    #expect(row.pool == nil)
  }
}
