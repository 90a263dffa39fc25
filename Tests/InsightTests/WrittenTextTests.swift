import Insight
import NeuralNet
import TensorCore
import Testing

/// What is written at each place, and over many masks.
@Suite struct WrittenTextTests {
  private static func network() throws -> Network {
    Network(
      try Graph(
        name: "text", inputs: [.init("x", dims: [1, 3, 2])], outputs: ["y"],
        nodes: [
          Node("Identity", inputs: ["x"], outputs: ["logits"]),
          Node("Softmax", inputs: ["logits"], outputs: ["y"], attributes: ["axis": .int(-1)]),
        ]))
  }

  private static func written(_ values: [Float]) throws -> WrittenText {
    let network = try network()
    let run = try network.run(["x": .float32(Tensor([1, 3, 2], values))])
    return try #require(network.writtenText(run))
  }

  @Test func theLikeliestOfEachPlaceAndAllOfTheLast() throws {
    let text = try Self.written([0, 1, 2, 1, 0, 3])
    #expect(text.tokens == [1, 0, 1])
    #expect(abs(text.last.probabilities[1] - 0.9525741) < 1e-6)
  }

  @Test func masksAreCountedByPlace() throws {
    let clean = try Self.written([0, 1, 2, 1, 0, 3])
    var sums = TextSums(clean: clean)
    sums.add(clean)
    var other = TextSums(clean: clean)
    other.add(try Self.written([1, 0, 2, 1, 0, 3]))
    other.add(try Self.written([1, 0, 1, 2, 0, 0]))
    sums.add(other)
    #expect(sums.count == 3 && sums.same == 1 && sums.sameAt == [1, 2, 2])
    #expect(sums.last.count == 3)
    #expect(abs(sums.last.meanProbabilities[1] - (2 * 0.9525741 + 0.5) / 3) < 1e-6)
  }

  @Test func aVectorOfClassesIsNoText() throws {
    let network = Network(
      try Graph(
        name: "classes", inputs: [.init("x", dims: [1, 3])], outputs: ["y"],
        nodes: [Node("Softmax", inputs: ["x"], outputs: ["y"])]))
    #expect(
      network.writtenText(try network.run(["x": .float32(Tensor([1, 3], [1, 2, 3]))])) == nil)
  }
}
