import FoundationEssentials
import NeuralNet
import SwiftProtobuf

extension ONNXTensorReader {
  /// An attribute of a node. What the program cannot use (subgraphs, sparse tensors, tensors of
  /// text) is kept by name.
  /// - Throws: `FormatError` where a tensor in it makes no sense.
  mutating func attribute(
    _ attribute: Onnx_AttributeProto, of node: String
  ) throws(FormatError) -> Attribute {
    guard attribute.refAttrName.isEmpty else { return .unsupported("reference") }
    switch attribute.kind {
    case .float: return .float(attribute.f)
    case .int: return .int(Int(attribute.i))
    case .string: return .string(String(decoding: attribute.s, as: UTF8.self))
    case .floats: return .floats(attribute.floats)
    case .ints: return .ints(attribute.ints.map { Int($0) })
    case .strings: return .strings(attribute.strings.map { String(decoding: $0, as: UTF8.self) })
    case .tensor:
      let part = "node \(node): attribute \(attribute.name)"
      let value = try value(attribute.t, named: part)
      if case .opaque = value {
        let type = Onnx_TensorProto.DataType(rawValue: Int(attribute.t.dataType))
        let name = type.map { "\($0)".uppercased() } ?? "\(attribute.t.dataType)"
        return .unsupported("\(name) tensor")
      }
      return .tensor(value)
    case .undefined, .graph, .graphs, .tensors, .sparseTensor, .sparseTensors, .typeProto,
      .typeProtos:
      return .unsupported("\(attribute.kind)".uppercased())
    }
  }
}

extension Onnx_AttributeProto {
  /// Whether it is a body.
  var isGraph: Bool { kind == .graph && hasG }

  /// The attribute's type; files older than IR version 2 do not say it, but then only one field is
  /// there.
  fileprivate var kind: AttributeType {
    if hasType, type != .undefined { return type }
    if hasF { return .float }
    if hasI { return .int }
    if hasS { return .string }
    if hasT { return .tensor }
    if hasG { return .graph }
    if !floats.isEmpty { return .floats }
    if !ints.isEmpty { return .ints }
    if !strings.isEmpty { return .strings }
    return .undefined
  }
}
