import TensorCore
import Testing

@testable import NeuralNet

@Suite struct BracketTests {
  @Test func classesAreWhatTheySay() {
    let set = BracketSequences(count: 400, seed: 5)
    var rows = Set<[Int64]>()
    for index in 0..<400 {
      let tokens = set.tokens(index)
      #expect(tokens.count == 24 && BracketSequences.isBalanced(tokens) == (index % 2 == 1))
      #expect(tokens.count { $0 == 1 } == tokens.count { $0 == 2 }, "counting is not enough")
      #expect(tokens.drop { $0 == 0 }.allSatisfy { $0 > 0 }, "nothing but before them")
      rows.insert(tokens)
    }
    #expect(rows.count > 340)
    #expect(BracketSequences(count: 400, seed: 6).tokens(1) != set.tokens(1))
  }

  /// A few hundred sequences by heart: embedding, recurrent layer and head all learn.
  @Test(arguments: ["lstm-brackets", "gru-brackets"]) func aRecurrentNetworkLearns(
    name: String
  ) throws {
    let recipe = try #require(RecipeRegistry.recipe(name))
    let set = BracketSequences(count: 64, seed: 1)
    let batch = set.batch(Array(0..<64))
    var trainer = try recipe.trainer(seed: 1)
    #expect(trainer.weights.count == 6, "\(trainer.weights.keys.sorted())")
    let before = trainer.weights
    for _ in 0..<150 { _ = try trainer.step(batch) }
    let after = try trainer.evaluate([batch])
    #expect(after.accuracy > 0.9, "\(after)")
    for (name, weights) in trainer.weights { #expect(weights != before[name], "\(name)") }
  }
}
