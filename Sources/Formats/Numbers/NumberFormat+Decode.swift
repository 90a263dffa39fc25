import NeuralNet
import TensorCore

extension NumberFormat {
  /// Decodes an array into the element type that holds it: float32, int64 or bool. `bytes` must be
  /// as many as the shape needs.
  /// - Throws: `FormatError` for unsigned numbers above the largest int64.
  func value(
    _ shape: Shape, _ bytes: ArraySlice<UInt8>, in file: String, part: String
  ) throws(FormatError) -> Value {
    switch elementType {
    case .float32: return .float32(tensor(shape, bytes))
    case .bool: return .bool(NDArray(shape, bytes.map { $0 != 0 }))
    default:
      if kind == .uint64 {
        let largest = decode(bytes, as: UInt64.self) { $0 }.max() ?? 0
        guard largest <= Int64.max else {
          throw FormatError(
            file, part, expected: "whole numbers up to \(Int64.max)", found: "\(largest)")
        }
      }
      return .int64(NDArray(shape, integers(bytes)))
    }
  }

  /// Decodes an array of any type as single precision: the nearest float of each number, 1 for true.
  /// `bytes` must be as many as the shape needs.
  func tensor(_ shape: Shape, _ bytes: ArraySlice<UInt8>) -> Tensor {
    precondition(byteCount(of: shape.count) == bytes.count, "\(bytes.count) bytes for \(shape)")
    let floats: [Float] =
      switch kind {
      case .float16: decode(bytes, as: UInt16.self) { Float(Float16(bitPattern: $0)) }
      case .bfloat16: decode(bytes, as: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .float32: decode(bytes, as: UInt32.self) { Float(bitPattern: $0) }
      case .float64: decode(bytes, as: UInt64.self) { Float(Double(bitPattern: $0)) }
      case .int8: decode(bytes, as: Int8.self) { Float($0) }
      case .int16: decode(bytes, as: Int16.self) { Float($0) }
      case .int32: decode(bytes, as: Int32.self) { Float($0) }
      case .int64: decode(bytes, as: Int64.self) { Float($0) }
      case .uint8: decode(bytes, as: UInt8.self) { Float($0) }
      case .uint16: decode(bytes, as: UInt16.self) { Float($0) }
      case .uint32: decode(bytes, as: UInt32.self) { Float($0) }
      case .uint64: decode(bytes, as: UInt64.self) { Float($0) }
      case .bool: bytes.map { $0 == 0 ? 0 : 1 }
      }
    return Tensor(shape, floats)
  }

  private func integers(_ bytes: ArraySlice<UInt8>) -> [Int64] {
    switch kind {
    case .int8: decode(bytes, as: Int8.self) { Int64($0) }
    case .int16: decode(bytes, as: Int16.self) { Int64($0) }
    case .int32: decode(bytes, as: Int32.self) { Int64($0) }
    case .int64: decode(bytes, as: Int64.self) { $0 }
    case .uint8: decode(bytes, as: UInt8.self) { Int64($0) }
    case .uint16: decode(bytes, as: UInt16.self) { Int64($0) }
    case .uint32: decode(bytes, as: UInt32.self) { Int64($0) }
    case .uint64: decode(bytes, as: UInt64.self) { Int64(bitPattern: $0) }
    case .float16, .bfloat16, .float32, .float64, .bool:
      preconditionFailure("\(kind) is not whole")
    }
  }

  private func decode<Wire: FixedWidthInteger & BitwiseCopyable, Element>(
    _ bytes: ArraySlice<UInt8>, as: Wire.Type, _ convert: (Wire) -> Element
  ) -> [Element] {
    let count = bytes.count / MemoryLayout<Wire>.size
    return bytes.withUnsafeBytes { raw in
      [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in 0..<count {
          let offset = index * MemoryLayout<Wire>.size
          let wire = raw.loadUnaligned(fromByteOffset: offset, as: Wire.self)
          let number = bigEndian ? Wire(bigEndian: wire) : Wire(littleEndian: wire)
          buffer.initializeElement(at: index, to: convert(number))
        }
        initialized = count
      }
    }
  }
}
