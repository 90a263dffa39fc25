public import TensorCore

/// All that training has changed: a trainer made the same way that restores it goes on to the same bits.
public struct TrainingSnapshot: Equatable, Sendable {
  /// The parameters by name, as training has them: with `Scaling.weight` not yet × keep.
  public var weights: [String: Tensor]
  /// The optimiser's arrays by slot and parameter: `velocity` → `conv1.weight` → array.
  public var slots: [String: [String: Tensor]]
  /// What all random numbers are made from.
  public var seed: UInt64
  /// How many steps have been made.
  public var step: Int
  /// How many epochs are behind.
  public var epoch: Int
  /// How many samples of the present epoch are behind.
  public var position: Int
  /// The step from which on the optimiser averages the weights; nil where it does not.
  public var averagesFrom: Int?
  /// The states that recurrent layers go on from, by the names of `CarriedStates`.
  public var carried: [String: Tensor] = [:]

  /// A snapshot of the parts given.
  public init(
    weights: [String: Tensor], slots: [String: [String: Tensor]], seed: UInt64, step: Int,
    epoch: Int, position: Int
  ) {
    (self.weights, self.slots, self.seed) = (weights, slots, seed)
    (self.step, self.epoch, self.position) = (step, epoch, position)
  }
}
