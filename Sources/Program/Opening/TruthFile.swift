import Formats
import Insight
import NeuralNet
import Studies
import TensorCore

/// What a person says is true of each place of a picture.
enum TruthFile {
  /// Reads an image, made to fit what the network tells of, or numbers of that very size; what lies above
  /// half of the largest is looked for.
  /// - Throws: `FormatError` where it cannot be read or has another size, `Failure` where the network tells
  ///   of no places.
  static func read(_ path: String, for experiment: Experiment, fit: PictureFit) throws -> [Bool] {
    let network = experiment.subject.network
    guard let places = network.segmentation(experiment.clean) else {
      throw Failure(
        usage: "--truth: expected a network that tells of places, found "
          + experiment.subject.modelName)
    }
    let (rows, columns) = (places.rows, places.columns)
    let elements: [Float]
    switch try OpenedInput.read(path, index: nil).content {
    case .picture(let picture):
      elements = try picture.fitted(channels: 1, height: rows, width: columns, fit: fit)
        .tensor.elements
    case .numbers(let numbers, _):
      guard let floats = numbers.floats, floats.shape.dims.filter({ $0 != 1 }) == [rows, columns]
      else {
        throw FormatError(
          path, "truth", expected: "[\(rows),\(columns)]", found: "\(numbers.shape)")
      }
      elements = floats.elements
    }
    let largest = elements.max() ?? 0
    return elements.map { $0 > largest / 2 }
  }
}
