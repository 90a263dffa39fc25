import NeuralNet
import TensorCore

extension NumberFormat {
  /// Encodes an array from the element type that holds such numbers, in this format's byte order.
  /// - Throws: `FormatError` where a finite number is beyond the largest or smallest of the type.
  func bytes(_ value: Value, named file: String) throws(FormatError) -> [UInt8] {
    precondition(value.type == kind.computed, "\(value.type) as \(kind)")
    switch value {
    case .typed, .opaque, .sequence, .absent:
      preconditionFailure("\(value.type) is not computed with")
    case .bool(let array): return array.elements.map { $0 ? 1 : 0 }
    case .int64(let array):
      switch kind {
      case .int8: return try narrowed(array, to: Int8.self, file)
      case .int16: return try narrowed(array, to: Int16.self, file)
      case .int32: return try narrowed(array, to: Int32.self, file)
      case .int64: return try narrowed(array, to: Int64.self, file)
      case .uint8: return try narrowed(array, to: UInt8.self, file)
      case .uint16: return try narrowed(array, to: UInt16.self, file)
      case .uint32: return try narrowed(array, to: UInt32.self, file)
      case .uint64: return try narrowed(array, to: UInt64.self, file)
      default: preconditionFailure("\(kind) is not whole")
      }
    case .float32(let array):
      switch kind {
      case .float16:
        // 65,504, and what rounds to it.
        return try encode(array, file, "numbers from -65504 to 65504") { number in
          let half = Float16(number)
          return half.isInfinite && number.isFinite ? nil : half.bitPattern
        }
      case .bfloat16:
        return try encode(array, file, "numbers that bfloat16 holds") { number in
          // To nearest, ties to even; a NaN stays one.
          guard !number.isNaN else { return UInt16(number.bitPattern >> 16) | 0x40 }
          let bits = number.bitPattern
          let rounded = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
          let isBeyond = number.isFinite && rounded & 0x7F80 == 0x7F80
          return isBeyond ? nil : UInt16(rounded)
        }
      case .float32: return try encode(array, file, "numbers") { $0.bitPattern }
      case .float64: return try encode(array, file, "numbers") { Double($0).bitPattern }
      default: preconditionFailure("\(kind) is no float")
      }
    }
  }

  private func narrowed<Wire: FixedWidthInteger & BitwiseCopyable>(
    _ array: NDArray<Int64>, to: Wire.Type, _ file: String
  ) throws(FormatError) -> [UInt8] {
    try encode(array, file, "whole numbers from \(Wire.min) to \(Wire.max)") {
      Wire(exactly: $0)
    }
  }

  /// - Parameters:
  ///   - expected: what all numbers must be, for the error
  ///   - convert: the bits of a number; nil where it cannot be written
  private func encode<Element, Wire: FixedWidthInteger & BitwiseCopyable>(
    _ array: NDArray<Element>, _ file: String, _ expected: String,
    _ convert: (Element) -> Wire?
  ) throws(FormatError) -> [UInt8] {
    let size = MemoryLayout<Wire>.size
    var unfit: Element?
    let bytes = [UInt8](unsafeUninitializedCapacity: array.count * size) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for index in 0..<array.count {
        let wire = convert(array[index])
        if wire == nil { unfit = unfit ?? array[index] }
        let ordered = bigEndian ? (wire ?? 0).bigEndian : (wire ?? 0).littleEndian
        raw.storeBytes(of: ordered, toByteOffset: index * size, as: Wire.self)
      }
      initialized = array.count * size
    }
    guard let unfit else { return bytes }
    throw FormatError(
      file, "\(kind.rawValue)", expected: expected, found: "\(unfit)")
  }
}
