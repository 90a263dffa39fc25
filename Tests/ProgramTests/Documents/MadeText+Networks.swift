import Insight
import Masks
import NeuralNet

extension MadeText {
  /// Kinds of dropout.
  static let kinds = MadeText(
    "kinds", ["kind", "what is dropped together", "acts on", "obeys `scale`", "saved as ONNX"],
    KindRegistry.all().map { kind in
      [
        kind.name.asCode, kind.summary.asWords, kind.target.words,
        kind.takesScaling ? "yes" : "no",
        GraphEdit.canSay(Dropout(kind, rate: Rate(clamping: 0.5))) ? "yes" : "no",
      ]
    })

  /// Rules of other libraries.
  static let rules = MadeText(
    "rules", ["rule", "read from, or run with", "kinds"],
    RuleRegistry.all.map { rule in
      [rule.name.asCode, rule.source.asWords, rule.kinds.map(\.asCode).joined(separator: " ")]
    })

  /// Operators, with the attributes that they have in the newest operator set.
  static let operators = MadeText(
    "operators", ["operator", "since operator set", "for", "attributes"],
    OperatorRegistry.standard.all.map { type in
      let attributes = type.schema.attributes.filter { $0.versions.contains(.max) }
      return [
        type.opType.asCode, "\(type.schema.since)", type.role.words,
        attributes.map(\.name.asCode).joined(separator: " "),
      ]
    })

  /// Recipes of training.
  static var recipes: MadeText {
    MadeText(
      "recipes", ["recipe", "layers", "input", "epochs", "batch", "optimizer", "after"],
      RecipeRegistry.all.map { recipe in
        [
          recipe.name.asCode, recipe.summary.asWords,
          recipe.inputShape.map(String.init).joined(separator: "×"), "\(recipe.epochs)",
          "\(recipe.batchSize)", "\(recipe.optimizer)".asCode, recipe.source.asWords,
        ]
      })
  }

  /// Losses.
  static let losses = MadeText(
    "losses", ["loss", "what it is"],
    LossRegistry.all.map { [$0.name.asCode, $0.summary.asWords] })

  /// Optimisers.
  static let optimizers = MadeText(
    "optimizers", ["optimizer", "what it is, and its settings"],
    OptimizerRegistry.all.map { [$0.name.asCode, $0.summary.asWords] })

  /// Columns of the placement table.
  static let placementColumns = MadeText(
    "placement-columns", ["column in files", "on the screen", "what it says"],
    PlacementColumns.columns.map { column in
      [column.name.asCode, column.heading.asWords, column.meaning.asWords]
    })
}

extension Target {
  fileprivate var words: String {
    switch self {
    case .activation: "an activation"
    case .weights: "weights"
    case .recurrentWeights: "recurrent weights"
    case .embedding: "an embedding"
    case .attention: "an attention"
    case .pool: "a max-pool"
    case .input: "the input"
    }
  }
}

extension OperatorRole {
  fileprivate var words: String {
    switch self {
    case .convolution: "convolution"
    case .dense: "dense layer"
    case .activation: "activation"
    case .pool: "pooling"
    case .normalization: "normalisation"
    case .merge: "merging branches"
    case .reshape: "reshaping"
    case .probability: "probabilities"
    case .dropout: "dropout"
    case .other: "other arithmetic"
    }
  }
}
