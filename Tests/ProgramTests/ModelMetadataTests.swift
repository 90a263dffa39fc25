import NeuralNet
import Studies
import TensorCore
import Testing

@testable import Program

/// What models say of their classes and images in their metadata.
@Suite struct ModelMetadataTests {
  private static func metadata(_ entries: [String: String]) throws -> ModelMetadata {
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [1, 2])], outputs: ["y"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])], metadata: entries)
    return ModelMetadata(graph: graph, modelName: "m")
  }

  @Test(
    arguments: [
      ("names", "{0: 'cat', 1: 'a dog', 2: \"it's\"}", ["cat", "a dog", "it's"]),
      ("id2label", #"{"1": "dog", "0": "a \"cat\""}"#, [#"a "cat""#, "dog"]),
      ("labels", #"["cat", "dog"]"#, ["cat", "dog"]),
      ("classes", "cat, dog,bird", ["cat", "dog", "bird"]),
      ("class_names", "0 cat\n1 dog\n", ["cat", "dog"]),
      ("class_labels", "cat\ndog", ["cat", "dog"]),
      ("labels", "cat", nil), ("names", "{0: 'cat', 2: 'dog'}", nil), ("names", "{'cat'}", nil),
      ("labels", "", nil), ("other", "cat, dog", nil),
    ] as [(String, String, [String]?)])
  func namesOfClasses(key: String, text: String, names: [String]?) throws {
    #expect(try Self.metadata([key: text]).classNames == names)
  }

  @Test func normalisation() throws {
    func text(_ entries: [String: String]) throws -> String? {
      try Self.metadata(entries).normalization?.text
    }
    #expect(try text(["normalize": "0.1,0.2"]) == "0.1,0.2")
    #expect(
      try text(["mean": "[0.5, 0.25, 0.125]", "std": "(0.5, 1, 2)"]) == "0.5,0.25,0.125,0.5,1.0,2.0"
    )
    // Of bytes.
    #expect(try text(["image_mean": "127.5", "image_std": "51"]) == "0.5,0.2")
    #expect(try text(["mean": "[0.5, 0.25]", "std": "1"]) == nil)
    #expect(try text(["mean": "average", "std": "1"]) == nil)
    #expect(try text(["std": "1"]) == nil)
    let wide = try Normalization("imagenet", channels: 3, from: "--normalize")
    #expect(wide.means == [0.485, 0.456, 0.406] && wide.deviations == [0.229, 0.224, 0.225])
  }

  /// A network of a thousand classes that reads its picture as it is; `nodes` stand in front of it.
  private static func subject(
    _ nodes: [Node] = [], classes: Int = 1000, entries: [String: String] = [:]
  ) throws -> Subject {
    let last = nodes.last?.outputs[0] ?? "x"
    let constants: [String: Value] = [
      "w": .float32(Tensor([classes, 3, 2, 2], repeating: 0)),
      "half": .float32(Tensor(scalar: 0.5)),
      "shape": .int64(NDArray([2], [1, Int64(classes)])),
    ]
    let graph = try Graph(
      name: "g", inputs: [.init("x", dims: [1, 3, 2, 2])], outputs: ["y"], constants: constants,
      nodes: nodes + [
        Node("Conv", inputs: [last, "w"], outputs: ["c"]),
        Node("Reshape", inputs: ["c", "shape"], outputs: ["y"]),
      ], metadata: entries)
    let network = Network(graph)
    var subject = Subject(
      network: network, inputs: ["x": .float32(Tensor([1, 3, 2, 2], repeating: 0))],
      shownInput: "x", repeats: 1, inputName: "picture", modelName: "m", arguments: [], note: nil,
      label: nil)
    subject.take(ModelMetadata(graph: graph, modelName: "m"), picture: graph.inputs[0])
    return subject
  }

  @Test func networksOfImageNetSayWhatTheyWant() throws {
    let note = "networks of ImageNet want --normalize imagenet as a rule"
    #expect(try Self.subject().note == note)
    // Other classes, or a normalisation of the network's own.
    #expect(try Self.subject(classes: 10).note == nil)
    #expect(
      try Self.subject([Node("Sub", inputs: ["x", "half"], outputs: ["s"])]).note == nil)
    #expect(
      try Self.subject([
        Node("Cast", inputs: ["x"], outputs: ["s"], attributes: ["to": .int(1)])
      ]).note == note)
  }

  /// As many names as there are classes.
  @Test func namesAreTakenWhereTheyFit() throws {
    #expect(
      try Self.subject(classes: 2, entries: ["labels": "cat,dog"]).classNames == ["cat", "dog"])
    #expect(try Self.subject(classes: 3, entries: ["labels": "cat,dog"]).classNames.isEmpty)
  }
}
