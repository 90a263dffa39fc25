import NeuralNet
import TensorCore
import Studies
import Testing

@testable import Program

extension Recipe {
  /// Two layers and a dropout: a recipe that only this file knows.
  fileprivate static let tiny = Recipe(
    name: "tiny", summary: "dense 4, dropout .5, dense 3", source: "this test",
    inputShape: [1, 2, 2], classes: 3, optimizer: SGD(learningRate: 0.1), batchSize: 8, epochs: 2,
    graph: { net in
      net.flatten()
      net.dense(4)
      net.relu()
      net.dropout(0.5)
      net.dense(3)
    })
}

/// A recipe is one file and one line: here both are the test's own.
@Suite struct RecipeFromOutsideTests {
  @Test func trainAndListingsKnowIt() throws {
    try RecipeRegistry.$added.withValue([.tiny]) {
      var settings = TrainSettings(["model": "tiny"])
      let plan = try TrainingPlan(&settings)
      #expect(plan.epochs == 2 && plan.batch == 8)
      #expect(plan.graph.nodes.map(\.opType) == ["Flatten", "Gemm", "Relu", "Dropout", "Gemm"])
      #expect(try Listing(.recipes).lines.last?.hasPrefix("tiny") == true)
      var wrong = TrainSettings(["model": "tinny"])
      let failure = #expect(throws: Failure.self) { try TrainingPlan(&wrong) }
      #expect("\(try #require(failure))".contains("nearest: tiny"))
      #expect(MadeText.recipes.text.contains("tiny"))
    }
    #expect(RecipeRegistry.recipe("tiny") == nil)
  }
}
