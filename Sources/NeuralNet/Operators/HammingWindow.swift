import Glibc
import Masks
public import TensorCore

/// 25/46 − 21/46·cos of an angle that goes around once.
public struct HammingWindow: WindowFunction {
  public static let opType = "HammingWindow"
  public let rule: WindowFunctionRule

  public init(_ node: NodeReader) throws(TensorError) { rule = try WindowFunctionRule(node) }

  public static func weight(_ angle: Double) -> Double { 25.0 / 46 - 21.0 / 46 * cos(angle) }
}
