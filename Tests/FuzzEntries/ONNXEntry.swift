import Formats
import NeuralNet
import Program
import TestSupport

extension FuzzEntry {
  /// Models: what is read is written, reads as the same graph and is written to the same bytes; its
  /// shapes, axes and report are worked out.
  static let onnx = FuzzEntry(
    "onnx", readers: ["ONNXReader", "ONNXExternalData", "ONNXExternalFiles"], longest: 2048,
    share: 30
  ) { bytes in
    let model = folder.path("x.onnx")
    guard let graph = try? ONNXReader.graph(from: bytes, named: model) else { return }
    if let written = try? ONNXWriter.bytes(graph, named: model) {
      guard let again = try? ONNXReader.graph(from: written, named: model) else {
        return expect(false, "what was written cannot be read")
      }
      expect(again.nodeTexts == graph.nodeTexts, "the nodes changed")
      expect(again.inputs == graph.inputs && again.outputs == graph.outputs, "the ports changed")
      expect(again.opsets == graph.opsets && again.metadata == graph.metadata, "the rest changed")
      let twice = try? ONNXWriter.bytes(again, named: model)
      expect(twice == written, "writing is not settled")
    }
    guard ModelUse.isSmall(graph) else { return }
    let network = Network(graph)
    _ = network.signature(openSizes: 2)
    if let report = try? ModelReport(network, name: "x.onnx") { _ = report.lines }
  }

  /// Where models are said to lie, with a file of numbers that they may say is theirs.
  private static let folder: TemporaryFolder = {
    do {
      let folder = try TemporaryFolder()
      try folder.write((0..<64).map { UInt8($0) }, "external.bin")
      return folder
    } catch {
      fatalError("\(error)")
    }
  }()
}

extension Graph {
  /// The nodes but for where in their file they lie, as text: a number that is none equals itself there.
  fileprivate var nodeTexts: [String] {
    nodes.map { node in
      let attributes = node.attributes.sorted { $0.key < $1.key }
      return "\(node.name) \(node.domain) \(node.opType) \(node.inputs) \(node.outputs) "
        + "\(node.bodyReads) \(attributes)"
    }
  }
}
