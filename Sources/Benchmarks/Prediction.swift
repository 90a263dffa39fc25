import NeuralNet
import TensorCore

extension Benchmark {
  static let kerasVGGPredict = prediction(
    "keras-vgg-predict", "keras-vgg", "320 random images in batches of 32", images: 320, rounds: 1)
  static let digitsPredict1 = prediction(
    "digits-predict-1", "digits", "one random image at a time", images: 1, rounds: 1000)

  private static func prediction(
    _ name: String, _ recipe: String, _ what: String, images: Int, rounds: Int
  ) -> Benchmark {
    Benchmark(
      name: name, summary: "\(recipe) on \(what)", unit: "images", warmUps: 1,
      takesAllProcessors: true
    ) { settings in
      Heap.keepsFreedMemory()
      let recipe = RecipeRegistry.recipe(recipe)!
      let predictor = try Plan(predicting: recipe.graph(seed: 7))
      let batches = try randomBatches(recipe, images: images)
      return Work(count: images * rounds, threads: settings.threads) {
        try Parallel.$threads.withValue(settings.threads) {
          for _ in 0..<rounds { for batch in batches { _ = try predictor.output(for: batch.inputs) } }
        }
      }
    }
  }
}
