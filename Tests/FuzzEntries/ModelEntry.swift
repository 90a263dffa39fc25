import Formats
import NeuralNet

extension FuzzEntry {
  /// Models that could be read, as far as they are small: run, trained, shown and edited.
  static let model = FuzzEntry("model", longest: 1536, share: 20) { bytes in
    guard let graph = try? ONNXReader.graph(from: bytes, named: "/nowhere/x.onnx"),
      ModelUse.isSmall(graph)
    else { return }
    var choices = ByteChoices(bytes.suffix(24))
    ModelUse.tryAll(graph, &choices)
  }
}
