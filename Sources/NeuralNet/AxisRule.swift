public import TensorCore

/// What an operator says of axes: where those of its outputs come from, and what it takes those of its
/// inputs for. Names flow both ways along `axes`: an output's axis is the same as the input's.
public struct AxisRule: Equatable, Sendable {
  /// An axis of an input.
  public struct Place: Hashable, Sendable {
    /// The input's position.
    public var input: Int
    /// The axis, from 0.
    public var axis: Int

    /// An axis of an input.
    public init(_ input: Int, _ axis: Int) { (self.input, self.axis) = (input, axis) }
  }

  /// Where an axis of an output comes from.
  public enum Origin: Equatable, Sendable {
    /// It is the same axis as these of the inputs; several where inputs broadcast.
    case axes([Place])
    /// The operator makes it, and says what it is.
    case named(Axis.Name)
    /// The operator makes it and cannot say what it is.
    case unknown
  }

  /// What the operator takes the axes of inputs for, by input; nil for an axis it has no opinion of.
  public var reads: [Int: [Axis.Name?]]
  /// The axes of each output.
  public var outputs: [[Origin]]

  /// A rule.
  public init(reads: [Int: [Axis.Name?]] = [:], outputs: [[Origin]]) {
    (self.reads, self.outputs) = (reads, outputs)
  }
}
