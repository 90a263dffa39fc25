import NeuralNet
import TensorCore

extension Value {
  /// The elements in row-major order, little-endian: float32, int64, or one byte for a bool.
  var littleEndianBytes: [UInt8] {
    switch computed {
    case .float32(let array): bytes(array.count, 4) { array[$0].bitPattern.littleEndian }
    case .int64(let array): bytes(array.count, 8) { array[$0].littleEndian }
    case .bool(let array): array.elements.map { $0 ? 1 : 0 }
    case .typed, .opaque: []
    }
  }

  private func bytes<Wire: BitwiseCopyable>(
    _ count: Int, _ size: Int, _ element: (Int) -> Wire
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initialized in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      for index in 0..<count {
        raw.storeBytes(of: element(index), toByteOffset: index * size, as: Wire.self)
      }
      initialized = count * size
    }
  }
}
