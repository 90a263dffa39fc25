import Insight
import NeuralNet
import TensorCore
import Testing
import TestNetworks

/// Maps read as places, and masks of them added up.
@Suite struct SegmentationTests {
  private static func network(_ last: [Node], channels: Int) throws -> Network {
    Network(
      try Graph(
        name: "maps", inputs: [.init("x", dims: [1, channels, 2, 2])],
        outputs: [last.last?.outputs[0] ?? "x"], nodes: last))
  }

  private static func said(_ nodes: [Node], _ values: [Float]) throws -> Segmentation? {
    let network = try network(nodes, channels: values.count / 4)
    let run = try network.run(["x": .float32(Tensor([1, values.count / 4, 2, 2], values))])
    return network.segmentation(run)
  }

  private static func near(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  @Test func oneMapIsAProbabilityOrItsLogit() throws {
    let logits: [Float] = [-1, 0, 1, 2]
    let expected: [Float] = [0.26894143, 0.5, 0.7310586, 0.880797]
    let sigmoid = Node("Sigmoid", inputs: ["x"], outputs: ["y"])
    let probable = try #require(try Self.said([sigmoid], logits))
    #expect(Self.near(probable.probabilities, expected))
    #expect(probable.found == [false, false, true, true])
    let sum = Node("Add", inputs: ["x", "x"], outputs: ["y"])
    let open = try #require(try Self.said([sum], logits.map { $0 / 2 }))
    #expect(Self.near(open.probabilities, expected))
  }

  /// Class 0 is the background.
  @Test func ofSeveralMapsAllButTheFirstAreLookedFor() throws {
    let values: [Float] = [0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3]
    let softmax = Node(
      "Softmax", inputs: ["x"], outputs: ["y"], attributes: ["axis": .int(1)])
    let sum = Node("Add", inputs: ["x", "zero"], outputs: ["y"])
    let made = try #require(try Self.said([softmax], values)).probabilities
    // 1 − e^a/(e^a + e^b + e^c) by hand.
    #expect(Self.near(made, [2 / 3, 0.2130139, 0.7880584, 0.9547214]), "\(made)")
    let zero = Node(
      "Constant", inputs: [], outputs: ["zero"], attributes: ["value_float": .float(0)])
    #expect(Self.near(try #require(try Self.said([zero, sum], values)).probabilities, made))
  }

  @Test func whatIsNoMapSaysNothing() throws {
    #expect(try Self.said([Node("Relu", inputs: ["x"], outputs: ["y"])], [1, 2, 3, 4]) == nil)
    let flat = Node("Flatten", inputs: ["x"], outputs: ["f"])
    let sigmoid = Node("Sigmoid", inputs: ["f"], outputs: ["y"])
    #expect(try Self.said([flat, sigmoid], [1, 2, 3, 4]) == nil)
  }

  private static func map(_ values: [Float]) -> Segmentation {
    Segmentation(rows: 2, columns: values.count / 2, probabilities: values)
  }

  @Test func sumsGiveMeanVarianceAndOverlap() throws {
    let truth = [true, true, false, false]
    var sums = SegmentationSums(clean: Self.map([1, 1, 0, 0]), truth: truth)
    #expect(sums.mean == sums.clean && sums.meanDice == nil && sums.errorsWhereUncertain == nil)
    sums.add(Self.map([1, 0.2, 0, 0]))
    var other = SegmentationSums(clean: sums.clean, truth: truth)
    other.add(Self.map([1, 0.4, 0.9, 0]))
    sums.add(other)
    #expect(Self.near(sums.mean.probabilities, [1, 0.3, 0.45, 0]))
    // ((.2−.3)² + (.4−.3)²)/1 and 2·.45².
    #expect(Self.near(sums.variances, [0, 0.02, 0.405, 0]))
    // 2·1/(1+2) and 2·1/(2+2).
    let dice = try #require(sums.meanDice)
    #expect(abs(dice.mean - (2 / 3.0 + 0.5) / 2) < 1e-12)
    #expect(abs(dice.deviation - (2 / 3.0 - 0.5) / 2) < 1e-12)
    #expect(sums.dice(sums.clean) == 1)
    // The one place where the mean is wrong is not the one that varies most.
    #expect(sums.errorsWhereUncertain == Share(0, of: 1))
    #expect(SegmentationSums(clean: sums.clean, truth: [true]).truth == nil)
  }
}
