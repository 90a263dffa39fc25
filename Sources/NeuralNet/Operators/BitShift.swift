public import TensorCore

/// The bits of a moved by b places to the `direction`, LEFT or RIGHT, zeros coming in; broadcast, of
/// whole numbers without a sign. By as many places as there are bits, or more, none is left.
public struct BitShift: BitwiseOperator {
  public static let opType = "BitShift"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .string("direction", since: 11, required: true, of: ["RIGHT", "LEFT"])
    ],
    inputs: .init(
      repeating: .init([
        ElementTypes(.uint8), ElementTypes(.uint16), ElementTypes(.uint32), ElementTypes(.uint64),
      ]), count: 2))
  private let isLeft: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    let direction = try node.string("direction", default: "")
    guard ["LEFT", "RIGHT"].contains(direction) else {
      throw TensorError("BitShift direction", expected: "LEFT or RIGHT", found: direction)
    }
    isLeft = direction == "LEFT"
  }

  public func apply(_ a: Int64, _ b: Int64) -> Int64 {
    let (a, b) = (UInt64(bitPattern: a), UInt64(bitPattern: b))
    return Int64(bitPattern: isLeft ? a << b : a >> b)
  }
}
