import NeuralNet
import TensorCore

extension Benchmark {
  static let kerasVGGTrain = training("keras-vgg-train", "keras-vgg", images: 320)
  static let digitsTrain = training("digits-train", "digits", images: 2048)

  /// One epoch over random images; the one before it that warms up is an epoch too.
  private static func training(
    _ name: String, _ recipe: String, images: Int
  ) -> Benchmark {
    Benchmark(
      name: name, summary: "one epoch of \(recipe) over \(images) random images", unit: "images",
      warmUps: 1
    ) { settings in
      Heap.keepsFreedMemory()
      let recipe = RecipeRegistry.recipe(recipe)!
      nonisolated(unsafe) var trainer = try recipe.trainer(seed: 7)
      let batches = try randomBatches(recipe, images: images)
      return Work(count: images, threads: settings.threads) {
        try Parallel.$threads.withValue(settings.threads) {
          for batch in batches { _ = try trainer.step(batch) }
        }
      }
    }
  }

  /// Random images in batches of the recipe's own size.
  static func randomBatches(_ recipe: Recipe, images: Int) throws -> [Batch] {
    try stride(from: 0, to: images, by: recipe.batchSize).map { start in
      let count = min(recipe.batchSize, images - start)
      let shape = try Shape(checking: [count] + recipe.inputShape, in: "images")
      let stream = RandomStream(seed: 1, sample: UInt32(start))
      return Batch(
        Tensor(shape) { stream.fillUniforms($0) },
        .labels((0..<count).map { (start + $0) % recipe.classes }))
    }
  }
}
