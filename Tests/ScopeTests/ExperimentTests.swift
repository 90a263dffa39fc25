import Masks
import NeuralNet
import Scope
import Studies
import TensorCore
import TestNetworks
import Testing

@Suite struct ExperimentTests {
  @Test func unknownLayersNameTheNearest() throws {
    let experiment = try Fixture.experiment()
    #expect(throws: GraphError("no layer rleu1 in edges; nearest: relu1, relu2, conv1, image")) {
      try experiment.layer(named: "rleu1")
    }
  }

  @Test func aLayerGoesByNodeOrByOutput() throws {
    let experiment = try Fixture.experiment()
    #expect(try experiment.layer(named: "relu1") == experiment.layer(named: "r1"))
  }

  @Test func aPinnedSiteIsSeenFromBelow() throws {
    let experiment = try Fixture.experiment()
    var setting = Setting(layer: "pooled", pinnedSite: "r1")
    setting.scaling = .none
    let seen = try experiment.observe(setting)
    #expect(!seen.actsHere)
    let expected = zip(seen.clean.elements, seen.mask.kept.elements).map { $1 ? $0 : 0 }
    #expect(seen.dropped.elements == expected)
    #expect(seen.output == seen.dropped)
  }

  @Test func whatLiesBelowAMissingOperatorIsLeftOut() throws {
    let graph = try Graph(
      name: "odd", inputs: [Graph.Input("x", dims: [1, 1, 2, 2])], outputs: ["z"],
      nodes: [
        Node(name: "relu", "Relu", inputs: ["x"], outputs: ["y"]),
        Node(name: "strange", "NoSuchOperator", inputs: ["y"], outputs: ["z"]),
      ])
    let experiment = try Experiment(
      Subject(
        network: Network(graph), input: Tensor([1, 1, 2, 2], [1, -1, 2, 3]), inputName: "x",
        modelName: "odd"))
    #expect(experiment.layers.map(\.name) == ["x", "relu"])
    let problem = try #require(experiment.problem)
    #expect(problem.description.contains("NoSuchOperator"))
    #expect(try experiment.observe(Setting(layer: "y")).output == nil)
  }

  @Test func activationsOfOnesOwnAreShownAsTheyAre() throws {
    let maps = Tensor([1, 3, 2, 2], (0..<12).map { Float($0) - 6 })
    let experiment = try Experiment(Subject(activations: maps, inputName: "acts.npy"))
    let seen = try experiment.observe(Setting(layer: experiment.firstLayer.value, kind: "spatial"))
    #expect(seen.clean == maps)
    #expect(seen.layout == Layout(n: 1, c: 3, h: 2, w: 2))
  }

  @Test func denseLayersAreFoldedIntoAPlane() {
    let plane = Plane(Layout(n: 1, c: 10, h: 1, w: 1), channel: 0)
    #expect((plane.rows, plane.columns) == (1, 10))
    let large = Plane(Layout(n: 1, c: 500, h: 1, w: 1), channel: 0)
    #expect(large.rows * large.columns >= 500)
    #expect(large.offset(y: large.rows - 1, x: large.columns - 1) == nil)
    #expect(Array(large.offsets) == Array(0..<500))
  }

  @Test(arguments: [
    (0.5, ".50"), (0, ".00"), (1, "1.0"), (0.375, ".375"), (0.1234567, ".1235"), (0.05, ".05"),
  ])
  func probabilities(p: Double, text: String) {
    #expect(NumberText.probability(p) == text)
  }

  @Test(
    arguments: [
      (2.318, "2.318"), (0, "0"), (-12.345, "-12.35"), (1e-5, "1.00e-5"), (123456, "123456"),
      (2.5e7, "2.50e7"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    ] as [(Float, String)])
  func values(x: Float, text: String) {
    #expect(NumberText.value(x) == text)
  }

  @Test func layersThatShareANameAreToldApart() throws {
    let graph = try Graph(
      name: "twice", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["z"],
      nodes: [
        Node(name: "same", "Relu", inputs: ["image"], outputs: ["y"]),
        Node(name: "same", "Tanh", inputs: ["y"], outputs: ["z"]),
      ])
    let experiment = try Experiment(
      Subject(
        network: Network(graph), input: SmallNetwork.seven(), inputName: "seven", modelName: "twice"
      ))
    #expect(experiment.layers.map(\.name) == ["image", "same#1", "same#2"])
    #expect(experiment.nodes.map(\.name) == ["image", "same#1", "same#2"])
    #expect(try experiment.layer(named: "same").value == "y")
    #expect(try experiment.layer(named: "same#2").value == "z")
    #expect(try experiment.layer(named: "z").name == "same#2")
    #expect(experiment.warning(ofName: "same")?.contains("taken is same#1") == true)
    for name in ["same#1", "z", "image", "absent"] {
      #expect(experiment.warning(ofName: name) == nil)
    }
    var state = try State(
      experiment, setting: Setting(layer: "y"), size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.openPrompt("layer same"), .submit])
    #expect(state.message == experiment.warning(ofName: "same"))
  }

  @Test func severalInputsAreShownByName() throws {
    let graph = try Graph(
      name: "two",
      inputs: [
        Graph.Input("gain", dims: []), Graph.Input("flag", type: .bool, dims: []),
        Graph.Input("image", dims: [1, 1, 28, 28]),
      ], outputs: ["y"],
      nodes: [
        Node(name: "scaled", "Mul", inputs: ["image", "gain"], outputs: ["s"]),
        Node(name: "chosen", "Where", inputs: ["flag", "s", "image"], outputs: ["y"]),
      ])
    let seven = SmallNetwork.seven()
    let subject = Subject(
      network: Network(graph),
      inputs: [
        "gain": .float32(Tensor(scalar: 3)), "flag": .bool(NDArray(scalar: true)),
        "image": .float32(seven),
      ], shownInput: "image", inputName: "seven", modelName: "two")
    #expect(subject.input == seven)
    let experiment = try Experiment(subject)
    #expect(experiment.layers.map(\.name) == ["image", "scaled", "chosen"])
    #expect(experiment.clean.tensor("y")?.elements == seven.elements.map { 3 * $0 })
    // A kind that acts on the input acts on the one that is shown.
    #expect(experiment.site(of: Setting(layer: "s", kind: "cutout")) == "image")
  }
}
