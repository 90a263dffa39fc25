import NeuralNet
import TensorCore
import Testing
import TestSupport

/// What operators declare of themselves against ONNX's own schemas (Tests/Golden/make_schemas.py).
struct SchemaTests {
  /// One version of an operator, as ONNX declares it.
  struct Version: Decodable {
    let since: Int
    let attributes: [String: Attribute]
    let inputs: [Input]
    let least_inputs: Int
    let most_inputs: Int?
    let most_outputs: Int?

    struct Attribute: Decodable {
      let kind: String
      let required: Bool
    }

    struct Input: Decodable {
      let types: [String]
      let option: String
    }
  }

  static let opTypes = OperatorRegistry.standard.all.map { $0.opType }
  static let golden = Result { try Golden.json("schemas.json") as [String: [Version]] }

  @Test(arguments: opTypes) func isWhatONNXDeclares(_ opType: String) throws {
    let versions = try #require(try Self.golden.get()[opType])
    let type = try #require(OperatorRegistry.standard.all.first { $0.opType == opType })
    let schema = type.schema
    #expect(schema.since == versions[0].since)
    // Each version at its first operator set and at the last before the next.
    for (index, version) in versions.enumerated() {
      let last = index + 1 < versions.count ? versions[index + 1].since - 1 : version.since + 3
      for opset in Set([version.since, last]) { try compare(schema, version, opset: opset) }
    }
  }

  private func compare(_ schema: OperatorSchema, _ version: Version, opset: Int) throws {
    let attributes = schema.attributes(opset: opset)
    #expect(attributes.keys.sorted() == version.attributes.keys.sorted(), "opset \(opset)")
    for (name, wanted) in version.attributes {
      let own = try #require(attributes[name], "\(name), opset \(opset)")
      #expect(own.kind.rawValue == wanted.kind, "\(name), opset \(opset)")
      #expect(own.isRequired == wanted.required, "\(name), opset \(opset)")
    }
    let most = version.most_inputs ?? .max
    #expect(schema.inputCounts(opset: opset) == version.least_inputs...most, "opset \(opset)")
    #expect(schema.mostOutputs(opset: opset) == version.most_outputs ?? .max, "opset \(opset)")
    for (index, wanted) in version.inputs.enumerated() {
      let own = try #require(schema.input(index, opset: opset), "input \(index), opset \(opset)")
      let types = own.types(opset: opset).types.map(\.rawValue).sorted()
      // An input that may be no tensor at all has no types that are told apart.
      #expect(wanted.types.isEmpty || types == wanted.types, "input \(index), opset \(opset)")
      #expect(
        own.isOptional(opset: opset) == (wanted.option == "optional"),
        "input \(index), opset \(opset)")
    }
  }
}
