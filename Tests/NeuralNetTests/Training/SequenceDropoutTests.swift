import Masks
import NeuralNet
import TensorCore
import TestNetworks
import Testing

/// Dropout in networks of sequences: on a table of words, on recurrent weights, on attention, on words and
/// with one mask for all times.
struct SequenceDropoutTests {
  /// Each kind with a site where it acts.
  static let placed = [
    ("embedding", "embedding"), ("token", "embedding"), ("locked", "embedding"),
    ("weight", "lstm"), ("recurrent", "lstm"), ("locked", "states"), ("attention", "attention"),
    ("element", "states"), ("spatial", "states"), ("path", "embedding"),
  ]

  static func placement(
    _ kind: String, _ site: String, rate: Double = 0.4, seed: UInt64 = 3
  ) throws -> Placement {
    Placement(
      site: site, dropout: Dropout(try KindRegistry.make(kind), rate: try Rate(rate)), seed: seed)
  }

  @Test("the gradient is that of finite differences", arguments: placed)
  func gradients(kind: String, site: String) throws {
    let trainer = try Trainer(
      SequenceNetwork.graph(), optimizer: SGD(), placements: [Self.placement(kind, site)], seed: 1)
    let batch = Batch([SequenceNetwork.sentences(6)], .labels([0, 1, 1, 0, 1, 0]))
    let (loss, gradients) = try trainer.gradients(batch)
    let without = try Trainer(SequenceNetwork.graph(), optimizer: SGD(), seed: 1).gradients(batch)
    #expect(without.loss != loss)
    for name in ["table", "W", "R", "B", "dense"] {
      let gradient = try #require(gradients[name])
      for i in Set([0, gradient.count / 3, gradient.count / 2, gradient.count - 1]) {
        let slope = try Small.slope(trainer, name, i, batch)
        #expect(abs(slope - Double(gradient[i])) < 1e-3, "\(name) \(i)")
      }
    }
  }

  private func run(
    _ placement: Placement, samples: Int = 4
  ) throws -> (clean: Activations, run: Activations) {
    let network = Network(try SequenceNetwork.graph())
    let clean = try network.run(["words": SequenceNetwork.sentences(samples)])
    return (clean, try network.run(from: clean, placements: [placement]))
  }

