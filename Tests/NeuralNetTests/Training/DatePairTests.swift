import Foundation
import Masks
import NeuralNet
import TensorCore
import Testing

/// Dates as people write them beside ISO 8601.
@Suite struct DatePairTests {
  /// Every day once, before any comes again, and as Foundation's calendar has them.
  @Test func everyDayOnce() throws {
    let pairs = DatePairs(count: 36_525, seed: 3)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var seen: Set<String> = []
    for index in 0..<pairs.count {
      let date = pairs.date(index)
      #expect(seen.insert(date.iso).inserted)
      guard index % 50 == 0 else { continue }
      let parts = DateComponents(year: date.year, month: date.month, day: date.day)
      let found = try #require(calendar.date(from: parts))
      let back = calendar.dateComponents([.year, .month, .day, .weekday], from: found)
      #expect(back.year == date.year && back.month == date.month && back.day == date.day)
      // Foundation's week begins with Sunday, 1.
      #expect(back.weekday == (date.weekday + 1) % 7 + 1)
    }
    #expect(seen.min() == "1950-01-01" && seen.max() == "2049-12-31")
  }

  @Test func textsFitAndAreRead() throws {
    let pairs = DatePairs(count: 2000, seed: 4)
    var forms: Set<String> = []
    for index in 0..<pairs.count {
      let text = pairs.text(index)
      #expect(text.count <= DatePairs.longest, "\(text)")
      _ = try DatePairs.letters.tokens(of: text)
      // What tells a letter is in the text, and the year's digits are its own.
      let told = try #require(DatePairs.alignment(of: text, to: pairs.date(index).iso))
      let (letters, iso) = (Array(text), Array(pairs.date(index).iso))
      for place in [2, 3] {
        let tellers = try #require(told[place])
        #expect(tellers.map { letters[$0] } == [iso[place]], "\(text)")
      }
      forms.insert(String(text.map { $0.isNumber ? "0" : $0.isLetter ? "a" : $0 }))
    }
    #expect(forms.count > 100)
  }

  @Test func alignmentIsKnown() throws {
    let told = try #require(DatePairs.alignment(of: "3rd of May 2017", to: "2017-05-03"))
    #expect(told[0] == [11] && told[3] == [14])
    #expect(told[4] == nil && told[7] == nil)
    #expect(told[5] == [7, 8, 9] && told[8] == [0, 1, 2])
    #expect(DatePairs.alignment(of: "3rd of May 2017", to: "2017-05-04") == nil)
    #expect(DatePairs.alignment(of: "3rd of May 2017", to: "2017-13-04") == nil)
    let short = try #require(DatePairs.alignment(of: "4 jul. '76", to: "1976-07-04"))
    #expect(short[0] == [8, 9] && short[2] == [8])
  }

  @Test func aBatchIsFilledUpBehind() throws {
    let pairs = DatePairs(count: 10, seed: 1)
    let batch = try pairs.batch([0, 1, 2])
    guard case .int64(let tokens) = batch.inputs[0] else {
      Issue.record("no tokens")
      return
    }
    let longest = [0, 1, 2].map { pairs.text($0).count }.max() ?? 0
    #expect(tokens.shape == [3, longest])
    for row in 0..<3 {
      let own = tokens.elements[row * longest..<(row + 1) * longest].map { Int($0) }
      let text = pairs.text(row)
      #expect(DatePairs.letters.text(of: own) == text)
      #expect(own.dropFirst(text.count).allSatisfy { $0 == 0 })
    }
  }
}

@Suite struct BahdanauTests {
  private func run(_ graph: Graph, _ tokens: [Int64]) throws -> Tensor {
    let value = Value.int64(NDArray([1, tokens.count], tokens))
    return try #require(try Network(graph).run(["tokens": value]).tensor(graph.outputs[0]))
  }

  /// What stands behind the end of a text is neither read nor looked at.
  @Test func paddingChangesNoBit() throws {
    let graph = try #require(RecipeRegistry.recipe("bahdanau")).graph(seed: 4)
    let tokens = try DatePairs.letters.tokens(of: "3rd of may 2017")
    let padded = tokens + [Int64](repeating: 0, count: 15)
    #expect(try run(graph, tokens) == run(graph, padded))
  }

  @Test func itLearns() throws {
    let recipe = try #require(RecipeRegistry.recipe("bahdanau"))
    var trainer = try recipe.trainer(seed: 1)
    let samples = DatePairs(count: 2000, seed: 5)
    var losses: [Double] = []
    for step in 0..<40 {
      losses.append(try trainer.step(samples.batch(Array(step * 32..<(step + 1) * 32))).loss)
    }
    #expect(losses[0] > 2.2, "\(losses[0])")
    #expect(losses.suffix(5).reduce(0, +) / 5 < 1.85, "\(losses)")
  }

  @Test func gradientsThroughAllSteps() throws {
    let trainer = try #require(RecipeRegistry.recipe("bahdanau")).trainer(seed: 2)
    let batch = try DatePairs(count: 10, seed: 2).batch([0, 1])
    let gradients = try trainer.gradients(batch).gradients
    for name in [
      "attention.v", "attention.W", "attention.U", "decoder.R", "decoder.W", "encoder.R",
      "bridge.weight", "output.weight", "decoder.embedding", "embedding1.weight",
    ] {
      let gradient = try #require(gradients[name], "\(name)")
      let i = (0..<gradient.count).max { abs(gradient[$0]) < abs(gradient[$1]) } ?? 0
      let slope = try Small.slope(trainer, name, i, batch)
      #expect(abs(slope - Double(gradient[i])) < 2e-3 * (1 + abs(slope)), "\(name) \(i)")
    }
  }

  @Test func sitesHaveTheirTargets() throws {
    let network = Network(try #require(RecipeRegistry.recipe("bahdanau")).graph(seed: 1))
    #expect(network.sites(for: .attention) == (1...10).map { "attention\($0)" })
    #expect(network.sites(for: .embedding).first == "embedding1")
    #expect(network.sites(for: .recurrentWeights).count == 11)
  }
}
