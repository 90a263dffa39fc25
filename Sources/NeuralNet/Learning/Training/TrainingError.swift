import TensorCore

/// Training that cannot start or go on, said in one line.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The network cannot be trained, or not on such data.
  case graph(GraphError)
  /// The loss is no longer a finite number; no weight has been changed by the step that found it.
  case diverged(loss: Double, step: Int)

  /// A problem with what was asked for.
  init(_ error: TensorError) { self = .graph(GraphError(node: nil, error)) }

  public var description: String {
    switch self {
    case .graph(let error): error.description
    case .diverged(let loss, let step): "the loss is \(loss) at step \(step): training diverged"
    }
  }
}
