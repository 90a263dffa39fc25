import NeuralNet
import TensorCore

extension Value {
  /// The elements in row-major order, little-endian, each as many bytes as its type takes; a bool one.
  /// Nothing for an `.opaque` value.
  var littleEndianBytes: [UInt8] {
    switch computed {
    case .float32(let array):
      switch type {
      case .float16: bytes(array.count) { Float16(array[$0]).bitPattern.littleEndian }
      case .bfloat16:
        // A NaN whose payload lies in the lower half stays one.
        bytes(array.count) {
          (UInt16(array[$0].bitPattern >> 16) | (array[$0].isNaN ? 0x40 : 0)).littleEndian
        }
      case .float64: bytes(array.count) { Double(array[$0]).bitPattern.littleEndian }
      default: bytes(array.count) { array[$0].bitPattern.littleEndian }
      }
    case .int64(let array):
      switch type.size {
      case 1: bytes(array.count) { UInt8(truncatingIfNeeded: array[$0]) }
      case 2: bytes(array.count) { UInt16(truncatingIfNeeded: array[$0]).littleEndian }
      case 4: bytes(array.count) { UInt32(truncatingIfNeeded: array[$0]).littleEndian }
      default: bytes(array.count) { array[$0].littleEndian }
      }
    case .bool(let array): array.elements.map { $0 ? 1 : 0 }
    case .typed, .opaque: []
    }
  }

  private func bytes<Wire: BitwiseCopyable>(
    _ count: Int, _ element: (Int) -> Wire
  ) -> [UInt8] {
    let size = MemoryLayout<Wire>.size
    return [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for index in 0..<count {
        raw.storeBytes(of: element(index), toByteOffset: index * size, as: Wire.self)
      }
      initialized = count * size
    }
  }
}
