import NeuralNet
import TensorCore
import TestSupport
import Testing

@testable import Formats

/// CSV files with an image a row, as data sets of digits come.
@Suite struct CSVItemsTests {
  private func read(_ text: String, index: Int? = nil) throws -> InputFile {
    try InputFile(Array(text.utf8), named: "a.csv", index: index)
  }

  /// The pixels of row `index`, and whether they are bytes; nil where the file is one array.
  private func item(_ file: InputFile, _ index: Int, of count: Int) -> (Tensor, Bool)? {
    guard case .item(let tensor, let isBytes, index: index, count: count) = file.content else {
      return nil
    }
    return (tensor, isBytes)
  }

  private func side(_ n: Int, of value: String = "9") -> String {
    [String](repeating: value, count: n * n).joined(separator: ",")
  }

  @Test(arguments: [
    ("csv_labelled.csv", true), ("csv_bare.csv", true), ("csv_by_row.csv", true),
    ("csv_shuffled.csv", true), ("csv_unlabelled.csv", false),
  ]) func readsAnImageARow(_ name: String, _ hasLabels: Bool) throws {
    let images = try NPY.tensor(from: golden("csv_images.npy"), named: "a")
    for (index, label) in ["7", "0", "12"].enumerated() {
      let file = try InputFile(golden(name), named: name, index: index == 0 ? nil : index)
      let (image, isBytes) = try #require(item(file, index, of: 3))
      #expect(isBytes && image.shape == [16, 16])
      #expect(image.elements == Array(images.elements[index * 256..<(index + 1) * 256]))
      #expect(file.label == (hasLabels ? label : nil))
    }
    #expect(
      formatError(name) { _ = try InputFile(golden(name), named: name, index: 3) }?.description
        == "\(name): item 3: expected an index from 0 to 2, found 3")
  }

  @Test func labelsMayBeWords() throws {
    let file = try read("class,1x1,1x2\n\"a cat\",3,4\n\ndog,5,600\n", index: 1)
    let (image, isBytes) = try #require(item(file, 1, of: 2))
    #expect(image == Tensor([1, 2], [5, 600]) && !isBytes && file.label == "dog")
    // What a file says is shown on terminals.
    #expect(try read("class,1x1\na\u{202E}b,3").label == "a\u{202E}b")
  }

  /// Numbers within 0…1 are scaled already; features that no name calls pixels are no image.
  @Test func takesWhatIsNoBytesAsItStands() throws {
    let (unit, areBytes) = try #require(
      item(read("5,\(side(16, of: ".5"))\n0,\(side(16, of: "1"))"), 0, of: 2))
    #expect(unit == Tensor([16, 16], repeating: 0.5) && !areBytes)
    let features = try read("age,label,height\n1,no,2\n3,yes,4", index: 1)
    #expect(item(features, 1, of: 2)?.0 == Tensor([2], [3, 4]))
    #expect(features.label == "yes")
  }

  /// A file that may be one map is one map.
  @Test func doubtIsOneArray() throws {
    let maps = [
      // As many rows as columns; fractions; a first column that is no label; small squares.
      [String](repeating: "1,\(side(16))", count: 257).joined(separator: "\n"),
      "1,\(side(16, of: "9.5"))", "-1,\(side(16))", "1.5,\(side(16))", "0,\(side(16, of: "1"))",
      "1,\(side(8))", side(16), "px0,px1,px2,px3\n1,2,3,4\n5,6,7,8", "x0,x1,x2,x3\n1,2,3,4",
    ]
    for text in maps {
      guard case .numbers(let value) = try read(text).content, let tensor = value.tensor else {
        Issue.record("taken as items: \(text.prefix(40))")
        continue
      }
      #expect(tensor.shape.rank == 2)
    }
  }

  /// Who asks for an item says that rows are items.
  @Test func anIndexSettlesIt() throws {
    let rows = try read("\(side(8))\n\(side(8, of: "7"))", index: 1)
    #expect(item(rows, 1, of: 2)?.0 == Tensor([8, 8], repeating: 7))
    #expect(rows.label == nil)
    #expect(try read("3,\(side(8))", index: 0).label == "3")
    #expect(
      formatError("a.csv") { _ = try read("1,2\n3,4", index: 1) }?.description
        == "a.csv: item 1: expected rows of a label and n×n pixels, or of n×n pixels, found rows of 2"
    )
  }

  /// A mask has rows, whatever they look like.
  @Test func masksAreNoItems() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("mask.csv")
    try FileBytes.write(Array("1,\(side(16))".utf8), to: path)
    #expect(try InputFile.numbers(path).shape == [1, 257])
  }
}
