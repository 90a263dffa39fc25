import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

struct GoldenStepTests {
  struct Sampled: Decodable {
    let step: Int
    let squares: Double
    let values: [Double]

    /// How an array differs from what PyTorch has, nil where it does not by more than 1e-4.
    func difference(_ tensor: Tensor) -> String? {
      let squares = tensor.elements.reduce(0) { $0 + Double($1) * Double($1) }
      guard abs(squares - self.squares) <= 1e-4 * (1 + self.squares) else {
        return "squares sum to \(squares) instead of \(self.squares)"
      }
      for (i, expected) in values.enumerated() {
        let found = Double(tensor[i * step])
        if abs(found - expected) > 1e-4 * max(0.01, abs(expected)) {
          return "\(found) instead of \(expected) at \(i * step)"
        }
      }
      return nil
    }
  }

  struct Steps: Decodable {
    let losses: [Double]
    let gradients: [String: Sampled]
    let weights: [String: Sampled]
  }

  @Test("two steps of digits are PyTorch's: losses, gradients and weights")
  func digits() throws {
    let cases = try Golden.json("digits_step.json", as: [String: Steps].self)
    #expect(cases.count == 2)
    let recipe = try #require(RecipeRegistry.recipe("digits"))
    for (optimizer, golden) in cases {
      var trainer = try Trainer(
        recipe.graph(seed: 3), loss: recipe.loss,
        optimizer: OptimizerRegistry.make(optimizer), seed: 3)
      let first = goldenBatch([8, 1, 28, 28], seed: 3, step: 0)
      let (loss, gradients) = try trainer.gradients(first)
      #expect(abs(loss - golden.losses[0]) < 1e-4)
      #expect(Set(gradients.keys) == Set(golden.gradients.keys))
      for (name, expected) in golden.gradients {
        #expect(expected.difference(try #require(gradients[name])) == nil, "\(optimizer) \(name)")
      }
      #expect(try trainer.step(first).loss == loss)
      let second = try trainer.step(goldenBatch([8, 1, 28, 28], seed: 3, step: 1))
      #expect(abs(second.loss - golden.losses[1]) < 1e-4)
      for (name, expected) in golden.weights {
        let weights = try #require(trainer.weights[name])
        #expect(expected.difference(weights) == nil, "\(optimizer) \(name)")
      }
    }
  }

  /// All dropouts act: rows of a table, recurrent weights, one mask for all times, attention, maps of two
  /// levels.
  @Test(
    "two steps of sequences and of the U-net are PyTorch's",
    arguments: ["awd-lstm", "transformer", "lstm-brackets", "gru-brackets", "bahdanau", "unet"])
  func recipes(name: String) throws {
    let golden = try #require(Golden.json("recipe_steps.json", as: [String: Steps].self)[name])
    let recipe = try #require(RecipeRegistry.recipe(name))
    let trainer = try Trainer(
      recipe.graph(seed: 3), loss: recipe.loss, optimizer: SGD(learningRate: 0.1), seed: 3)
    try check(trainer, [0, 1].map { samples(of: name, step: $0) }, golden)
  }

  /// The second step goes on from the states that the first one ended with.
  @Test func twoStepsOfAWDLSTMAreFastais() throws {
    let trainer = try Trainer(
      try #require(RecipeRegistry.recipe("awd-lstm")).graph(seed: 3),
      optimizer: SGD(learningRate: 0.1), carriesStates: true, seed: 3)
    let batches = [0, 1].map { samples(of: "awd-lstm", step: $0) }
    try check(trainer, batches, try Golden.json("fastai_steps.json", as: Steps.self))
  }

