public import TensorCore

/// Every loss there is, by name.
public enum LossRegistry {
  /// All losses: one line each.
  public static let all: [any Loss] = [
    SoftmaxCrossEntropy(),
    SequenceCrossEntropy(),
    MeanSquaredError(),
    BinaryCrossEntropy(),
    DiceLoss(),
  ]

  /// The loss called `name`. - Throws: `TensorError` that lists them where there is none.
  public static func make(_ name: String) throws(TensorError) -> any Loss {
    guard let loss = all.first(where: { $0.name == name }) else {
      throw TensorError(
        "loss", expected: all.map(\.name).joined(separator: ", "),
        found: name.isEmpty ? "nothing" : name)
    }
    return loss
  }
}
