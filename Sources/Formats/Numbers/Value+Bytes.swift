import NeuralNet
import TensorCore

extension Value {
  /// The elements in row-major order, little-endian, each as the value's own type has it.
  /// - Precondition: the value is no `.opaque` one.
  var littleEndianBytes: [UInt8] { littleEndianBytes(0..<shape.count) }

  /// A part of the elements in row-major order, little-endian, each as the value's own type has it; one
  /// that begins with a byte.
  /// - Precondition: the value is no `.opaque` one.
  func littleEndianBytes(_ range: Range<Int>) -> [UInt8] {
    switch computed {
    case .float32(let array):
      return array.withElements { x in
        // What is so in memory already.
        if type == .float32, 1.littleEndian == 1 {
          return Array(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: x[range])))
        }
        return switch type {
        case .float16: bytes(range) { Float16(x[$0]).bitPattern }
        case .bfloat16: bytes(range) { bfloat16(x[$0]) }
        case let narrow where narrow.narrowBits != nil: narrow.narrowBytes(floats: Array(x[range]))
        case .float64: bytes(range) { Double(x[$0]).bitPattern }
        default: bytes(range) { x[$0].bitPattern }
        }
      }
    case .int64(let array):
      return array.withElements { x in
        if type.narrowBits != nil { return type.narrowBytes(integers: Array(x[range])) }
        return switch type.size {
        case 1: bytes(range) { UInt8(truncatingIfNeeded: x[$0]) }
        case 2: bytes(range) { UInt16(truncatingIfNeeded: x[$0]) }
        case 4: bytes(range) { UInt32(truncatingIfNeeded: x[$0]) }
        default: bytes(range) { x[$0] }
        }
      }
    case .bool(let array):
      return array.withElements { x in bytes(range) { x[$0] ? 1 : 0 as UInt8 } }
    case .typed, .opaque, .sequence, .absent: preconditionFailure("\(type) holds no numbers")
    }
  }

  /// The upper half of a number that is one of the type already; a NaN stays one.
  private func bfloat16(_ x: Float) -> UInt16 {
    let upper = UInt16(truncatingIfNeeded: ElementType.bfloat16.rounded(x).bitPattern >> 16)
    return x.isNaN ? upper | 0x40 : upper
  }

  private func bytes<Wire: FixedWidthInteger & BitwiseCopyable>(
    _ range: Range<Int>, _ element: (Int) -> Wire
  ) -> [UInt8] {
    let size = MemoryLayout<Wire>.size
    return [UInt8](unsafeUninitializedCapacity: range.count * size) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for (place, index) in range.enumerated() {
        raw.storeBytes(of: element(index).littleEndian, toByteOffset: place * size, as: Wire.self)
      }
      initialized = range.count * size
    }
  }
}
