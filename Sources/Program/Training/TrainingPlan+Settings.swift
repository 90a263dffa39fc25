import Formats
import Masks
import NeuralNet
import Studies
import TensorCore

extension TrainingPlan {
  /// The plan that settings make; defaults go into them.
  /// - Throws: `Failure` or `FormatError` where there is no such recipe or file, or a setting makes no
  ///   sense.
  init(_ settings: inout TrainSettings) throws {
    guard let name = settings["model"] else {
      throw Failure(
        usage: "expected a recipe (\(TrainingPlan.recipeNames)) or an ONNX file, found none")
    }
    let seed = settings["seed"].flatMap { UInt64($0) } ?? 7
    if let recipe = RecipeRegistry.recipe(name) {
      let changes = LayerChanges(vocabulary: try recipe.vocabulary(of: settings["data"]))
      try self.init(recipe, seed: seed, changes: changes)
    } else {
      guard name.contains(".") || name.contains("/") else {
        let names = RecipeRegistry.all.map(\.name)
        let nearest = nearestSuffix(for: name, among: names)
        throw Failure(
          usage: "expected a recipe (\(TrainingPlan.recipeNames)) or an ONNX file, "
            + "found \(name)\(nearest)")
      }
      let read = try MissingFile.suggesting(name) { try ONNXReader.graph(at: name) }
      self.init(model: name, seed: seed, graph: try read.edited { $0.openBatch() })
      if let recipe, !recipe.learnsLabels {
        (loss, carriesStates) = (recipe.loss, recipe.carriesStates)
      }
    }
    epochs = settings["epochs"].flatMap { Int($0) } ?? epochs
    batch = settings["batch"].flatMap { Int($0) } ?? batch
    shift = settings["shift"].flatMap { Int($0) } ?? 0
    if let text = settings["batch-norm"] {
      do throws(TensorError) {
        batchNormalization = try BatchStatistics.named(text, as: "--batch-norm")
      } catch {
        throw Failure(usage: "\(error)")
      }
    }
    try setOptimizer(settings["optimizer"], learningRate: settings["learning-rate"])
    try setRates(settings["rate"]?.split(separator: " ").map(String.init) ?? [])
    try setKinds(settings["kind"]?.split(separator: " ").map(String.init) ?? [])
    settings = settings.filled(
      with: ["seed": "\(seed)", "epochs": "\(epochs)", "batch": "\(batch)"])
  }

  private mutating func setOptimizer(_ text: String?, learningRate: String?) throws {
    do {
      var text = text ?? "\(optimizer)"
      if let learningRate {
        let parts = text.split(separator: ",").filter { !$0.hasPrefix("lr=") }
        text = (parts + ["lr=\(learningRate)"]).joined(separator: ",")
      }
      optimizer = try OptimizerRegistry.make(text)
    } catch {
      throw Failure(usage: "--optimizer: \(error)")
    }
  }

  static var recipeNames: String {
    RecipeRegistry.all.map(\.name).joined(separator: ", ")
  }

  /// What `--list` prints.
  static var recipeList: String {
    RecipeRegistry.all.map { recipe in
      let shape = recipe.inputShape.map(String.init).joined(separator: "×")
      return """
        \(recipe.name)
            \(recipe.summary)
            input \(shape), \(recipe.epochs) epochs, batch \(recipe.batchSize), \(recipe.optimizer)
            \(recipe.source)

        """
    }.joined(separator: "\n")
  }
}

extension Recipe {
  /// The words of the text that it is to learn from, where it has none of its own.
  /// - Throws: `Failure` or `FormatError` where the text cannot be read.
  func vocabulary(of data: String?) throws -> Vocabulary? {
    guard let ofText = texts?.ofText, let data, data != "synthetic" else { return nil }
    return ofText(try TextInput(file: data).text)
  }
}
