import Insight

/// A number that runs of a sweep are compared by.
public enum SweepScore: String, CaseIterable, Sendable {
  /// The share of images held out that are right.
  case heldOut
  /// The share of images trained on that are right, dropout off.
  case training
  /// The one less the other.
  case gap
  /// The loss on images held out.
  case loss
  /// The share that an average over masks has right.
  case monteCarlo

  /// What it is called.
  public var name: String {
    switch self {
    case .heldOut: "held out"
    case .training: "clean"
    case .gap: "gap"
    case .loss: "held-out loss"
    case .monteCarlo: "average over masks"
    }
  }

  /// Whether it is a share of images, or a difference of two.
  public var isShare: Bool { self != .loss }

  /// What a run came to; nil where that was not measured.
  public func value(_ result: RunResult) -> Double? {
    switch self {
    case .heldOut: result.heldOutAccuracy
    case .training: result.trainingAccuracy
    case .gap:
      result.trainingAccuracy.flatMap { training in
        result.heldOutAccuracy.map { training - $0 }
      }
    case .loss: result.heldOutLoss
    case .monteCarlo: result.monteCarlo?.accuracy
    }
  }
}
