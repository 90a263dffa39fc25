import Formats
package import NeuralNet
package import TensorCore

/// The built-in model `digits`, and images as it wants them.
package struct DigitsModel {
  /// The model.
  package let network: Network
  private let mean, deviation: Float

  /// What is not as the model was built in.
  private struct Unusable: Error {
    let what: String
  }

  /// Reads the model.
  /// - Throws: an error where it is not there or says nothing about its normalisation.
  package init() throws {
    guard let graph = try BuiltIns.model("digits") else { throw Unusable(what: "no model digits") }
    let numbers = (graph.metadata["normalize"] ?? "").split(separator: ",").compactMap { Float($0) }
    guard numbers.count == 2 else { throw Unusable(what: "normalize \(numbers)") }
    network = Network(graph)
    (mean, deviation) = (numbers[0], numbers[1])
  }

  /// A built-in digit's image `[28,28]`, 0…1.
  /// - Throws: an error where there is none.
  package static func image(_ digit: Int) throws -> Tensor {
    guard let image = try BuiltIns.digit(BuiltIns.digitNames[digit]) else {
      throw Unusable(what: "no digit \(digit)")
    }
    return image.tensor
  }

  /// The run without dropout of images of 28×28, 0…1.
  /// - Throws: an error where they have another size.
  package func clean(_ images: Tensor) throws -> Activations {
    let x = try images.reshaped(to: [images.count / 784, 1, 28, 28])
    return try network.run(
      [network.graph.inputs[0].name: .float32(x.map { ($0 - mean) / deviation })])
  }
}