  @Test func anEmbeddingLosesEveryOccurrenceOfAWord() throws {
    let (clean, run) = try run(Self.placement("embedding", "embedding"))
    guard case .int64(let words)? = clean["words"] else { throw TestFailure() }
    let (before, after) = (
      try #require(clean.tensor("embedding")), try #require(run.tensor("embedding"))
    )
    var fates: [Int64: Set<Bool>] = [:]
    for (at, word) in words.elements.enumerated() {
      let cells = at * SequenceNetwork.features..<(at + 1) * SequenceNetwork.features
      let isDropped = cells.allSatisfy { after[$0] == 0 }
      fates[word, default: []].insert(isDropped)
      if !isDropped {
        for cell in cells { #expect(after[cell] == before[cell] * Float(1 / 0.6)) }
      }
    }
    #expect(fates.values.allSatisfy { $0.count == 1 })
    #expect(Set(fates.values).count == 2, "some words are dropped, others are not")
    let mask = try #require(run.masks["embedding"])
    #expect(mask.layout.count == SequenceNetwork.words * SequenceNetwork.features)
    for (word, fate) in fates {
      #expect(fate.contains(!mask.kept[Int(word) * SequenceNetwork.features]))
    }
  }

  @Test func aLockedMaskIsTheSameAtAllTimes() throws {
    let (_, run) = try run(Self.placement("locked", "states"))
    let kept = try #require(run.masks["states"]).kept
    let (times, features) = (SequenceNetwork.times, SequenceNetwork.hidden)
    for n in 0..<4 {
      for time in 1..<times {
        for f in 0..<features {
          #expect(kept[(n * times + time) * features + f] == kept[n * times * features + f])
        }
      }
    }
    #expect(Set(kept.elements).count == 2)
  }

  /// Times stand first where a recurrent layer reads them.
  @Test func aLockedMaskFollowsTheAxesNames() throws {
    let (_, run) = try run(Self.placement("locked", "steps"))
    let kept = try #require(run.masks["steps"]).kept.elements
    let each = 4 * SequenceNetwork.features
    for time in 1..<SequenceNetwork.times {
      #expect(kept[time * each..<(time + 1) * each] == kept[..<each])
    }
    #expect(Set(kept).count == 2)
  }

  @Test func aTokenGoesWithAllItsFeatures() throws {
    let (_, run) = try run(Self.placement("token", "embedding"))
    let kept = try #require(run.masks["embedding"]).kept.elements
    let features = SequenceNetwork.features
    let fates = stride(from: 0, to: kept.count, by: features).map { Set(kept[$0..<$0 + features]) }
    #expect(fates.allSatisfy { $0.count == 1 })
    #expect(Set(fates).count == 2)
  }

  /// Elements go, the others are scaled, and rows are not brought back to a sum of 1.
  @Test func attentionIsNotRenormalised() throws {
    let (clean, run) = try run(Self.placement("attention", "attention"))
    let (before, after) = (
      try #require(clean.tensor("attention")), try #require(run.tensor("attention"))
    )
    let kept = try #require(run.masks["attention"]).kept
    for i in 0..<before.count {
      #expect(after[i] == (kept[i] ? before[i] * Float(1 / 0.6) : 0))
    }
    let sums = stride(from: 0, to: after.count, by: SequenceNetwork.times).map { row in
      after.elements[row..<row + SequenceNetwork.times].reduce(0, +)
    }
    #expect(sums.contains { abs($0 - 1) > 0.1 })
  }

  /// What the layer makes of dropped R is what it makes of an R that has these gaps.
  @Test(arguments: [("recurrent", "R"), ("weight", "W")])
  func recurrentWeightsHaveTheSameGapsAtAllTimes(kind: String, constant: String) throws {
    let (clean, run) = try run(Self.placement(kind, "lstm"))
    let mask = try #require(run.masks["lstm"])
    let graph = try SequenceNetwork.graph()
    var weights = try #require(graph.constants[constant]?.tensor)
    #expect(mask.kept.count == weights.count && Set(mask.kept.elements).count == 2)
    for i in 0..<weights.count { weights[i] = mask.kept[i] ? weights[i] * Float(1 / 0.6) : 0 }
    let gapped = try graph.edited { $0.setWeights([constant: weights]) }
    let expected = try Network(gapped).run(["words": try #require(clean["words"])])
    for value in ["lstm", "last", "logits"] {
      #expect(run[value] == expected[value])
    }
    #expect(run["logits"] != clean["logits"])
  }

  /// A layer of which only the last state is read is called by it: dropped in a run, trained with, written.
  @Test func theLastStateAloneIsASiteOfRecurrentWeights() throws {
    let graph = try #require(RecipeRegistry.recipe("gru-brackets")).graph(seed: 1)
    let network = Network(graph)
    #expect(network.sites(for: .recurrentWeights) == ["gru1.last"])
    let dropout = Dropout(RecurrentDropout(), rate: try Rate(0.5))
    let placement = Placement(site: "gru1.last", dropout: dropout, seed: 3)
    let tokens = Value.int64(NDArray([1, 6], [0, 1, 1, 2, 1, 2]))
    let clean = try network.run(["tokens": tokens])
    let run = try network.run(
      ["tokens": tokens], placements: [placement],
      context: .init(mode: .train, disablesOwnDropout: true))
    #expect(run.masks["gru1.last"]?.kept.count == 96 * 32)
    #expect(run["gru1.last"] != clean["gru1.last"])
    let edited = Network(try graph.adding([("gru1.last", dropout)]))
    #expect(edited.writtenDropouts.count == network.writtenDropouts.count + 1)
    #expect(try edited.run(["tokens": tokens])["dense1"] == clean["dense1"])
  }

  @Test func sitesOfEachTarget() throws {
    let network = Network(try SequenceNetwork.graph())
    #expect(network.sites(for: .embedding) == ["embedding"])
    #expect(network.sites(for: .recurrentWeights) == ["lstm"])
    #expect(network.sites(for: .attention) == ["attention"])
    #expect(network.sites(for: .weights) == ["lstm", "logits"])
  }

  @Test(arguments: [
    ("embedding", "lstm", "an embedding (a Gather of a table's rows): expected embedding"),
    ("recurrent", "logits", "a recurrent layer (LSTM, GRU, RNN): expected lstm"),
    ("attention", "states", "the Softmax of an attention: expected attention"),
  ])
  func refusalsNameWhatWouldFit(kind: String, site: String, message: String) throws {
    let error = #expect(throws: GraphError.self) {
      try run(Self.placement(kind, site))
    }
    #expect(error?.message.contains("\(kind) dropout acts on \(message)") ?? false, "\(error!)")
  }

  @Test func aMaskForEachSampleIsNoneOfARecurrentLayer() throws {
    let dropout = Dropout(WeightDropout(.perSample), rate: try Rate(0.4))
    let error = #expect(throws: GraphError.self) {
      try run(Placement(site: "lstm", dropout: dropout, seed: 1))
    }
    #expect(
      error?.message
        == "weight dropout at lstm: expected one mask a batch for a recurrent layer, "
        + "found a mask for each sample")
  }

