public import NeuralNet
public import TensorCore

extension NPY {
  /// An array as an NPY file of format 1.0, row-major, in its own element type. NPY has no bfloat16:
  /// such numbers are written as float32, which holds each of them. The value must not be `.opaque`.
  public static func bytes(_ value: Value) -> [UInt8] {
    let type = value.type.inNPY
    let numbers = type == type.computed ? value.computed : .typed(type, value.computed)
    return header(value.shape, type) + numbers.littleEndianBytes
  }

  /// Single-precision numbers as an NPY file of format 1.0.
  public static func bytes(_ tensor: Tensor) -> [UInt8] { bytes(.float32(tensor)) }

  /// An array as an NPY file of format 1.0 with elements of `kind`: of floats, whole numbers or
  /// bools as the array is.
  ///
  /// float16 rounds to the nearest; NaN and infinities stay what they are. NPY has no bfloat16 and
  /// nothing narrower: such numbers are written as float32, int8 or uint8, which hold each of them.
  /// - Throws: `FormatError` of kind `badData`, with the array's `name`, where the array is of
  ///   another sort, or a finite number is beyond the type's.
  public static func bytes(
    _ value: Value, as kind: ElementType, named name: String = "array"
  ) throws(FormatError) -> [UInt8] {
    guard kind.computed == value.computed.type else {
      throw FormatError(
        name,
        expected: kind.computed.map { "\($0) to write as \(kind)" } ?? "a type that NPY has",
        found: kind.computed == nil ? "\(kind)" : "\(value.type)")
    }
    let format = NumberFormat(kind: kind.inNPY)
    return header(value.shape, format.kind) + (try format.bytes(value.computed, named: name))
  }

  /// All that stands before the elements.
  private static func header(_ shape: Shape, _ kind: ElementType) -> [UInt8] {
    let order = NumberFormat(kind: kind).size == 1 ? "|" : "<"
    let dims = shape.dims
    // A Python tuple of one keeps its comma.
    let tuple = dims.map(String.init).joined(separator: ", ") + (dims.count == 1 ? "," : "")
    var header = Array(
      "{'descr': '\(order)\(kind.numpyName)', 'fortran_order': False, 'shape': (\(tuple)), }".utf8)
    // The elements begin at a multiple of 64, the header ends in a newline.
    let prelude = magic.count + 4
    let padding = 63 - (prelude + header.count) % 64
    header += [UInt8](repeating: 0x20, count: padding) + [0x0A]
    let length = UInt16(header.count)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + header
  }
}
