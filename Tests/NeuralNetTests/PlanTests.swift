import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

struct PlanTests {
  @Test(
    "a predictor gives what a run of the network gives", arguments: RecipeRegistry.all.map(\.name))
  func recipes(name: String) throws {
    let recipe = try #require(RecipeRegistry.recipe(name))
    let graph = try recipe.graph(seed: 2)
    let shape = Shape([2] + recipe.inputShape)
    let uniforms = Tensor(shape) { RandomStream(seed: 1).fillUniforms($0) }
    let x: Value =
      recipe.inputType == .float32
      ? .float32(uniforms) : .int64(NDArray(shape, uniforms.elements.map { Int64($0 * 3) }))
    let run = try Network(graph).run([graph.inputs[0].name: x])
    let expected = try #require(run.tensor(graph.outputs[0]))
    #expect(expected.shape[0] == 2)
    let each = Array(expected.shape.dims.dropFirst())
    #expect(recipe.reconstructs ? each == recipe.inputShape : each.contains(recipe.classes))
    let found = try Plan(predicting: graph).output(for: [x])
    for (a, b) in zip(found.elements, expected.elements) {
      #expect(abs(a - b) < 1e-4 * (1 + abs(b)))
    }
  }

  @Test("an input it does not take is refused")
  func shape() throws {
    let plan = try Plan(predicting: SmallNetwork.trainable())
    let error = #expect(throws: GraphError.self) { try plan.output(for: Tensor([2], [1, 2])) }
    #expect(error?.description == "input input: expected float32 [?,1,8,8], found float32 [2]")
  }

  @Test(
    "a Dropout whose mask somebody reads, an output that is read on, an input that is the output")
  func awkward() throws {
    let x = Tensor([1, 3], [1, -2, 3])
    func predict(_ output: String, _ nodes: [Node]) throws -> [Float] {
      let graph = try Graph(
        name: "g", inputs: [.init("x", dims: [nil, 3])], outputs: [output], nodes: nodes,
        opsets: ["": 7])
      return try Plan(predicting: graph).output(for: x).elements
    }
    let drop = Node("Dropout", inputs: ["x"], outputs: ["d", "mask"])
    #expect(
      try predict("y", [drop, Node("Mul", inputs: ["d", "mask"], outputs: ["y"])]) == x.elements)
    #expect(
      try predict(
        "y",
        [
          Node("Relu", inputs: ["x"], outputs: ["y"]), Node("Neg", inputs: ["y"], outputs: ["z"]),
        ]) == [1, 0, 3])
    #expect(try predict("y", [Node("Identity", inputs: ["x"], outputs: ["y"])]) == x.elements)
  }
}
