/// What a kind may need beside the rate; each kind takes what concerns it.
public struct KindSettings: Equatable, Sendable {
  /// The user's own mask, for `manual`.
  public var painted: Mask?
  /// The size of a block, for `block`.
  public var block: BlockSize
  /// Where blocks may lie and how many there are, for `block`.
  public var blockRule: BlockRule
  /// What shares a mask over the weights, for `weight`.
  public var weightMode: WeightMode

  /// Settings as given; by default blocks of 5×5 that meet the rate, and weights dropped once a
  /// batch.
  public init(
    painted: Mask? = nil, block: BlockSize = BlockSize(5), blockRule: BlockRule = .exact,
    weightMode: WeightMode = .perBatch
  ) {
    self.painted = painted
    (self.block, self.blockRule, self.weightMode) = (block, blockRule, weightMode)
  }
}
