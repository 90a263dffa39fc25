import TensorCore

/// What a mask really dropped, counted over it: k of n cells, and what chance allows.
public struct Realised: Equatable, Sendable {
  /// Dropped cells, counted.
  public var dropped: Int
  /// Cells counted.
  public var of: Int
  /// Independent units among the cells: what the spread depends on.
  public var units: Int

  /// Counts a mask whose kind draws `units` independent uniforms.
  public init(_ mask: Mask, units: Int) {
    (dropped, of, self.units) = (mask.dropped, mask.layout.count, units)
  }

  /// k/n, or 0 for an empty mask.
  public var rate: Double { of == 0 ? 0 : Double(dropped) / Double(of) }

  /// The standard deviation of the realised rate at nominal rate p: √(p(1−p)/units).
  public func deviation(at rate: Rate) -> Double {
    units == 0 ? 0 : (rate.p * rate.keep / Double(units)).squareRoot()
  }
}
