public import TensorCore

/// Every optimiser there is, by name.
public enum OptimizerRegistry {
  /// All optimisers: one line each.
  public static let all: [any Optimizer.Type] = [
    SGD.self,
    Adam.self,
    AveragedSGD.self,
  ]

  /// The optimiser a person writes as `sgd` or `sgd,lr=0.01,momentum=0.9,nesterov=1`.
  /// - Throws: `TensorError` for another name, a setting it does not have, and numbers out of range.
  public static func make(_ text: String) throws(TensorError) -> any Optimizer {
    var settings = try OptimizerSettings(text)
    guard let type = all.first(where: { $0.name == settings.name }) else {
      throw TensorError(
        "optimizer", expected: all.map { $0.name }.joined(separator: ", "),
        found: settings.name.isEmpty ? "nothing" : settings.name)
    }
    let optimizer = try type.init(&settings)
    try settings.checkAllRead()
    return optimizer
  }
}
