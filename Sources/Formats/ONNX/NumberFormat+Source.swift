import NeuralNet
import TensorCore

extension NumberFormat {
  /// Reads an array into a value of its own type. `range` must be as long as the shape needs and lie
  /// within the source. Single precision goes straight into the tensor.
  /// - Throws: `FormatError` where the system cannot read.
  func value(
    _ shape: Shape, _ source: ByteSource, _ range: Range<Int>
  ) throws(FormatError) -> Value {
    precondition(byteCount(of: shape.count) == range.count, "\(range.count) bytes for \(shape)")
    guard kind == .float32, bigEndian == (1.bigEndian == 1) else {
      return value(shape, try source.bytes(range)[...])
    }
    var failure: FormatError?
    let tensor = Tensor(shape) { elements in
      do throws(FormatError) {
        try source.read(UnsafeMutableRawBufferPointer(elements), at: range.lowerBound)
      } catch {
        elements.initialize(repeating: 0)
        failure = error
      }
    }
    if let failure { throw failure }
    return .float32(tensor)
  }
}
