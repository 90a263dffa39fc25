import Glibc
import Masks
public import TensorCore

/// .5 − .5·cos of an angle that goes around once.
public struct HannWindow: WindowFunction {
  public static let opType = "HannWindow"
  public let rule: WindowFunctionRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try WindowFunctionRule(node) }

  public static func weight(_ angle: Double) -> Double { 0.5 - 0.5 * cos(angle) }
}
