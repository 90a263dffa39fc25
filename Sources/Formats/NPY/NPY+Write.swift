public import NeuralNet
public import TensorCore

extension NPY {
  /// An array as an NPY file of format 1.0, row-major, its elements of the value's own type; NumPy has
  /// no bfloat16, which is written as float32.
  /// - Precondition: the value holds numbers or bools.
  public static func bytes(_ value: Value) -> [UInt8] {
    if value.type == .bfloat16 { return bytes(value.computed) }
    let descr = descr(of: value.type)
    let dims = value.shape.dims
    // A Python tuple of one keeps its comma.
    let tuple = dims.map(String.init).joined(separator: ", ") + (dims.count == 1 ? "," : "")
    var header = Array("{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(tuple)), }".utf8)
    // The elements begin at a multiple of 64, the header ends in a newline.
    let prelude = magic.count + 4
    let padding = 63 - (prelude + header.count) % 64
    header += [UInt8](repeating: 0x20, count: padding) + [0x0A]
    let length = UInt16(header.count)
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + header
      + value.littleEndianBytes
  }

  /// Single-precision numbers as an NPY file of format 1.0.
  public static func bytes(_ tensor: Tensor) -> [UInt8] { bytes(.float32(tensor)) }

  /// NumPy's name of a type: byte order, letter, bytes.
  private static func descr(of type: ElementType) -> String {
    switch type {
    case .float16: "<f2"
    case .float32, .bfloat16: "<f4"
    case .float64: "<f8"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .bool: "|b1"
    case .string, .unsupported: preconditionFailure("NPY holds no \(type)")
    }
  }
}
