public import Masks
public import NeuralNet
public import TensorCore

/// What is trained and how: the same plan makes the same weights.
public struct TrainingPlan: Sendable {
  /// The recipe's name, or the model's path.
  public var name: String
  /// The network with the weights it starts from.
  public var graph: Graph
  /// What is made small.
  public var loss: any Loss
  /// How weights follow gradients.
  public var optimizer: any Optimizer
  /// What makes up for what the graph's own Dropout nodes drop.
  public var scaling: Scaling
  /// A bound on the weights of units; nil for none.
  public var maxNorm: MaxNorm?
  /// By which statistics batch normalisation normalises in training.
  public var batchNormalization = BatchStatistics.stored
  /// Whether recurrent layers go on in each sample from where they were at the end of the one before.
  public var carriesStates = false
  /// Dropouts on edges.
  public var placements: [Placement] = []
  /// The epochs in which dropout acts; nil for all.
  public var dropoutEpochs: EpochWindow?
  /// Passes over the images.
  public var epochs: Int
  /// Images of a batch.
  public var batch: Int
  /// Where all random numbers start.
  public var seed: UInt64
  /// Pixels by which an image may be moved when it is trained on.
  public var shift = 0

  /// A plan of these parts.
  public init(
    name: String, graph: Graph, loss: any Loss, optimizer: any Optimizer, scaling: Scaling,
    maxNorm: MaxNorm?, epochs: Int, batch: Int, seed: UInt64
  ) {
    (self.name, self.graph, self.loss, self.optimizer) = (name, graph, loss, optimizer)
    (self.scaling, self.maxNorm, self.epochs) = (scaling, maxNorm, epochs)
    (self.batch, self.seed) = (batch, seed)
  }

  /// A recipe as it is described, or with other layers.
  /// - Throws: `GraphError` where the changes name no layer of it.
  public init(
    _ recipe: Recipe, seed: UInt64, changes: LayerChanges = LayerChanges()
  ) throws(GraphError) {
    self.init(
      name: recipe.name, graph: try recipe.graph(seed: seed, changes), loss: recipe.loss,
      optimizer: recipe.optimizer, scaling: recipe.scaling, maxNorm: recipe.maxNorm,
      epochs: recipe.epochs, batch: recipe.batchSize, seed: seed)
    (batchNormalization, carriesStates) = (recipe.batchNormalization, recipe.carriesStates)
  }

  /// A model goes on with what suits most: Adam in small steps.
  public init(model: String, seed: UInt64, graph: Graph) {
    self.init(
      name: model, graph: graph, loss: SoftmaxCrossEntropy(), optimizer: Adam(), scaling: .inverted,
      maxNorm: nil, epochs: 3, batch: 64, seed: seed)
  }

  /// A trainer at its first step.
  /// - Throws: what `Trainer` throws.
  public func trainer() throws(GraphError) -> Trainer {
    try Trainer(
      graph, loss: loss, optimizer: optimizer, placements: placements, scaling: scaling,
      maxNorm: maxNorm, batchNormalization: batchNormalization, carriesStates: carriesStates,
      seed: seed)
  }

  /// The optimiser by its name and its step size.
  public var shortOptimizer: String {
    "\(type(of: optimizer).name), lr \(optimizer.learningRate)"
  }

  /// Training as data.
  public func job(_ measures: TrainingMeasures = TrainingMeasures()) -> TrainingJob {
    TrainingJob(
      epochs: epochs, batch: batch, seed: seed, shift: shift, dropoutEpochs: dropoutEpochs,
      measures: measures)
  }

  /// Training at its first step.
  /// - Throws: `GraphError` where the network cannot be trained, or dropout cannot be left out for some
  ///   epochs.
  public func run(
    on images: TrainingSamples, measures: TrainingMeasures = TrainingMeasures()
  ) throws(GraphError) -> TrainingRun {
    guard dropoutEpochs != nil else { return TrainingRun(job(measures), images, try trainer()) }
    let scalesAtEvaluation =
      scaling == .weight || placements.contains { $0.dropout.scaling == .weight }
    guard !scalesAtEvaluation else {
      throw GraphError(
        "dropout-epochs: expected dropout that scales in training, \(name) scales at evaluation")
    }
    var resting = self
    resting.placements = []
    try resting.removeOwnDropout()
    return TrainingRun(job(measures), images, try trainer(), resting: try resting.trainer())
  }

  /// Lets no dropout of the network's own act.
  /// - Throws: `GraphError` where a rate stands in no constants.
  mutating func removeOwnDropout() throws(GraphError) {
    let own = Network(graph).writtenDropouts.filter { $0.rate?.p != 0 }.map(\.output)
    guard !own.isEmpty else { return }
    graph = try graph.edited { edit throws(GraphError) in
      for output in own { try edit.setRate(Rate(clamping: 0), of: output) }
    }
  }
}

/// Some epochs of a training, counted from 1: the first ones for early dropout, the last ones for late
/// dropout. Liu et al. 2023, "Dropout Reduces Underfitting" (arXiv:2303.01500).
public struct EpochWindow: Codable, Equatable, Sendable, CustomStringConvertible {
  /// The first epoch.
  public var first: Int
  /// The last; nil for the last there is.
  public var last: Int?

  /// Whether an epoch, counted from 1, is one of them.
  public func contains(_ epoch: Int) -> Bool { epoch >= first && epoch <= last ?? .max }

  /// `1-3` or `4-`
  public var description: String { "\(first)-\(last.map(String.init) ?? "")" }

  /// Reads what `description` writes.
  /// - Throws: `TensorError` where it is no such text.
  public init(parsing text: String) throws(TensorError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = Int(parts[0]), (1...1_000_000).contains(first) else {
      throw EpochWindow.unreadable(text)
    }
    self.first = first
    guard !parts[1].isEmpty else { return }
    guard let last = Int(parts[1]), (first...1_000_000).contains(last) else {
      throw EpochWindow.unreadable(text)
    }
    self.last = last
  }

  private static func unreadable(_ text: String) -> TensorError {
    TensorError(
      "dropout-epochs", expected: "FIRST-LAST or FIRST-, counted from 1",
      found: text.isEmpty ? "nothing" : text)
  }
}
