import NeuralNet
import TensorCore

extension NumberFormat {
  /// Decodes an array into a value of its own type: floats held as float32, whole numbers as int64.
  /// A uint64 above the largest int64 is held as the int64 of the same bits. `bytes` must be as many as
  /// the shape needs.
  func value(_ shape: Shape, _ bytes: ArraySlice<UInt8>) -> Value {
    typed(numbers(shape, bytes))
  }

  /// The numbers as they are computed with. `bytes` must be as many as the shape needs.
  func numbers(_ shape: Shape, _ bytes: ArraySlice<UInt8>) -> Value {
    switch kind.computed {
    case .float32: .float32(tensor(shape, bytes))
    case .bool: .bool(NDArray(shape, bytes.map { $0 != 0 }))
    default: .int64(NDArray(shape, integers(bytes, shape.count)))
    }
  }

  /// Numbers as they are computed with, as numbers of this type. They must be such of the type.
  func typed(_ numbers: Value) -> Value {
    kind.computed == kind ? numbers : .typed(kind, numbers)
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
      case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1:
        kind.narrowFloats(bytes, count: shape.count)
      case .int2, .uint2, .int4, .uint4:
        kind.narrowIntegers(bytes, count: shape.count).map { Float($0) }
      case .int8: decode(bytes, as: Int8.self) { Float($0) }
      case .int16: decode(bytes, as: Int16.self) { Float($0) }
      case .int32: decode(bytes, as: Int32.self) { Float($0) }
      case .int64: decode(bytes, as: Int64.self) { Float($0) }
      case .uint8: decode(bytes, as: UInt8.self) { Float($0) }
      case .uint16: decode(bytes, as: UInt16.self) { Float($0) }
      case .uint32: decode(bytes, as: UInt32.self) { Float($0) }
      case .uint64: decode(bytes, as: UInt64.self) { Float($0) }
      case .bool: bytes.map { $0 == 0 ? 0 : 1 }
      case .string, .sequence, .unsupported: preconditionFailure("\(kind) has no fixed size")
      }
    return Tensor(shape, floats)
  }

  private func integers(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [Int64] {
    switch kind {
    case .int2, .uint2, .int4, .uint4: kind.narrowIntegers(bytes, count: count)
    case .int8: decode(bytes, as: Int8.self) { Int64($0) }
    case .int16: decode(bytes, as: Int16.self) { Int64($0) }
    case .int32: decode(bytes, as: Int32.self) { Int64($0) }
    case .int64: decode(bytes, as: Int64.self) { $0 }
    case .uint8: decode(bytes, as: UInt8.self) { Int64($0) }
    case .uint16: decode(bytes, as: UInt16.self) { Int64($0) }
    case .uint32: decode(bytes, as: UInt32.self) { Int64($0) }
    case .uint64: decode(bytes, as: UInt64.self) { Int64(bitPattern: $0) }
    case .float16, .bfloat16, .float32, .float64, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2,
      .float8e5m2fnuz, .float8e8m0, .float4e2m1, .bool, .string, .sequence,
      .unsupported:
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
