import NeuralNet
import TensorCore
import Testing

@testable import Formats

@Suite struct FormatErrorTests {
  @Test func namesFilePartExpectedAndFound() {
    #expect(
      "\(FormatError("a.csv", "line 3", expected: "4 numbers", found: "5"))"
        == "a.csv: line 3: expected 4 numbers, found 5")
    #expect(
      "\(FormatError("a.png", expected: "a PNG image", found: "text"))"
        == "a.png: expected a PNG image, found text")
    let size = FormatError(
      file: "seven.npy", part: "header",
      .size(declared: "28×28 float32", bytes: 3136, remaining: 3000))
    #expect("\(size)" == "seven.npy: header says 28×28 float32 = 3,136 bytes, 3,000 remain")
  }

  @Test func keepsWhatTheFileHoldsAndIsCut() {
    let error = FormatError("a\n\u{1B}[2J.csv", "x", expected: "y", found: "\u{202E}\r\n\u{2028}")
    #expect("\(error)" == "a\n\u{1B}[2J.csv: x: expected y, found \u{202E}\r\n\u{2028}")
    let long = FormatError("a", "x", expected: "y", found: String(repeating: "z", count: 9000))
    #expect("\(long)".count == 2000)
  }

  @Test func wrapsErrorsOfGraphsAndTensors() {
    #expect("\(FormatError("m.onnx", GraphError(node: "c", "bad")))" == "m.onnx: node c: bad")
    let tensor = TensorError("reshape", expected: "4", found: "5")
    #expect("\(FormatError("m.onnx", "w", tensor))" == "m.onnx: w: expected 4, found 5")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ]) func groupsDigits(_ number: Int, _ text: String) {
    #expect(grouped(number) == text)
  }
}
