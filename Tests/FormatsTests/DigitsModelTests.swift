import Masks
import NeuralNet
import TensorCore
import Testing

@testable import Formats

/// The built-in model that this program trained itself.
@Suite struct DigitsModelTests {
  private let network: Network
  private let mean, deviation: Float

  init() throws {
    let graph = try #require(try BuiltIns.model("digits"))
    network = Network(graph)
    let numbers = try #require(graph.metadata["normalize"]).split(separator: ",").map { Float($0)! }
    (mean, deviation) = (numbers[0], numbers[1])
  }

  /// What the model takes images `[N,1,28,28]`, 0…1, for.
  private func classes(_ images: Tensor) throws -> [Int] {
    let input = images.map { ($0 - mean) / deviation }
    let run = try network.run([network.graph.inputs[0].name: .float32(input)])
    let output = try #require(run.tensor(network.graph.outputs[0]))
    return (0..<images.shape[0]).map { row in
      (0..<10).max { output[row * 10 + $0] < output[row * 10 + $1] }!
    }
  }

  private func right(_ set: some LabelledImages, _ indices: some Sequence<Int>) throws -> Int {
    let indices = Array(indices)
    return zip(try classes(set.images(indices)), set.labels(indices)).count { $0 == $1 }
  }

  @Test func isSmallAndSaysWhereItComesFrom() throws {
    #expect(BuiltIns.bytes("digits.onnx").count < 1 << 20)
    let metadata = network.graph.metadata
    for key in ["recipe", "seed", "accuracy", "data_held_out"] { #expect(metadata[key] != nil) }
    #expect(
      metadata["data_sha256 train-images-idx3-ubyte.gz"]
        == "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609")
    #expect(network.ownDropouts.map { $0.rate?.p } == [0.25, 0.5])
  }

  @Test func knowsTheBuiltInDigits() throws {
    for (digit, name) in BuiltIns.digitNames.enumerated() {
      let image = try #require(try BuiltIns.digit(name)).tensor
      #expect(try classes(try image.reshaped(to: [1, 1, 28, 28])) == [digit], "\(name)")
    }
  }

  /// Digits in hands it never saw, drawn by this program: 98 or 99 of a hundred.
  @Test func knowsDigitsDrawnHere() throws {
    let count = try right(SyntheticDigits(count: 400, seed: 77), 0..<400)
    #expect(count >= 380, "\(count) of 400")
  }

  @Test(.enabled(if: Folder.hasShared("data/mnist/train-labels-idx1-ubyte.gz"), "needs ../shared"))
  func knowsImagesHeldOut() throws {
    let set = try LabelledIDX(folder: "\(Folder.shared)/data/mnist", prefix: "train")
    let heldOut = HeldOut(count: set.count, heldOut: 10_000, seed: 1).heldOut
    let count = try right(set, heldOut.prefix(1000))
    #expect(count >= 980, "\(count) of 1000")
  }
}
