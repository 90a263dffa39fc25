import NeuralNet
import TensorCore
import TestSupport
import Testing

/// Operators of other domains, which run as bodies of ONNX's own, against onnxruntime (make_expanded.py).
@Suite struct ExpandedTests {
  struct Case: Decodable {
    let domain: String
    let op: String
    let attributes: [String: GoldenAttribute]
    let inputs: [GoldenArray?]
    let outputs: [GoldenArray]
  }

  private static let cases = Result { try Golden.json("expanded.json", as: [Case].self) }

  private static func graph(
    _ domain: String, _ op: String, _ inputs: [Value?], outputs: Int,
    _ attributes: [String: Attribute]
  ) throws -> Graph {
    let names = inputs.indices.map { inputs[$0] == nil ? "" : "x\($0)" }
    return try Graph(
      name: "g",
      inputs: zip(names, inputs).compactMap { name, value in
        value.map { Graph.Input(name, type: $0.type, dims: $0.shape.dims.map { $0 }) }
      },
      outputs: ["y0"],
      nodes: [
        Node(
          op, domain: domain, inputs: names, outputs: (0..<outputs).map { "y\($0)" },
          attributes: attributes)
      ], opsets: ["": 17].merging([domain: 1]) { own, _ in own })
  }

  @Test func eachIsWhatOnnxruntimeMakes() throws {
    for golden in try Self.cases.get() {
      let values = golden.inputs.map { $0?.value }
      let graph = try Self.graph(
        golden.domain, golden.op, values, outputs: golden.outputs.count,
        golden.attributes.mapValues(\.attribute))
      let given = values.enumerated().compactMap { index, value in value.map { ("x\(index)", $0) } }
      let run = try Network(graph).run(
        Dictionary(uniqueKeysWithValues: given), wanted: golden.outputs.indices.map { "y\($0)" })
      // A quantised number may be rounded to its neighbour, for the sums before it are others.
      let isQuantised = golden.op.hasPrefix("Q")
      // Inputs that onnxruntime makes bytes of.
      let tolerance: Float = golden.op.hasPrefix("DynamicQuantize") ? 0.02 : 1e-5
      for (index, expected) in golden.outputs.enumerated() {
        let found = try #require(run["y\(index)"], "\(golden.op)")
        #expect(found.type == expected.value.type, "\(golden.op)")
        #expect(found.shape == expected.value.shape, "\(golden.op)")
        let pair = (try #require(found.floats), try #require(expected.value.floats))
        for (a, b) in zip(pair.0.elements, pair.1.elements) {
          let most = isQuantised && found.type != .float32 ? 1 : tolerance * (1 + abs(b))
          #expect(abs(a - b) <= most || a.isNaN && b.isNaN, "\(golden.op): \(a) instead of \(b)")
        }
      }
    }
  }

  @Test func eachHasACase() throws {
    let tried = Set(try Self.cases.get().map { "\($0.domain).\($0.op)" })
    #expect(
      OperatorRegistry.expanded.filter { !tried.contains($0) && !$0.hasSuffix("ZipMap") } == [])
  }

  /// A tree whose only branching node is led to by both of its own branches.
  private static let loop: [String: Attribute] = [
    "nodes_treeids": .ints([0]), "nodes_nodeids": .ints([0]), "nodes_featureids": .ints([0]),
    "nodes_values": .floats([0]), "nodes_modes": .strings(["BRANCH_LEQ"]),
    "nodes_truenodeids": .ints([0]), "nodes_falsenodeids": .ints([0]),
  ]

