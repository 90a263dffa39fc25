import Glibc
import Masks
public import TensorCore

/// .42 − .5·cos + .08·cos 2 of an angle that goes around once.
public struct BlackmanWindow: WindowFunction {
  public static let opType = "BlackmanWindow"
  public let rule: WindowFunctionRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try WindowFunctionRule(node) }

  public static func weight(_ angle: Double) -> Double {
    0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle)
  }
}
