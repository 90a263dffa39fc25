import NeuralNet
import TensorCore

/// The functions that a model brings along, by domain, name and overload. A node that is called by one
/// stands for its nodes, with the call's attributes in the places that the function leaves open.
struct ONNXFunctions {
  private let functions: [String: Onnx_FunctionProto]
  /// Functions call functions, not themselves.
  private static let deepest = 32

  init(_ model: Onnx_ModelProto) {
    functions = Dictionary(
      model.functions.map { ("\($0.domain):\($0.name):\($0.overload)", $0) }
    ) { first, _ in first }
  }

  /// Makes a node of a message of the function's under its operator sets.
  typealias Reading = (Onnx_NodeProto, [String: Int]) throws(FormatError) -> Node

  /// What a node that calls a function does; nil for all other nodes.
  /// - Throws: `FormatError` where it calls itself, or its nodes make no graph.
  func body(
    of node: Node, overload: String, depth: Int = 0, in file: String, reading read: Reading
  ) throws(FormatError) -> Body? {
    guard let function = functions["\(node.domain):\(node.opType):\(overload)"] else { return nil }
    guard depth < ONNXFunctions.deepest else {
      throw FormatError(
        file, "node \(node.name)", expected: "functions that come to an end",
        found: "\(node.opType) calling itself")
    }
    var opsets: [String: Int] = [:]
    for opset in function.opsetImport { opsets[opset.domain] = Int(clamping: opset.version) }
    // Inputs that the call leaves out are left out of the nodes that read them.
    let given = function.input.enumerated().filter { place, _ in
      place < node.inputs.count && !node.inputs[place].isEmpty
    }.map(\.element)
    let absent = Set(function.input).subtracting(given)
    var nodes: [Node] = []
    for (index, var proto) in function.node.enumerated() {
      proto.input = proto.input.map { absent.contains($0) ? "" : $0 }
      let open = proto.attribute.filter { !$0.refAttrName.isEmpty }
      proto.attribute.removeAll { !$0.refAttrName.isEmpty }
      for attribute in open {
        let usual = function.attributeProto.first { $0.name == attribute.refAttrName }
        guard var usual, node.attributes[attribute.refAttrName] == nil else { continue }
        usual.name = attribute.name
        proto.attribute.append(usual)
      }
      var made = try read(proto, opsets)
      made.origin = index
      for attribute in open {
        made.attributes[attribute.name] =
          node.attributes[attribute.refAttrName] ?? made.attributes[attribute.name]
      }
      made.function = try body(
        of: made, overload: proto.overload, depth: depth + 1, in: file, reading: read)
      nodes.append(made)
    }
    do {
      return try Body(
        name: function.name,
        inputs: given.map { Graph.Input($0, type: .unsupported, dims: [], hasShape: false) },
        outputs: function.output, nodes: nodes, opsets: opsets)
    } catch {
      throw FormatError(
        file, "node \(node.name)", expected: "a function that makes sense", found: "\(error)")
    }
  }
}
