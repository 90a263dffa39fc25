import Formats
import NeuralNet
import TensorCore

extension FuzzEntry {
  /// Whatever is opened without a word about what it is, and with a name that says otherwise.
  static let input = FuzzEntry(
    "input", readers: ["InputFile", "FileKind"], longest: 512, share: 230
  ) {
    bytes in
    let name = ["x", "x.png", "x.npy", "x.csv", "x-ubyte", "x.gz"][Int(bytes.last ?? 0) % 6]
    for index in [nil, 0, 7] {
      guard let file = try? InputFile(bytes, named: name, index: index) else { continue }
      if case .picture(let picture) = file.content { use(picture) }
    }
  }
}
