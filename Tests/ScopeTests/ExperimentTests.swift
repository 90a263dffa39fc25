import Masks
import NeuralNet
import Scope
import TensorCore
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
    #expect(seen.layout == TensorCore.Layout(n: 1, c: 3, h: 2, w: 2))
  }

  @Test func denseLayersAreFoldedIntoAPlane() {
    let plane = Plane(TensorCore.Layout(n: 1, c: 10, h: 1, w: 1), channel: 0)
    #expect((plane.rows, plane.columns) == (1, 10))
    let large = Plane(TensorCore.Layout(n: 1, c: 500, h: 1, w: 1), channel: 0)
    #expect(large.rows * large.columns >= 500)
    #expect(large.offset(y: large.rows - 1, x: large.columns - 1) == nil)
    #expect(large.offsets == 0..<500)
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
}
