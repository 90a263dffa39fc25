import Insight
import Masks
import NeuralNet
import TensorCore
import TestNetworks
import Testing

@testable import Studies

/// What is kept of trainings that are watched.
@Suite struct WatchedTrainingTests {
  private func segment(_ epoch: Int, _ step: Int, _ before: Double, _ rate: Double)
    -> TrainingSegment
  {
    TrainingSegment(
      epoch: epoch, step: step, before: Rate(clamping: before), rate: Rate(clamping: rate))
  }

  @Test func segmentsWithoutABatchBetweenAreOne() {
    var segments: [TrainingSegment] = []
    segments.add(segment(2, 20, 0.5, 0.45))
    segments.add(segment(2, 20, 0.45, 0.4))
    #expect(segments == [segment(2, 20, 0.5, 0.4)])
    segments.add(segment(2, 24, 0.4, 0.3))
    #expect(segments.count == 2 && segments.byEpoch == [segment(2, 20, 0.5, 0.3)])
    segments.add(segment(3, 30, 0.3, 0.2))
    #expect(segments.byEpoch.map(\.rate.p) == [0.3, 0.2])
    // Back again before a batch: nothing was changed.
    segments.add(segment(3, 30, 0.2, 0.3))
    #expect(segments.count == 2)
  }

  @Test func momentsThinOutWhereThereIsNoRoom() throws {
    var moments = TrainingMoments()
    let graph = try SmallNetwork.trainable(seed: 1)
    for epoch in 0...9 { moments.add(graph, after: epoch) }
    #expect(moments.all.map(\.epoch) == Array(0...9))
    #expect(moments.last(until: 4)?.epoch == 4 && moments.last(until: 99)?.epoch == 9)
    moments = TrainingMoments(mostBytes: 1)
    for epoch in 0...9 {
      moments.add(graph, after: epoch)
      #expect(moments.all.count <= 4 && moments.all.last?.epoch == epoch)
      #expect(moments.all.first?.epoch == 0)
    }
    #expect(moments.all.map(\.epoch) == [0, 4, 8, 9])
    #expect(moments.last(until: 5)?.epoch == 4)
  }

  @Test func filtersAreWhatTheInputIsReadWith() throws {
    let graph = try SmallNetwork.trainable(seed: 1)
    let filters = try #require(Filters(of: graph))
    guard case .float32(let weights)? = graph.constants["conv1.weight"] else {
      Issue.record("no weights")
      return
    }
    #expect(filters.layer == "conv1")
    #expect(filters.maps.shape.dims == [weights.shape[0], weights.shape[2], weights.shape[3]])
    #expect(filters.maps.elements == weights.elements)
    // A dense layer over a square image, whichever way its weights lie; each unit's as it reads them.
    let recipe = try #require(RecipeRegistry.recipe("sigmoid-numpy"))
    let dense = try #require(Filters(of: try recipe.graph(seed: 1)))
    #expect(dense.maps.shape.dims.dropFirst() == [28, 28])
  }

  /// A variant that comes later ends with the same bits as if it had been there from the start.
  @Test(arguments: [0, 5, 200]) func aVariantAddedLaterComesToTheSame(at step: Int) throws {
    var without = TrainingChanges()
    without.ownDropout = false
    var half = without
    half.sites = [
      .init(PlacedDropout(site: "relu1", rate: Rate(clamping: 0.5)), called: "relu1")
    ]
    let (none, dropped) = (
      RaceVariant(name: "none", changes: without), RaceVariant(name: "half", changes: half)
    )
    var together = RaceWork(
      id: 1, RaceJob(variants: [none, dropped], seeds: [3]), open: Bars.openRace)
    together.advance(to: .max)
    var alone = RaceWork(id: 2, RaceJob(variants: [none], seeds: [3]), open: Bars.openRace)
    alone.advance(to: step)
    #expect(alone.isDone == (step == 200))
    try alone.add(dropped)
    #expect(!alone.isOver)
    alone.advance(to: .max)
    #expect(alone.isDone && alone.problem == nil)
    for variant in 0...1 { #expect(alone.records(of: variant) == together.records(of: variant)) }
    #expect(alone.report == together.report && alone.report?.verdict != nil)
  }

  @Test func aLookChangesNothing() throws {
    var changes = TrainingChanges()
    changes.ownDropout = true
    var (a, b) = (try Bars.training(changes, seed: 2), try Bars.training(changes, seed: 2))
    for _ in 0..<4 {
      _ = try a.advance(seconds: { 0 }, while: { true })
      _ = try b.advance(seconds: { 0 }, while: { true })
      let look = try b.look()
      #expect(look.activations.map(\.layer).contains("relu1"))
      for (_, histogram) in look.activations { #expect(histogram.least >= 0) }
      #expect(!look.masks.isEmpty && look.filters != nil)
      for (site, histogram) in look.masks {
        #expect(histogram.least >= 0 && histogram.greatest <= 1, "\(site)")
      }
    }
    #expect(a.trainer.weights.keys == b.trainer.weights.keys)
    for (name, weights) in a.trainer.weights {
      #expect(weights.elements == b.trainer.weights[name]?.elements, "\(name)")
    }
  }
}
