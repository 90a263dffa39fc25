import FoundationEssentials
import NeuralNet
import SwiftProtobuf
import TensorCore

/// Reads ONNX's tensors.
struct ONNXTensorReader {
  /// The model's file.
  let source: ByteSource
  /// Where in it the numbers lie that a `raw_data` stands for; nil where it holds them itself.
  var payload: (Data) -> Range<Int>?
  /// The file of the last external tensor, which the next ones mostly share. Only one stays open: a
  /// model may have more files than a process may open.
  var external: ByteSource?

  var file: String { source.name }

  /// The tensor as a value of its own type. Text, and numbers that nothing is computed with, are known
  /// by their type and shape alone.
  /// - Throws: `FormatError` for sizes that make no sense, and data that is not exactly as long as the
  ///   sizes say.
  mutating func value(
    _ tensor: Onnx_TensorProto, named part: String
  ) throws(FormatError) -> Value {
    let type = ElementType(onnx: Int(tensor.dataType))
    guard tensor.dataType != 0 else {
      throw FormatError(file, part, expected: "an element type", found: "none")
    }
    guard !tensor.hasSegment else {
      throw FormatError(file: file, part: part, .failure("tensors in segments are not supported"))
    }
    let dims = tensor.dims.map { Int($0) }
    guard type.computed != nil else {
      return .opaque(type, try Shape(dims, in: file, part: part))
    }
    let format = NumberFormat(kind: type)
    guard let (source, range) = try payload(of: tensor, named: part) else {
      return try tensor.typedValue(format, dims, in: file, part: part)
    }
    let shape = try Shape(dims, of: format, filling: range.count, in: file, part: part)
    return try format.value(shape, source, range)
  }

  /// Where the numbers of a tensor lie, as its type has them, little-endian; nil where they stand in
  /// one of the typed lists.
  mutating func payload(
    of tensor: Onnx_TensorProto, named part: String
  ) throws(FormatError) -> (source: ByteSource, range: Range<Int>)? {
    if tensor.dataLocation == .external { return try externalBytes(tensor, named: part) }
    guard tensor.hasRawData else { return nil }
    if let range = payload(tensor.rawData) { return (source, range) }
    let own = ByteSource(Array(tensor.rawData), named: file)
    return (own, 0..<own.count)
  }
}

extension Onnx_TensorProto {
  /// The tensor whose numbers stand in one of the typed lists. Which list a type uses, and that 16-bit
  /// floats stand there as their bits, is laid down beside TensorProto in ONNX.
  fileprivate func typedValue(
    _ format: NumberFormat, _ dims: [Int], in file: String, part: String
  ) throws(FormatError) -> Value {
    func shape(_ count: Int) throws(FormatError) -> Shape {
      // A count cannot overflow here: the list it is the size of is in memory.
      try Shape(dims, of: format, filling: count * format.size, in: file, part: part)
    }
    func floats(_ values: [Float]) throws(FormatError) -> Value {
      format.typed(.float32(Tensor(try shape(values.count), values)))
    }
    func integers(_ values: [Int64]) throws(FormatError) -> Value {
      format.typed(.int64(NDArray(try shape(values.count), values)))
    }
    let type = format.kind
    if type.narrowBits != nil {
      // Each stands for a byte.
      let bytes = int32Data.map { UInt8(truncatingIfNeeded: $0) }
      let shape = try Shape(dims, of: format, filling: bytes.count, in: file, part: part)
      return format.value(shape, bytes[...])
    }
    switch type {
    case .float32: return try floats(floatData)
    case .float64: return try floats(doubleData.map { Float($0) })
    case .float16:
      return try floats(
        int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
    case .bfloat16:
      return try floats(int32Data.map { Float(bitPattern: UInt32(bitPattern: $0) << 16) })
    case .bool: return .bool(NDArray(try shape(int32Data.count), int32Data.map { $0 != 0 }))
    case .int64: return try integers(int64Data)
    case .int8, .int16, .int32, .uint8, .uint16:
      return try integers(int32Data.map { type.wrapped(Int64($0)) })
    case .uint32, .uint64:
      return try integers(uint64Data.map { type.wrapped(Int64(truncatingIfNeeded: $0)) })
    default: preconditionFailure("\(type) holds no numbers")
    }
  }
}
