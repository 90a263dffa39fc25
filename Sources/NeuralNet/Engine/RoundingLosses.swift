import Synchronization
public import TensorCore

/// What is lost where results, which are computed in single precision, are rounded to floats of 16 bits or
/// less: finite numbers that become infinite, and others than 0 that become 0.
public final class RoundingLosses: Sendable {
  /// The numbers that a node lost.
  public struct OfNode: Equatable, Sendable {
    /// The node's name.
    public var node: String
    /// What its results are rounded to.
    public var type: ElementType
    /// How many finite numbers became infinite, and how many others than 0 became 0.
    public var (infinite, zero): (Int, Int)
  }

  private let found = Mutex<(node: String, losses: [OfNode])>(("", []))

  /// Nothing is lost yet.
  public init() {}

  /// What was lost, by node in the order in which they ran.
  public var losses: [OfNode] { found.withLock { $0.losses } }

  /// What comes next is of this node.
  func begin(_ node: String) { found.withLock { $0.node = node } }

  /// Notes what rounding made of numbers.
  func note(_ value: Value, _ rounded: Value) {
    guard rounded.type != .float64, case .float32(let before) = value,
      case .float32(let after) = rounded.computed
    else { return }
    var (infinite, zero) = (0, 0)
    before.withElements { before in
      after.withElements { after in
        for i in before.indices {
          if before[i].isFinite, !after[i].isFinite { infinite += 1 }
          if before[i] != 0, after[i] == 0 { zero += 1 }
        }
      }
    }
    guard infinite + zero > 0 else { return }
    found.withLock {
      $0.losses.append(
        OfNode(node: $0.node, type: rounded.type, infinite: infinite, zero: zero))
    }
  }
}

extension RoundingLosses.OfNode: CustomStringConvertible {
  /// `node sum: 3 numbers too large for float16 are infinite, 2 too small are 0`
  public var description: String {
    let large = infinite > 0 ? ["\(infinite) too large for \(type) are infinite"] : []
    let small = zero > 0 ? ["\(zero) too small for \(type) are 0"] : []
    return "node \(node): of its numbers " + (large + small).joined(separator: ", ")
  }
}
