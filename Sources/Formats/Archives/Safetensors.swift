import FoundationEssentials
import NeuralNet
import TensorCore

/// Hugging Face's file of named arrays: the length of a header in eight bytes, the header as JSON, and the
/// numbers, little-endian. https://huggingface.co/docs/safetensors
enum Safetensors {
  private struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private static let types: [String: ElementType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
    "I32": .int32, "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16,
    "U8": .uint8, "BOOL": .bool, "F8_E4M3": .float8e4m3fn, "F8_E5M2": .float8e5m2,
  ]

  /// An array by its name, or the only one.
  /// - Throws: `FormatError` that lists the names where there is no such array, or none is named, and where
  ///   the file is damaged.
  static func value(
    from bytes: [UInt8], named file: String, tensor: String?
  ) throws(FormatError) -> Value {
    var cursor = ByteCursor(bytes, named: file)
    let length = try cursor.integer(UInt64.self, bigEndian: false, for: "header length")
    guard length <= UInt64(cursor.rest.count) else {
      throw FormatError(
        file, "header", expected: "\(length) bytes", found: "\(cursor.rest.count)")
    }
    let header = try cursor.take(Int(length), for: "header")
    let entries = try entries(header, in: file)
    let names = entries.keys.sorted()
    let name = names[try NamedTensors.place(of: tensor, among: names, in: file)]
    guard let entry = entries[name] else { preconditionFailure("no entry \(name)") }
    guard let type = types[entry.dtype] else {
      throw FormatError(
        file, "tensor \(name)", expected: types.keys.sorted().joined(separator: ", "),
        found: entry.dtype)
    }
    let data = cursor.rest
    guard entry.offsets.count == 2, entry.offsets[0] >= 0, entry.offsets[0] <= entry.offsets[1],
      entry.offsets[1] <= data.count
    else {
      throw FormatError(
        file, "tensor \(name)", expected: "a part of \(data.count) bytes",
        found: "\(entry.offsets)")
    }
    let own = data[data.startIndex + entry.offsets[0]..<data.startIndex + entry.offsets[1]]
    let format = NumberFormat(kind: type)
    let shape = try Shape(
      entry.shape, of: format, filling: own.count, in: file, part: "tensor \(name)")
    return format.value(shape, own)
  }

  /// What the header says of each array; what it says of itself is left out.
  private static func entries(
    _ header: some Sequence<UInt8>, in file: String
  ) throws(FormatError) -> [String: Entry] {
    do {
      let all = try JSONDecoder().decode([String: Header].self, from: Data(header))
      return all.compactMapValues { if case .tensor(let entry) = $0 { entry } else { nil } }
    } catch {
      throw FormatError(
        file, "header", expected: "JSON with a type, sizes and place for each array",
        found: "something else")
    }
  }

  private enum Header: Decodable {
    case tensor(Entry)
    case metadata

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        self = .metadata
      } else {
        self = .tensor(try Entry(from: decoder))
      }
    }
  }
}

extension FileKind {
  static let safetensors = FileKind(
    "a safetensors file, which holds arrays without a network", endings: ["safetensors"],
    holdsItems: true, toONNX: fromTorch,
    matches: { bytes in
      // The header's length in eight bytes, then its JSON.
      bytes.count > 8 && bytes[8] == UInt8(ascii: "{") && bytes[5..<8].allSatisfy { $0 == 0 }
    },
    readTensor: { bytes, name, tensor throws(FormatError) in
      .init(.numbers(try Safetensors.value(from: bytes, named: name, tensor: tensor)))
    })
}
