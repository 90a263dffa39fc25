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

  /// All dropouts act: rows of a table, recurrent weights, one mask for all times, attention.
  @Test("two steps of the language models are PyTorch's", arguments: ["awd-lstm", "transformer"])
  func languageModels(name: String) throws {
    let golden = try #require(
      Golden.json("language_steps.json", as: [String: Steps].self)[name])
    let recipe = try #require(RecipeRegistry.recipe(name))
    var trainer = try Trainer(
      recipe.graph(seed: 3), loss: recipe.loss, optimizer: SGD(learningRate: 0.1), seed: 3)
    let (loss, gradients) = try trainer.gradients(goldenLetters(step: 0))
    #expect(abs(loss - golden.losses[0]) < 1e-4)
    #expect(Set(gradients.keys) == Set(golden.gradients.keys))
    for (name, expected) in golden.gradients {
      let gradient = try #require(gradients[name])
      #expect(expected.difference(gradient) == nil, "\(name)")
    }
    #expect(try trainer.step(goldenLetters(step: 0)).loss == loss)
    let second = try trainer.step(goldenLetters(step: 1))
    #expect(abs(second.loss - golden.losses[1]) < 1e-4)
    for (name, expected) in golden.weights {
      let weights = try #require(trainer.weights[name])
      #expect(expected.difference(weights) == nil, "\(name)")
    }
  }

  /// Four windows of 16 letters, and for each the one behind it.
  private func goldenLetters(step: Int) -> Batch {
    let stream = RandomStream(
      seed: 3, site: RandomStream.site(named: "golden letters"), step: UInt32(step))
    let (samples, times) = (4, 16)
    let rows = (0..<samples).map { n in
      (0...times).map { Int(stream.word(at: n * (times + 1) + $0)) % 97 }
    }
    let read = rows.flatMap { $0.dropLast().map(Int64.init) }
    return Batch(
      [.int64(NDArray([samples, times], read))], .tokens(rows.flatMap { $0.dropFirst() }))
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