  @Test func timesAreMissingInAnImage() throws {
    let network = Network(try SmallNetwork.trainable())
    let clean = try network.run(["input": .float32(Tensor([1, 1, 8, 8], repeating: 1))])
    for kind in ["locked", "token"] {
      let error = #expect(throws: GraphError.self) {
        try network.run(from: clean, placements: [Self.placement(kind, "conv1")])
      }
      #expect(error?.message.contains("expected an axis of times or tokens, [N,T,F]") ?? false)
    }
  }

  /// Saved as ONNX's own operators it is the identity at evaluation, bit for bit, and in training drops
  /// as a placement does: by the share of what it drops, and what goes together goes together.
  @Test(arguments: placed)
  func saved(kind: String, site: String) throws {
    let graph = try SequenceNetwork.graph()
    let dropout = Dropout(try KindRegistry.make(kind), rate: try Rate(0.4))
    let edited = try graph.adding([(site, dropout)])
    #expect(edited.nodes.count { $0.opType == "Dropout" } == 1)
    let words: [String: Value] = ["words": SequenceNetwork.sentences(3)]
    let clean = try Network(graph).run(words)
    #expect(try Network(edited).run(words)["logits"] == clean["logits"])
    let training = RunContext(mode: .train, stream: RandomStream(seed: 8))
    #expect(try Network(edited).run(words, context: training)["logits"] != clean["logits"])
  }

  @Test func aSavedEmbeddingLosesWholeRows() throws {
    let dropout = Dropout(EmbeddingDropout(), rate: try Rate(0.4))
    let edited = try SequenceNetwork.graph().adding([("embedding", dropout)])
    let words = SequenceNetwork.sentences(4)
    let run = try Network(edited).run(
      ["words": words], context: RunContext(mode: .train, stream: RandomStream(seed: 8)))
    guard case .int64(let all) = words else { throw TestFailure() }
    let after = try #require(run.tensor("embedding"))
    var fates: [Int64: Set<Bool>] = [:]
    for (at, word) in all.elements.enumerated() {
      let cells = at * SequenceNetwork.features..<(at + 1) * SequenceNetwork.features
      fates[word, default: []].insert(cells.allSatisfy { after[$0] == 0 })
    }
    #expect(fates.values.allSatisfy { $0.count == 1 })
    #expect(Set(fates.values).count == 2)
  }

  private struct TestFailure: Error {}
}
