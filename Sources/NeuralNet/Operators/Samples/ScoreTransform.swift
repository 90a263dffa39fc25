import Glibc
import Masks
import TensorCore

/// What is made of the scores of one sample in the end: `post_transform`, by its number.
enum ScoreTransform: Int {
  case none, softmax, logistic, softmaxOfOthersThanZero, probit

  /// The words that older operators have for it, in the same order.
  static let words = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"]

  /// By its word.
  /// - Throws: `TensorError` for another word.
  init(_ node: NodeReader) throws(TensorError) {
    let word = try node.string("post_transform", default: "NONE")
    guard let transform = ScoreTransform.words.firstIndex(of: word).flatMap(Self.init(rawValue:))
    else {
      throw TensorError(
        "\(node.node.opType) post_transform",
        expected: ScoreTransform.words.joined(separator: ", "), found: word)
    }
    self = transform
  }

  func apply(_ scores: [Float]) -> [Float] {
    switch self {
    case .none: return scores
    case .logistic: return scores.map { 1 / (1 + expf(-$0)) }
    case .softmax, .softmaxOfOthersThanZero:
      let top = scores.max() ?? 0
      let weights = scores.map { score in
        self == .softmaxOfOthersThanZero && score == 0 ? 0 : expf(score - top)
      }
      let sum = weights.reduce(0, +)
      return sum == 0 ? weights : weights.map { $0 / sum }
    case .probit:
      return scores.map { Float(Normal.quantile(min(max(Double($0), 1e-10), 1 - 1e-10))) }
    }
  }
}
