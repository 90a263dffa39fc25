import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks
import TestSupport

@testable import Formats

/// The built-in model that this program trained itself.
@Suite struct DigitsModelTests {
  private let model: DigitsModel
  private var network: Network { model.network }

  init() throws { model = try DigitsModel() }

  /// What the model takes images `[N,1,28,28]`, 0…1, for.
  private func classes(_ images: Tensor) throws -> [Int] {
    let output = try #require(try model.clean(images).tensor(network.graph.outputs[0]))
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
    #expect(network.writtenDropouts.map { $0.rate?.p } == [0.25, 0.5])
  }

  @Test func knowsTheBuiltInDigits() throws {
    for digit in 0..<10 {
      let image = try DigitsModel.image(digit).reshaped(to: [1, 1, 28, 28])
      #expect(try classes(image) == [digit])
    }
  }

  /// Digits in hands it never saw, drawn by this program: 98 or 99 of a hundred.
  @Test func knowsDigitsDrawnHere() throws {
    let count = try right(SyntheticDigits(count: 400, seed: 77), 0..<400)
    #expect(count >= 380, "\(count) of 400")
  }

  @Test(.enabled(if: Shared.has("data/mnist/train-labels-idx1-ubyte.gz"), "needs ../shared"))
  func knowsImagesHeldOut() throws {
    let set = try LabelledIDX(folder: Shared.path("data/mnist"), prefix: "train")
    let heldOut = HeldOut(count: set.count, heldOut: 10_000, seed: 1).heldOut
    let count = try right(set, heldOut.prefix(1000))
    #expect(count >= 980, "\(count) of 1000")
  }
}
