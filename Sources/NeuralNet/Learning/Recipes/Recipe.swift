public import Masks
public import TensorCore

/// A network people discuss, with all it takes to train it. One recipe is one file, and one line in
/// the registry.
public struct Recipe: Sendable {
  /// The word on the command line.
  public let name: String
  /// One line of help: the layers.
  public let summary: String
  /// Who described it: a paper or an address.
  public let source: String
  /// One sample: channels, rows, columns; or how many tokens.
  public let inputShape: [Int]
  /// What its numbers are: `float32`, or `int64` for tokens, of which any number will do.
  public let inputType: ElementType
  /// How many classes it tells apart.
  public let classes: Int
  /// What is made small.
  public let loss: any Loss
  /// How weights follow gradients.
  public let optimizer: any Optimizer
  /// Samples of a step.
  public let batchSize: Int
  /// Passes over the data that suffice.
  public let epochs: Int
  /// An upper limit on weights; nil for none.
  public let maxNorm: MaxNorm?
  /// Whether what is dropped is made up for in training or at evaluation.
  public let scaling: Scaling
  /// By which statistics its batch normalisations normalise in training.
  public let batchNormalization: BatchStatistics
  /// Whether it is to give back the images it reads, not their classes.
  public let reconstructs: Bool
  /// Samples of its own, so many from a seed; nil where it learns from labelled images.
  public let samples: (@Sendable (Int, UInt64) -> any Dataset)?
  /// How many samples of its own suffice.
  public let sampleCount: Int
  /// Samples of a text, as the tokens of a vocabulary; nil where it learns from something else.
  public let reading: (@Sendable (String, Vocabulary) throws(TensorError) -> any Dataset)?
  /// What the tokens stand for that it reads and that it writes; nil where it reads none.
  public let texts: Texts?
  /// Whether recurrent layers go on in each window from where they were at the end of the one before.
  public let carriesStates: Bool

  /// Whether labelled images are what it learns from.
  public var learnsLabels: Bool { samples == nil && reading == nil && !reconstructs }

  /// What is opened in its network where nobody names an input: a text, or the name of a built-in input.
  let example: String?

  /// What the tokens stand for that a network reads and writes.
  public struct Texts: Sendable {
    public let input: Vocabulary
    let output: Vocabulary?
    /// The vocabulary, of what is read and written, that a text to learn from has; nil where it is always
    /// the same.
    public let ofText: (@Sendable (String) -> Vocabulary)?

    /// Vocabularies; no output where it writes no tokens.
    public init(
      input: Vocabulary, output: Vocabulary? = nil,
      ofText: (@Sendable (String) -> Vocabulary)? = nil
    ) {
      (self.input, self.output, self.ofText) = (input, output, ofText)
    }
  }
  /// Puts the layers together.
  let make: @Sendable (UInt64, LayerChanges) -> GraphBuilder

  /// A recipe.
  /// - Parameters:
  ///   - inputShape: one sample: channels, rows, columns; or how many tokens
  ///   - inputType: `int64` for tokens, of which any number will do
  ///   - batchNormalization: by which statistics its batch normalisations normalise in training
  ///   - reconstructs: whether it is to give back the images it reads, 0…1 before they are normalised
  ///   - samples: samples of its own, so many from a seed; nil where it learns from images
  ///   - sampleCount: how many of its own suffice
  ///   - reading: makes samples of a text; nil where it learns from something else
  ///   - texts: what the tokens stand for that it reads and that it writes
  ///   - carriesStates: whether recurrent layers go on in each window from the end of the one before
  ///   - example: what is opened in its network where nobody names an input
  ///   - graph: puts the layers together, the last of them with `classes` numbers
  public init(
    name: String, summary: String, source: String, inputShape: [Int],
    inputType: ElementType = .float32, classes: Int = 10,
    loss: any Loss = SoftmaxCrossEntropy(), optimizer: any Optimizer, batchSize: Int, epochs: Int,
    maxNorm: MaxNorm? = nil, scaling: Scaling = .inverted,
    batchNormalization: BatchStatistics = .stored, reconstructs: Bool = false,
    samples: (@Sendable (Int, UInt64) -> any Dataset)? = nil, sampleCount: Int = 0,
    reading: (@Sendable (String, Vocabulary) throws(TensorError) -> any Dataset)? = nil,
    texts: Texts? = nil, carriesStates: Bool = false,
    example: String? = nil,
    graph: @escaping @Sendable (inout GraphBuilder) -> Void,
    initializer: Initializer = .glorotUniform
  ) {
    (self.name, self.summary, self.source) = (name, summary, source)
    (self.inputShape, self.inputType) = (inputShape, inputType)
    (self.classes, self.loss) = (classes, loss)
    (self.optimizer, self.batchSize, self.epochs) = (optimizer, batchSize, epochs)
    (self.maxNorm, self.scaling) = (maxNorm, scaling)
    (self.batchNormalization, self.reconstructs) = (batchNormalization, reconstructs)
    (self.samples, self.sampleCount) = (samples, sampleCount)
    (self.reading, self.texts, self.carriesStates) = (reading, texts, carriesStates)
    self.example = example
    make = { seed, changes in
      let input =
        inputType == .float32
        ? Graph.Input("input", dims: [nil] + inputShape)
        : Graph.Input("tokens", type: inputType, dims: [nil, nil], dimNames: ["N", "T"])
      var builder = GraphBuilder(
        name, input, shape: inputShape, seed: seed, initializer: initializer, changes: changes)
      builder.vocabulary = changes.vocabulary ?? texts?.input
      graph(&builder)
      builder.metadata["vocabulary"] = builder.vocabulary?.text
      builder.metadata["output_vocabulary"] = (changes.vocabulary ?? texts?.output)?.text
      builder.metadata["example"] = example
      return builder
    }
  }

  /// The network, its weights made from a seed.
  public func graph(seed: UInt64) throws(GraphError) -> Graph {
    try make(seed, LayerChanges()).graph()
  }

  /// A trainer as the recipe has it.
  public func trainer(seed: UInt64) throws(GraphError) -> Trainer {
    try Trainer(
      graph(seed: seed), loss: loss, optimizer: optimizer, scaling: scaling, maxNorm: maxNorm,
      batchNormalization: batchNormalization, carriesStates: carriesStates, seed: seed)
  }
}

/// Every recipe there is, by name.
public enum RecipeRegistry {
  /// All recipes.
  public static var all: [Recipe] { builtIn + added }

  /// Recipes of another target, after the built-in ones while a call lasts:
  /// `RecipeRegistry.$added.withValue([.mine]) { … }`.
  @TaskLocal public static var added: [Recipe] = []

  /// One line each.
  private static let builtIn: [Recipe] = [
    .digits,
    .kerasVGG,
    .hinton2012,
    .srivastava2014,
    .sigmoidNumPy,
    .fastaiHead,
    .li2018,
    .autoencoder,
    .unet,
    .lstmBrackets,
    .gruBrackets,
    .bahdanau,
    .awdLSTM,
    .awdLSTMWords,
    .transformer,
    .transformerOfOneBlock,
  ]

  /// The recipe called `name`; nil where there is none.
  public static func recipe(_ name: String) -> Recipe? { all.first { $0.name == name } }
}
