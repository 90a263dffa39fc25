public import TensorCore

/// How weights follow their gradients. One optimiser is one file, and one line in the registry.
public protocol Optimizer: Sendable, CustomStringConvertible {
  /// The word on the command line.
  static var name: String { get }
  /// One line of help that names the settings.
  static var summary: String { get }

  /// Reads its settings; what it does not ask for keeps its default.
  /// - Throws: `TensorError` where one is no number or out of range.
  init(_ settings: inout OptimizerSettings) throws(TensorError)

  /// The step size before any decay.
  var learningRate: Double { get }
  /// The names of the arrays it keeps for each parameter, in the order `update` gets them; they
  /// start as zeros in the parameter's shape.
  var slots: [String] { get }
  /// The longest that all gradients of a step together may be, who are shortened to it as one vector;
  /// nil for any length. Pascanu et al. 2013 (arXiv:1211.5063), algorithm 1.
  var clip: Double? { get }
  /// The step from which on it averages the weights, the averages being what is evaluated and written;
  /// nil where it does not.
  var averagesFrom: Int? { get set }
  /// The slot that holds them, by its place; nil where it keeps none.
  var averages: Int? { get }

  /// Whether it is to average from now on, where nothing is averaged yet.
  /// - Parameter heldOutLosses: of the epochs that are over
  func shouldAverage(after heldOutLosses: [Double]) -> Bool

  /// Moves a parameter, in place.
  /// - Parameters:
  ///   - gradient: of the loss, in the parameter's shape
  ///   - state: its slots
  ///   - step: how many steps came before
  func update(_ weights: inout Tensor, gradient: Tensor, state: inout [Tensor], step: Int)
}

extension Optimizer {
  public var averagesFrom: Int? {
    get { nil }
    set { precondition(newValue == nil, "\(Self.name) keeps no averages") }
  }
  public var averages: Int? { nil }
  /// `clip` as the settings have it, with a comma before; nothing where there is none.
  var clipText: String { clip.map { ",clip=\($0)" } ?? "" }
  public func shouldAverage(after heldOutLosses: [Double]) -> Bool { false }
}
