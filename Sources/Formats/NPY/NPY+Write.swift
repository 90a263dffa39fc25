public import NeuralNet
public import TensorCore

extension NPY {
  /// An array as an NPY file of format 1.0: `<f4`, `<i8` or `|b1`, row-major.
  public static func bytes(_ value: Value) -> [UInt8] {
    let descr =
      switch value.type {
      case .float32: "<f4"
      case .int64: "<i8"
      case .bool: "|b1"
      default: "<f4"
      }
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
}
