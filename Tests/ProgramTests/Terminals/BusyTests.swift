import Formats
import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

/// Whatever is being computed, the person can leave.
@Suite struct BusyTests {
  /// A layer of many cells, slow to be measured.
  private static let side = 800

  @Test(arguments: ["q", "\u{3}"]) func leavesWhileAPageIsComputed(key: String) throws {
    try TemporaryFolder.with { folder in
      let graph = try Graph(
        name: "large", inputs: [.init("x", dims: [1, 1, Self.side, Self.side])], outputs: ["y"],
        nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
      let model = try folder.write(ONNXWriter.bytes(graph, named: "test"), "large.onnx")
      let terminal = try Pty.program(["seven", "--model", model], in: folder)
      #expect(terminal.wait(seconds: 120, for: "q quit"))
      terminal.type("f")
      terminal.pump(milliseconds: 400)
      // It is still being computed: the page is not there.
      #expect(!terminal.screen.text.contains("power by frequency"), "too quick to tell")
      terminal.type(key)
      #expect(terminal.exitStatus(seconds: 10) == 0)
      let sent = String(decoding: terminal.bytes, as: UTF8.self)
      #expect(!sent.contains("power by frequency"), "it waited for the page")
      for sequence in ["?1002l", "?1006l", "?2004l", "?1049l", "?25h"] {
        #expect(sent.contains("\u{1B}[\(sequence)"), "\(sequence)")
      }
    }
  }
}
