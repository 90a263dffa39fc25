public import TensorCore

/// What shares a mask over the weights.
public enum WeightMode: String, CaseIterable, Sendable {
  /// One mask for the whole batch: AWD-LSTM's WeightDrop.
  case perBatch = "per-batch"
  /// A mask for each sample: Wan et al. 2013.
  case perSample = "per-sample"

  /// The mode called `text`.
  /// - Throws: `TensorError` that names the modes where there is none of that name.
  public init(parsing text: String) throws(TensorError) {
    self = try WeightMode.named(text, as: "weight mode")
  }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
  /// The case whose word is `text`.
  /// - Throws: `TensorError` for `what` that lists the words where there is no such case.
  public static func named(_ text: String, as what: String) throws(TensorError) -> Self {
    guard let found = Self(rawValue: text) else {
      let words = allCases.map(\.rawValue).joined(separator: ", ")
      throw TensorError(what, expected: words, found: text.isEmpty ? "nothing" : text)
    }
    return found
  }
}
