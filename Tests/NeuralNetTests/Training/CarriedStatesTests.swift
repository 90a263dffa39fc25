import NeuralNet
import TensorCore
import Testing

/// States that go on from batch to batch.
@Suite struct CarriedStatesTests {
  private static let recipe = RecipeRegistry.recipe("awd-lstm-words")

  private static func trainer(_ optimizer: (any Optimizer)? = nil) throws -> Trainer {
    let recipe = try #require(recipe)
    return try Trainer(
      recipe.graph(seed: 3), loss: recipe.loss, optimizer: optimizer ?? recipe.optimizer,
      carriesStates: true, seed: 3)
  }

  /// Tokens of some samples and times, with the ones behind them.
  private static func batch(_ times: Range<Int>, samples: Range<Int> = 0..<3) -> Batch {
    func token(_ sample: Int, _ time: Int) -> Int { (7 * sample + time * time + time / 3) % 8 }
    let read = samples.flatMap { n in times.map { Int64(token(n, $0)) } }
    let wanted = samples.flatMap { n in times.map { token(n, $0 + 1) } }
    return Batch([.int64(NDArray([samples.count, times.count], read))], .tokens(wanted))
  }

  /// Two windows one behind the other are one of twice the length.
  @Test func evaluationGoesOnWhereItWas() throws {
    let trainer = try Self.trainer()
    let parts = try trainer.evaluate([Self.batch(0..<9), Self.batch(9..<18)])
    let whole = try trainer.evaluate([Self.batch(0..<18)])
    #expect(abs(parts.loss - whole.loss) < 1e-6 * whole.loss)
    var other = CarriedStates.Values?.none
    let second = try trainer.evaluate([Self.batch(9..<18)], from: &other)
    #expect(abs(second.loss - (2 * whole.loss - parts.loss)) > 1e-6)
    // Kept by whoever asks in parts.
    var carried = CarriedStates.Values?.none
    var report = try trainer.evaluate([Self.batch(0..<9)], from: &carried)
    report.add(try trainer.evaluate([Self.batch(9..<18)], from: &carried))
    #expect(report == parts)
  }

  /// The second step reads what the first one ended with, and begins anew where it is told to.
  @Test func trainingGoesOnWhereItWas() throws {
    func second(_ change: (inout Trainer) throws -> Void) throws -> Double {
      // Steps of no length: weights stay as they are.
      var trainer = try Self.trainer(SGD(learningRate: 0))
      _ = try trainer.step(Self.batch(0..<9))
      try change(&trainer)
      return try trainer.step(Self.batch(9..<18)).loss
    }
    let going = try second { _ in }
    #expect(try second { $0.forgetStates() } != going)
    // What is kept and read again goes on to the same bits.
    #expect(
      try second { trainer in
        var other = try Self.trainer(SGD(learningRate: 0))
        try other.restore(trainer.snapshot)
        trainer = other
      } == going)
    var plain = try Trainer(
      try #require(Self.recipe).graph(seed: 3), optimizer: SGD(learningRate: 0), seed: 3)
    _ = try plain.step(Self.batch(0..<9))
    #expect(try plain.step(Self.batch(9..<18)).loss == second { $0.forgetStates() })
  }

  /// A batch of another number of samples has no states to go on from.
  @Test func otherSamplesBeginAnew() throws {
    let trainer = try Self.trainer()
    let two = Self.batch(9..<18, samples: 0..<2)
    var carried = CarriedStates.Values?.none
    _ = try trainer.evaluate([Self.batch(0..<9)], from: &carried)
    let after = try trainer.evaluate([two], from: &carried)
    #expect(try after == trainer.evaluate([two]))
  }

  @Test func whatIsWrittenIsTheGraphItself() throws {
    var trainer = try Self.trainer()
    _ = try trainer.step(Self.batch(0..<9))
    let graph = try trainer.graph
    #expect(graph.inputs.map(\.name) == ["tokens"] && graph.outputs == ["words"])
    let run = try trainer.predictor.run(["tokens": Self.batch(0..<5).inputs[0]])
    #expect(run.tensor("words")?.shape == [3, 5, 8])
  }

  @Test func snapshotsOfOtherStatesAreRefused() throws {
    let trainer = try Self.trainer()
    for (name, tensor) in [
      ("lstm1.first_hidden", Tensor([1, 3, 256], repeating: 0)),
      ("lstm1.steps.first_hidden", Tensor([1, 3, 255], repeating: 0)),
      ("lstm1.steps.first_hidden", Tensor([3, 256], repeating: 0)),
      ("lstm1.steps.first_hidden", Tensor([1, 3, 256], repeating: .nan)),
    ] {
      var (other, snapshot) = (trainer, trainer.snapshot)
      snapshot.carried = [name: tensor]
      #expect(throws: GraphError.self) { try other.restore(snapshot) }
    }
    let digits = try #require(RecipeRegistry.recipe("digits")).graph(seed: 1)
    let error = #expect(throws: GraphError.self) {
      try Trainer(digits, optimizer: SGD(), carriesStates: true)
    }
    #expect(error?.description.contains("a recurrent layer") == true)
  }

  /// Averages are what is evaluated and written; training goes on from the weights themselves.
  @Test func averagesAreWhatIsWritten() throws {
    var trainer = try Self.trainer(AveragedSGD(learningRate: 1))
    _ = try trainer.step(Self.batch(0..<9))
    trainer.optimizer.averagesFrom = trainer.stepCount
    #expect(trainer.weights == trainer.snapshot.weights)
    _ = try trainer.step(Self.batch(0..<9))
    let first = trainer.snapshot.weights
    _ = try trainer.step(Self.batch(9..<18))
    let second = trainer.snapshot.weights
    for (name, mean) in trainer.weights {
      let (a, b) = (try #require(first[name]), try #require(second[name]))
      for index in stride(from: 0, to: mean.count, by: 97) {
        #expect(abs(mean[index] - (a[index] + b[index]) / 2) < 1e-6)
      }
    }
    #expect(trainer.weights != second)
    var other = try Self.trainer(AveragedSGD(learningRate: 1))
    try other.restore(trainer.snapshot)
    #expect(other.weights == trainer.weights && other.snapshot == trainer.snapshot)
    var plain = try Self.trainer(SGD())
    #expect(throws: GraphError.self) { try plain.restore(trainer.snapshot) }
  }
}
