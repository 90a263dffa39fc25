import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct LabelledIDXTests {
  private func images(_ count: UInt8, _ rows: UInt8 = 2, _ columns: UInt8 = 3) -> [UInt8] {
    [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, rows, 0, 0, 0, columns]
      + (0..<Int(count) * Int(rows) * Int(columns)).map { UInt8($0 * 7 % 256) }
  }

  private func labels(_ labels: [UInt8]) -> [UInt8] {
    [0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels
  }

  private func pair(_ images: [UInt8], _ labels: [UInt8]) throws(FormatError) -> LabelledIDX {
    try LabelledIDX(images: images, named: "d/images", labels: labels, named: "d/labels")
  }

  private func message(_ body: () throws(FormatError) -> Void) -> String? {
    do throws(FormatError) {
      try body()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func readsAPair() throws {
    let set = try pair(images(3), labels([5, 0, 9]))
    #expect(set.count == 3 && set.imageShape == [1, 2, 3])
    #expect(set.labels(0..<3) == [5, 0, 9])
    let expected = (0..<18).map { Float($0 * 7 % 256) / 255 }
    #expect(set.images([0, 1, 2]) == Tensor([3, 1, 2, 3], expected))
    #expect(
      set.images([2, 0]) == Tensor([2, 1, 2, 3], Array(expected[12...] + expected[..<6])))
    #expect(set.files.map(\.name) == ["images", "labels"])
    #expect(set.files[1].sha256 == SHA256.hex(of: labels([5, 0, 9])))
  }

  @Test func saysWhatDoesNotGoTogether() throws {
    #expect(
      message { () throws(FormatError) in _ = try pair(images(3), labels([1, 2])) }
        == "d/labels: expected 3 labels, one for each image of d/images, found 2")
    #expect(
      message { () throws(FormatError) in _ = try pair(images(0), labels([])) }
        == "d/images: expected images, found none")
    #expect(
      message { () throws(FormatError) in _ = try pair(images(2, 0), labels([1, 2])) }
        == "d/images: expected images, found none")
    #expect(
      message { () throws(FormatError) in _ = try pair(labels([1, 2]), labels([1, 2])) }
        == "d/images: header: expected images of unsigned bytes, H×W or C×H×W, found uint8 []")
    #expect(
      message { () throws(FormatError) in _ = try pair(images(2), images(2)) }
        == "d/labels: header: expected one unsigned byte a label, found uint8 [2,3]")
    let set = try pair(images(3), labels([5, 0, 9]))
    try set.checkLabels(below: 10, of: "net")
    #expect(
      message { () throws(FormatError) in try set.checkLabels(below: 9, of: "net") }
        == "labels: label 2: expected 0 to 8, the outputs of net, found 9")
  }

  @Test func looksForItsFilesWithAndWithoutGz() throws {
    #expect(
      message { () throws(FormatError) in
        _ = try LabelledIDX(folder: "/nonexistent", prefix: "train")
      }
        == "/nonexistent: expected train-images-idx3-ubyte or train-images-idx3-ubyte.gz in it, "
        + "found neither")
    #expect(!LabelledIDX.isThere(folder: "/nonexistent", prefix: "t10k"))
  }

  @Test(.enabled(if: Shared.has("data/mnist/train-labels-idx1-ubyte.gz"), "needs ../shared"))
  func readsMNIST() throws {
    let set = try LabelledIDX(folder: Shared.path("data/mnist"), prefix: "train")
    #expect(set.count == 60_000 && set.imageShape == [1, 28, 28])
    #expect(set.label(5000) == 7)
    // What sha256sum prints.
    #expect(set.files[1].name == "train-labels-idx1-ubyte.gz")
  }

  /// Who opens an image is told its label, where a file of labels lies beside it.
  @Test func labelsLieBesideImages() throws {
    func idx(_ sizes: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } + bytes
    }
    let folder = try TemporaryFolder()
    let images = folder.path("t10k-images-idx3-ubyte")
    try FileBytes.write(idx([3, 1, 2], [1, 2, 3, 4, 5, 6]), to: images)
    #expect(try InputFile.read(images, index: 1).label == nil)
    let labels = folder.path("t10k-labels-idx1-ubyte")
    try FileBytes.write(idx([3], [7, 0, 9]), to: labels)
    #expect(try InputFile.read(images).label == "7")
    #expect(try InputFile.read(images, index: 2).label == "9")
    // Labels of other images, or none.
    for other in [idx([2], [7, 0]), idx([3, 1], [7, 0, 9]), Array("labels".utf8), []] {
      try FileBytes.write(other, to: labels)
      #expect(try InputFile.read(images, index: 1).label == nil)
    }
  }
}
