import Formats
import NeuralNet
import Studies
import TensorCore

/// A recipe or a model and the images it learns from, read once: trainings with any seed and any changes
/// are made of it.
struct TrainingSubject {
  /// What is read, as data: what a race and a run of a sweep keep of it.
  struct Request: Codable, Hashable {
    /// A recipe's name or an ONNX file.
    var model: String
    /// A folder of IDX files, a text, or `synthetic`.
    var data = "synthetic"
    /// The most images trained on; nil for all.
    var images: Int?
    /// Images held out; nil for what is usual.
    var holdout: Int?
    /// Which images are held out, and which digits are drawn.
    var splitSeed: UInt64 = 1
    /// What is taken from pixels; nil for what is measured.
    var normalize: String?
  }

  let request: Request
  let data: TrainingData
  let images: TrainingSamples
  private let network: TrainingNetwork
  /// What is taken from pixels, as text.
  private let normalize: String?

  /// Reads everything there is to read.
  /// - Throws: `Failure` or `FormatError` where there is no such recipe or file, or the data do not go
  ///   with the network.
  init(_ request: Request) throws {
    self.request = request
    network = try TrainingNetwork(request.model, data: request.data)
    let plain = network.plain
    data = try TrainingData.open(
      TrainingData.Request(
        data: request.data, heldOut: request.holdout, limit: request.images,
        splitSeed: request.splitSeed), for: plain)
    guard !data.training.isEmpty else {
      throw Failure(.badData, "\(request.data): expected an image to train on, found none")
    }
    normalize = request.normalize ?? plain.graph.metadata["normalize"] ?? data.normalization()
    images = try data.samples(normalize: normalize, from: "normalize", for: plain)
  }

  /// What a training has learnt, ready to be opened.
  /// - Throws: `GraphError` where a dropout cannot be written.
  func network(of training: TrainingRun) throws -> Graph {
    var graph = try training.trainer.graph
    graph.metadata["normalize"] = normalize
    return graph
  }

  /// A plan with a seed and changes.
  /// - Throws: `Failure` of usage where a change makes no sense for the network.
  func plan(
    seed: UInt64, _ changes: TrainingChanges, epochs: Int?, batch: Int?, shift: Int
  ) throws -> TrainingPlan {
    var plan = try network.plan(seed: seed, changes)
    plan.epochs = epochs ?? plan.epochs
    plan.batch = batch ?? plan.batch
    plan.shift = shift
    return plan
  }
}

extension TrainingSubject {
  /// What a variant of a race trains, and how.
  /// - Throws: `Failure` of usage where a change makes no sense for the network.
  func plan(of variant: RaceVariant, seed: UInt64, in job: RaceJob) throws -> TrainingPlan {
    try plan(
      seed: seed, variant.changes, epochs: job.epochs, batch: job.batch, shift: job.shift)
  }

  /// The training of a variant at its first step, with all that a race measures.
  /// - Throws: as above; `GraphError` where the network cannot be trained.
  func training(of variant: RaceVariant, seed: UInt64, in job: RaceJob) throws -> TrainingRun {
    try plan(of: variant, seed: seed, in: job)
      .run(on: images, measures: TrainingMeasures(clean: true, layers: true))
  }
}

/// A recipe or a model, read once.
struct TrainingNetwork {
  /// As it is without changes, with the usual seed.
  let plain: TrainingPlan
  private let recipe: Recipe?
  private let vocabulary: Vocabulary?

  /// - Parameter data: what it learns from, whose words some recipes have
  /// - Throws: `Failure` or `FormatError` where there is no such recipe or file.
  init(_ name: String, data: String) throws {
    recipe = RecipeRegistry.recipe(name)
    var settings = TrainSettings(["model": name, "data": data])
    plain = try TrainingPlan(&settings)
    vocabulary = recipe?.texts?.ofText == nil ? nil : plain.graph.vocabulary
  }

  /// A plan with a seed and changes.
  /// - Throws: `Failure` of usage where a change makes no sense for the network.
  func plan(seed: UInt64, _ changes: TrainingChanges) throws -> TrainingPlan {
    do {
      if let recipe {
        return try TrainingPlan(recipe, seed: seed, changes, vocabulary: vocabulary)
      }
      var plan = plain
      plan.seed = seed
      try plan.apply(changes, isRecipe: false)
      return plan
    } catch let error as GraphError {
      throw Failure(asked: error)
    } catch let error as TensorError {
      throw Failure(usage: "\(error)")
    }
  }
}

extension TrainingRun {
  /// Goes back to a state.
  /// - Throws: `Failure` where it is of other data or another network.
  mutating func resume(
    _ state: TrainingState, from path: String, data: TrainingData
  ) throws {
    let keys = Set(data.metadata.keys).union(state.data.keys).sorted()
    if let key = keys.first(where: { data.metadata[$0] != state.data[$0] }) {
      throw Failure(
        .badData,
        "\(path): \(key): expected \(state.data[key] ?? "none"), as training began, "
          + "found \(data.metadata[key] ?? "none")")
    }
    guard state.snapshot.position <= data.training.count else {
      throw Failure(
        .badData,
        "\(path): expected a position up to \(data.training.count), "
          + "found \(state.snapshot.position)")
    }
    do {
      try trainer.restore(state.snapshot)
    } catch {
      throw Failure(.badData, "\(path): \(error)")
    }
    (records, sums) = (state.records, state.sums)
  }
}
