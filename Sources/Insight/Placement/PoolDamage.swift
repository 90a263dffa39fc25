import Masks
import NeuralNet
import TensorCore

/// What a pool that reads the site directly makes of the dropped cells: of the pooled cells that are
/// not zero without dropout, how many are smaller in size before rescaling, and how many zero.
public struct PoolDamage: Equatable, Sendable {
  private let value: String
  private let clean: Tensor
  /// The largest size of a pooled cell.
  private let largest: Float
  /// Pooled cells with another winner, a smaller one.
  public private(set) var lowered = Share(0, of: 0)
  /// Pooled cells of which nothing is left; they are lowered as well.
  public private(set) var zeroed = Share(0, of: 0)

  init?(_ value: String, clean run: Activations) {
    guard let clean = run.tensor(value) else { return nil }
    (self.value, self.clean) = (value, clean)
    largest = clean.elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }

  /// Adds a run under a mask whose kept cells are multiplied by `scale`.
  mutating func add(_ run: Activations, scale: Float) {
    guard let y = run.tensor(value), y.count == clean.count else { return }
    // Of equal cells each is a winner, though rounding above them may tell them apart: what is less by
    // no more than that is no loss. Rounding goes with the largest cells, not with each one.
    let rounding = 1e-6 * largest * abs(scale)
    var (live, fewer, none) = (0, 0, 0)
    for i in 0..<y.count where clean[i] != 0 {
      live += 1
      if y[i] == 0 { none += 1 }
      if abs(y[i]) < abs(clean[i] * scale) - rounding { fewer += 1 }
    }
    lowered = lowered + Share(fewer, of: live)
    zeroed = zeroed + Share(none, of: live)
  }

  mutating func add(_ other: PoolDamage) {
    lowered = lowered + other.lowered
    zeroed = zeroed + other.zeroed
  }
}
