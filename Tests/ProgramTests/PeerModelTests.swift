import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// Networks that others trained must open and classify MNIST's digits as well here as there.
@Suite(
  .enabled(if: Shared.has("data/models") && Shared.has("data/mnist"), "needs models and MNIST"))
struct PeerModelTests {
  /// The first images of MNIST's training set and their labels.
  private static func digits(_ count: Int) throws -> (images: Tensor, labels: [Int]) {
    func items(_ name: String) throws -> Tensor {
      let path = Shared.path("data/mnist/\(name).gz")
      let bytes = try Gzip.inflate(FileBytes.read(path), named: path)
      return try IDX(bytes, named: path).items(0..<count)
    }
    let labels = try items("train-labels-idx1-ubyte").elements.map { Int($0) }
    return (try items("train-images-idx3-ubyte"), labels)
  }

  /// The right answers among `count` images, each scaled to 0…1 and normalised.
  private func correct(_ model: String, mean: Float, deviation: Float, count: Int) throws -> Int {
    let network = Network(try ONNXReader.graph(at: Shared.path("data/models/\(model)")))
    let input = try #require(network.graph.inputs.first)
    let output = try #require(network.graph.outputs.first)
    let (images, labels) = try Self.digits(count)
    var right = 0
    for index in 0..<count {
      let pixels = images.elements[index * 784..<(index + 1) * 784]
      let image = Tensor([1, 1, 28, 28], pixels.map { ($0 / 255 - mean) / deviation })
      let run = try network.run([input.name: .float32(image)])
      let scores = try #require(run.tensor(output))
      let best = (0..<10).max { scores[$0] < scores[$1] }
      if best == labels[index] { right += 1 }
    }
    return right
  }

  @Test func burn() throws {
    let right = try correct(
      "burn_mnist_with_dropout.onnx", mean: 0.1307, deviation: 0.3081, count: 2000)
    print("burn_mnist_with_dropout.onnx: \(right) of 2000 right")
    #expect(right >= 1970)
  }

  @Test func cntk() throws {
    let right = try correct("cntk_mnist-8.onnx", mean: 0, deviation: 1, count: 2000)
    print("cntk_mnist-8.onnx: \(right) of 2000 right")
    #expect(right >= 1965)
  }

  @Test(arguments: ["burn_mnist_with_dropout.onnx", "cntk_mnist-8.onnx"])
  func infoListsThem(model: String) throws {
    let result = try Program.run("info", Shared.path("data/models/\(model)"))
    #expect(result.status == 0, "\(result.err)")
    #expect(result.out.contains("Conv"))
    #expect(!result.out.contains("not supported"), "\(result.out)")
    #expect(!result.out.contains("problem"), "\(result.out)")
    if model.hasPrefix("burn") { #expect(result.out.contains("ratio 0.3"), "\(result.out)") }
  }

  @Test func theirOwnDigitsAreShown() throws {
    let result = try Program.run(
      "export", Shared.path("data/mnist/train-images-idx3-ubyte.gz"), "--model", "edges", "--index",
      "5000", "--stage",
      "input", "-o", "-")
    #expect(result.status == 0, "\(result.err)")
    let shown = try CSV.tensor(from: Array(result.out.utf8), named: "input")
    // Item 5000 is the digit of the spreadsheet.
    let sheet = Shared.path("reference/spreadsheet/input.csv")
    let expected = try CSV.tensor(from: FileBytes.read(sheet), named: sheet)
    let difference = zip(shown.elements, expected.elements).map { abs($0 - $1) }.max() ?? 1
    #expect(difference < 1e-6)
  }
}