  private func check(_ trainer: Trainer, _ batches: [Batch], _ golden: Steps) throws {
    var trainer = trainer
    let (loss, gradients) = try trainer.gradients(batches[0])
    #expect(abs(loss - golden.losses[0]) < 1e-4)
    #expect(Set(gradients.keys) == Set(golden.gradients.keys))
    for (name, expected) in golden.gradients {
      let gradient = try #require(gradients[name])
      #expect(expected.difference(gradient) == nil, "\(name)")
    }
    #expect(try trainer.step(batches[0]).loss == loss)
    let second = try trainer.step(batches[1])
    #expect(abs(second.loss - golden.losses[1]) < 1e-4)
    for (name, expected) in golden.weights {
      let weights = try #require(trainer.weights[name])
      #expect(expected.difference(weights) == nil, "\(name)")
    }
  }

  /// The same samples as in make_recipe_steps.py.
  private func samples(of recipe: String, step: Int) -> Batch {
    func tokens(_ name: String, _ count: Int, _ range: Range<Int>) -> [Int] {
      let stream = RandomStream(
        seed: 3, site: RandomStream.site(named: "golden \(name)"), step: UInt32(step))
      return (0..<count).map { range.lowerBound + Int(stream.word(at: $0)) % range.count }
    }
    func read(_ rows: [Int]) -> Value {
      .int64(NDArray([4, rows.count / 4], rows.map { Int64($0) }))
    }
    switch recipe {
    case "unet":
      let shape = [2, 1, 64, 64]
      let truth = tokens("truth", shape.reduce(1, *), 0..<4).map { Float($0 == 0 ? 1 : 0) }
      var batch = goldenBatch(shape, seed: 3, step: step)
      batch.targets = .values(Tensor(Shape(shape), truth))
      return batch
    case "bahdanau":
      var letters = tokens("letters of dates", 4 * 12, 1..<43)
      for (n, length) in [12, 9, 7, 11].enumerated() {
        for t in length..<12 { letters[n * 12 + t] = 0 }
      }
      return Batch([read(letters)], .tokens(tokens("dates", 40, 0..<11)))
    case "lstm-brackets", "gru-brackets":
      return Batch([read(tokens("tokens", 4 * 24, 0..<3))], .labels(tokens("classes", 4, 0..<2)))
    default:
      // Windows of 16 letters, and for each the one behind it.
      let rows = tokens("letters", 4 * 17, 0..<97)
      let windows = (0..<4).map { rows[$0 * 17..<($0 + 1) * 17] }
      return Batch(
        [read(windows.flatMap { $0.dropLast() })], .tokens(windows.flatMap { $0.dropFirst() }))
    }
  }

  struct Epoch: Decodable {
    let batch: Int
    let losses: [Double]
  }

  /// In a debug build the small epoch; in release, or with GOLDEN=all, the one of 320 images too.
  @Test("an epoch of keras-vgg from the same start has Keras's losses")
  func kerasVGG() throws {
    let epochs = try Golden.json("keras_vgg_epoch.json", as: [Epoch].self)
    let recipe = try #require(RecipeRegistry.recipe("keras-vgg"))
    #if DEBUG
      let isWhole = ProcessInfo.processInfo.environment["GOLDEN"] == "all"
    #else
      let isWhole = true
    #endif
    for epoch in isWhole ? epochs : Array(epochs.prefix(1)) {
      var trainer = try recipe.trainer(seed: 5)
      var report = StepReport()
      for (step, expected) in epoch.losses.enumerated() {
        let batch = goldenBatch([epoch.batch, 3, 100, 100], seed: 5, step: step)
        let found = try trainer.step(batch)
        report.add(found)
        // From step to step what either side rounds grows.
        let tolerance = step < 3 ? 1e-3 : 1e-2
        #expect(abs(found.loss - expected) < tolerance, "batch \(step) of \(epoch.batch)")
      }
      // What Keras calls the loss of an epoch.
      let mean = epoch.losses.reduce(0, +) / Double(epoch.losses.count)
      #expect(abs(report.loss - mean) < 1e-3)
      if isWhole { print("keras-vgg: epoch of \(report.samples): \(report.loss), Keras \(mean)") }
    }
  }
}