  @Test(
    arguments: [
      (
        "ai.onnx.ml", "LinearClassifier", ["coefficients": .floats([1])],
        "LinearClassifier: expected classes, found none"
      ),
      (
        "ai.onnx.ml", "Normalizer", ["norm": .string("L3")],
        "Normalizer norm: expected MAX, L1 or L2, found L3"
      ),
      (
        "ai.onnx.ml", "LabelEncoder", [:], "LabelEncoder: expected keys and values that are numbers"
      ),
      (
        "com.microsoft", "FusedMatMul", ["transBatchA": .int(1)],
        "FusedMatMul: expected no transBatchA, found one"
      ),
      (
        "ai.onnx.ml", "SVMClassifier", ["classlabels_ints": .ints([1])],
        "SVMClassifier: expected two classes or more, found 1"
      ),
      (
        "ai.onnx.ml", "SVMClassifier",
        [
          "classlabels_ints": .ints([1, 2]), "vectors_per_class": .ints([1, 1]),
          "support_vectors": .floats([1, 2, 3, 4]), "coefficients": .floats([1]),
        ],
        "SVMClassifier: expected 1 coefficients for each of 2 vectors of 2 classes, and a rho for each of "
          + "1 pairs, found 1 of 2, and 0"
      ),
      (
        "ai.onnx.ml", "SVMRegressor",
        ["coefficients": .floats([1]), "n_supports": .int(1), "rho": .floats([0])],
        "SVMRegressor: expected support_vectors for 1, found 0 numbers"
      ),
      (
        "ai.onnx.ml", "SVMRegressor", ["coefficients": .floats([1, 2, 3]), "rho": .floats([0])],
        "SVMRegressor: expected [N,3], found float32 [1,2]"
      ),
      (
        "ai.onnx.ml", "TreeEnsembleRegressor", ["aggregate_function": .string("MEAN")],
        "TreeEnsembleRegressor: expected AVERAGE, SUM, MIN, MAX, found MEAN"
      ),
      (
        "ai.onnx.ml", "TreeEnsembleRegressor", loop,
        "TreeEnsembleRegressor: expected one way to node 0, found two"
      ),
      (
        "com.microsoft", "Unknown", [:], "operator com.microsoft.Unknown (opset 1) is not supported"
      ),
    ] as [(String, String, [String: Attribute], String)])
  func whatCannotBeSaysSo(
    domain: String, op: String, attributes: [String: Attribute], message: String
  ) throws {
    let x = Value.float32(Tensor([1, 2], [1, 2]))
    let network = Network(try Self.graph(domain, op, [x], outputs: 1, attributes))
    let error = #expect(throws: GraphError.self) { try network.run(["x0": x]) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  /// A classifier's maps are its numbers.
  @Test func maps() throws {
    let x = Value.float32(Tensor([1, 2], [0.25, 0.75]))
    let graph = try Self.graph(
      "ai.onnx.ml", "ZipMap", [x], outputs: 1, ["classlabels_int64s": .ints([0, 1])])
    #expect(try Network(graph).run(["x0": x])["y0"] == x)
  }

  /// Dropout is put where it would be if the nodes stood one by one: what a body does at last says what its node
  /// is for.
  @Test func placesAreThoseOfWhatBodiesDo() throws {
    let numbers = Value.float32(Tensor([4], repeating: 1))
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [2, 3, 4])], outputs: ["y"],
      constants: [
        "w": .float32(Tensor([4, 4], repeating: 1)), "w3": .float32(Tensor([4, 12], repeating: 1)),
        "v": numbers,
      ],
      nodes: [
        Node(
          "Attention", domain: "com.microsoft", inputs: ["x", "w3"], outputs: ["a"],
          attributes: ["num_heads": .int(2)]),
        Node(
          "SkipLayerNormalization", domain: "com.microsoft", inputs: ["a", "x", "v"], outputs: ["n"]
        ),
        Node("MatMul", inputs: ["n", "w"], outputs: ["d"]),
        Node("BiasGelu", domain: "com.microsoft", inputs: ["d", "v"], outputs: ["g"]),
        Node("MatMul", inputs: ["g", "w"], outputs: ["y"]),
      ], opsets: ["": 17, "com.microsoft": 1])
    let places = Network(graph).sensibleSites.map { "\($0.value): \($0.places.map(\.rawValue))" }
    #expect(
      places == [
        #"x: ["input"]"#, #"n: ["between dense", "after norm"]"#,
        #"g: ["before output", "after activation"]"#,
      ], "\(places)")
  }
}
