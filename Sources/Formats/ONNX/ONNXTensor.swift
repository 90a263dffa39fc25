import FoundationEssentials
import NeuralNet
import SwiftProtobuf
import TensorCore

/// Reads ONNX's tensors.
struct ONNXTensorReader {
  /// The model's file.
  let source: ByteSource
  /// Where in it the numbers lie that a `raw_data` stands for; nil where it holds them itself.
  let payload: (Data) -> Range<Int>?
  /// The file of the last external tensor, which the next ones mostly share. Only one stays open: a
  /// model may have more files than a process may open.
  var external: ByteSource?

  var file: String { source.name }

  /// The tensor as a value: floats as float32, whole numbers as int64, bools.
  /// - Throws: `FormatError` for sizes that make no sense, types that are no numbers, and data that
  ///   is not exactly as long as the sizes say.
  mutating func value(
    _ tensor: Onnx_TensorProto, named part: String
  ) throws(FormatError) -> Value {
    guard let format = NumberFormat(onnx: tensor.dataType) else {
      throw FormatError(
        file, part, expected: "floats, whole numbers or bools",
        found: Onnx_TensorProto.DataType.text(tensor.dataType))
    }
    guard !tensor.hasSegment else {
      throw FormatError(file: file, part: part, .failure("tensors in segments are not supported"))
    }
    let dims = tensor.dims.map { Int($0) }
    let numbers: (source: ByteSource, range: Range<Int>)
    if tensor.dataLocation == .external {
      numbers = try externalBytes(tensor, named: part)
    } else if tensor.hasRawData {
      if let range = payload(tensor.rawData) {
        numbers = (source, range)
      } else {
        let own = ByteSource(Array(tensor.rawData), named: file)
        numbers = (own, 0..<own.count)
      }
    } else {
      return try tensor.typedValue(format, dims, in: file, part: part)
    }
    let shape = try Shape(dims, of: format, filling: numbers.range.count, in: file, part: part)
    return try format.value(shape, numbers.source, numbers.range, in: file, part: part)
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
    switch format.kind {
    case .float32: return .float32(Tensor(try shape(floatData.count), floatData))
    case .float64:
      return .float32(Tensor(try shape(doubleData.count), doubleData.map { Float($0) }))
    case .float16:
      let bits = int32Data.map { UInt16(truncatingIfNeeded: $0) }
      return .float32(Tensor(try shape(bits.count), bits.map { Float(Float16(bitPattern: $0)) }))
    case .bfloat16:
      let bits = int32Data.map { UInt32(truncatingIfNeeded: $0) << 16 }
      return .float32(Tensor(try shape(bits.count), bits.map { Float(bitPattern: $0) }))
    case .bool: return .bool(NDArray(try shape(int32Data.count), int32Data.map { $0 != 0 }))
    case .int64: return .int64(NDArray(try shape(int64Data.count), int64Data))
    case .int8, .int16, .int32, .uint8, .uint16:
      return .int64(NDArray(try shape(int32Data.count), int32Data.map { Int64($0) }))
    case .uint32, .uint64:
      let shape = try shape(uint64Data.count)
      guard let largest = uint64Data.max(), largest > Int64.max else {
        return .int64(NDArray(shape, uint64Data.map { Int64($0) }))
      }
      throw FormatError(
        file, part, expected: "whole numbers up to \(Int64.max)", found: "\(largest)")
    }
  }
}

extension NumberFormat {
  /// The format of an element type's number, nil for those that are no floats, whole numbers of whole
  /// bytes, or bools.
  init?(onnx type: Int32) {
    let kind: Kind? =
      switch Onnx_TensorProto.DataType(rawValue: Int(type)) {
      case .float: .float32
      case .double: .float64
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .uint16: .uint16
      case .uint32: .uint32
      case .uint64: .uint64
      case .bool: .bool
      default: nil
      }
    guard let kind else { return nil }
    self.init(kind: kind)
  }
}

extension Onnx_TensorProto.DataType {
  /// ONNX's name of an element type's number, for a message.
  static func text(_ type: Int32) -> String {
    "element type \(Self(rawValue: Int(type)).map { "\($0)".uppercased() } ?? "\(type)")"
  }
}
