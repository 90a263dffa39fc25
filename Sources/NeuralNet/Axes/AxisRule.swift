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
    /// It is the same axis as these of the inputs; several where inputs broadcast, those that fill
    /// it first.
    case axes([Place])
    /// These axes run into one, the last fastest: it is called after what they are.
    case merged([Place])
    /// The operator makes it, and says what it is.
    case named(Axis.Name)
    /// The operator makes it and cannot say what it is.
    case unknown
  }

  /// What the operator takes the axes of inputs for, by input; nil for an axis it has no opinion of.
  public var reads: [Int: [Axis.Name?]]
  /// What it takes them for where no file, no operator and no other axis they come from says what they
  /// are: the cells of a Conv over one dimension may be times as well.
  public var expects: [Int: [Axis.Name?]]
  /// The axes of each output.
  public var outputs: [[Origin]]

  /// A rule.
  public init(
    reads: [Int: [Axis.Name?]] = [:], expects: [Int: [Axis.Name?]] = [:], outputs: [[Origin]]
  ) {
    (self.reads, self.expects, self.outputs) = (reads, expects, outputs)
  }
}

extension AxisRule {
  /// Each axis of each output is that of an input at the same place.
  static func keeping(
    _ input: Int = 0, of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]
  ) -> AxisRule {
    let rank = inputs.optional(input)?.shape.rank
    return AxisRule(
      outputs: outputs.map { output in
        output.shape.dims.indices.map {
          rank == output.shape.rank ? .axes([Place(input, $0)]) : .unknown
        }
      })
  }

  /// Nothing is known of the axes of the outputs.
  static func unknown(_ outputs: [ValueInfo]) -> AxisRule {
    AxisRule(outputs: outputs.map { $0.shape.dims.map { _ in .unknown } })
  }

  /// Each axis is the same as those of the operands that NumPy's rule lays along it.
  /// - Parameter operands: an operand's shape for each input; nil for one that is none
  static func broadcast(_ operands: [Shape?], to output: Shape) -> [Origin] {
    output.dims.indices.map { axis in
      var (full, single): ([Place], [Place]) = ([], [])
      for (index, operand) in operands.enumerated() {
        guard let operand else { continue }
        let own = axis - (output.rank - operand.rank)
        guard own >= 0 else { continue }
        if operand[own] == output[axis] {
          full.append(Place(index, own))
        } else {
          single.append(Place(index, own))
        }
      }
      return full.isEmpty && single.isEmpty ? .unknown : .axes(full + single)
    }
  }

  /// Axes of an input that run into one, if there are several.
  static func merging(_ axes: some Collection<Int>, of input: Int = 0) -> Origin {
    let places = axes.map { Place(input, $0) }
    return places.isEmpty ? .unknown : places.count == 1 ? .axes(places) : .merged(places)
  }
}
