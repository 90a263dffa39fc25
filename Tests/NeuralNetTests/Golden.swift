import NeuralNet
import TensorCore
import TestSupport

/// The golden cases of one operator, as Tests/Golden/make_operators.py writes them.
struct GoldenCase: Decodable, CustomStringConvertible {
  let opset: Int
  let from: String
  let attributes: [String: GoldenAttribute]
  let inputs: [GoldenArray?]
  let outputs: [GoldenArray]

  var description: String {
    let shapes = inputs.map { $0.map { "\($0.type)\($0.shape)" } ?? "-" }.joined(separator: " ")
    return "opset \(opset) \(attributes.keys.sorted()) on \(shapes), from \(from)"
  }

  /// The node of the case.
  func node(_ opType: String) -> Node {
    Node(
      opType, inputs: inputs.indices.map { inputs[$0] == nil ? "" : "x\($0)" },
      outputs: outputs.indices.map { "y\($0)" }, attributes: attributes.mapValues(\.attribute))
  }

  /// Whether an input that is no whole number says what shape the result has: factors, ends, depths.
  static func saysShape(_ opType: String, _ index: Int) -> Bool {
    switch opType {
    case "Resize", "Upsample", "OneHot", "Tile": index > 0
    case "CenterCropPad": index > 0
    case "BlackmanWindow", "HammingWindow", "HannWindow", "Compress", "NonMaxSuppression",
      "NonZero", "Range", "Unique":
      true
    default: false
    }
  }

  static func load(_ opType: String) throws -> [GoldenCase] {
    try Golden.json("operators/\(opType).json")
  }
}

struct GoldenArray: Decodable {
  let type: String
  let shape: [Int]
  let value: Value

  enum CodingKeys: CodingKey { case type, shape, data }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    type = try fields.decode(String.self, forKey: .type)
    shape = try fields.decode([Int].self, forKey: .shape)
    let shape = try Shape(checking: shape, in: "golden")
    switch type {
    case "float32": value = .float32(NDArray(shape, try fields.decode([Float].self, forKey: .data)))
    case "int64": value = .int64(NDArray(shape, try fields.decode([Int64].self, forKey: .data)))
    case "bool": value = .bool(NDArray(shape, try fields.decode([Bool].self, forKey: .data)))
    case "int8", "uint8", "int16", "uint16", "int32", "uint32", "uint64":
      let numbers = NDArray(shape, try fields.decode([Int64].self, forKey: .data))
      value = try Value(.int64(numbers), as: ElementType(rawValue: type) ?? .int64)
    default:
      throw DecodingError.dataCorruptedError(forKey: .type, in: fields, debugDescription: type)
    }
  }
}

struct GoldenAttribute: Decodable {
  let attribute: Attribute

  enum CodingKeys: CodingKey { case int, float, string, ints, floats, strings, tensor }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard let key = fields.allKeys.first else {
      throw DecodingError.valueNotFound(
        Attribute.self, .init(codingPath: decoder.codingPath, debugDescription: "no attribute"))
    }
    attribute =
      switch key {
      case .int: .int(try fields.decode(Int.self, forKey: key))
      case .float: .float(try fields.decode(Float.self, forKey: key))
      case .string: .string(try fields.decode(String.self, forKey: key))
      case .ints: .ints(try fields.decode([Int].self, forKey: key))
      case .floats: .floats(try fields.decode([Float].self, forKey: key))
      case .strings: .strings(try fields.decode([String].self, forKey: key))
      case .tensor: .tensor(try fields.decode(GoldenArray.self, forKey: key).value)
      }
  }
}

/// How two values differ, nil where they agree: float32 within absolute + relative tolerance, NaN
/// with NaN, everything else exactly.
func difference(_ found: Value, _ expected: Value, tolerance: Float) -> String? {
  guard found.type == expected.type, found.shape == expected.shape else {
    return "\(found.type) \(found.shape) instead of \(expected.type) \(expected.shape)"
  }
  guard case .float32(let a) = found, case .float32(let b) = expected else {
    return found == expected ? nil : "\(found) instead of \(expected)"
  }
  for i in 0..<a.count where a[i] != b[i] && !(a[i].isNaN && b[i].isNaN) {
    let isClose = abs(a[i] - b[i]) <= tolerance * (1 + abs(b[i]))
    if !isClose { return "\(a[i]) instead of \(b[i]) at \(i) of \(b.shape)" }
  }
  return nil
}
