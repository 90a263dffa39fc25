import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct IDXTests {
  @Test(arguments: IDX.Element.allCases) func readsEveryElementType(_ type: IDX.Element) throws {
    let codes: [IDX.Element: String] = [
      .uint8: "u1", .int8: "i1", .int16: "i2", .int32: "i4", .float32: "f4", .float64: "f8",
    ]
    let idx = try IDX(golden("\(codes[type]!).idx"), named: "a")
    #expect(idx.header == IDX.Header(type: type, count: 3, itemShape: [2, 4]))
    let first: Float = type == .uint8 ? 0 : -12
    let numbers = (0..<24).map { Float($0) + first }
    #expect(try idx.item(at: 1) == Tensor([2, 4], Array(numbers[8..<16])))
    #expect(try idx.items(0..<3) == Tensor([3, 2, 4], numbers))
    #expect(try idx.items(2..<2) == Tensor([0, 2, 4], []))
  }

  @Test func readsLabelsAndGzip() throws {
    let labels = try IDX(golden("labels.idx"), named: "a")
    #expect(try labels.item(at: 4) == Tensor(scalar: 9))
    #expect(try labels.items(0..<5) == Tensor([5], [5, 0, 4, 1, 9]))
    let images = try IDX(golden("images-idx3-ubyte.gz"), named: "a")
    #expect(try images.item(at: 2) == Tensor([2, 4], (16..<24).map { Float($0) }))
  }

  @Test(arguments: [-1, 3, Int.max, Int.min]) func namesTheRange(_ index: Int) throws {
    let idx = try IDX(golden("u1.idx"), named: "a.idx")
    #expect(
      formatError("a.idx") { _ = try idx.item(at: index) }?.description
        == "a.idx: item \(index): expected an index from 0 to 2, found \(index)")
  }

  @Test(
    arguments: [
      (
        [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28, 1, 2],
        "a: header says 60000×28×28 uint8 = 47,040,000 bytes, 2 remain"
      ),
      ([0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3], "a: header says 2 uint8 = 2 bytes, 3 remain"),
      (
        [0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        "a: header: expected dimensions of 0 or more whose product fits 63 bits, found "
          + "[4294967295,4294967295,4294967295]"
      ),
      ([0, 0, 9, 2, 0, 0, 0, 0], "a: sizes: expected 4 bytes, found 0"),
      (
        [0, 0, 0x0A, 1, 0, 0, 0, 0],
        "a: magic: expected 00 00, a type 08 … 0e, 1 to 8 dimensions, found 00 00 0a 01"
      ),
      (
        [0x50, 0x4B, 3, 4],
        "a: magic: expected 00 00, a type 08 … 0e, 1 to 8 dimensions, found 50 4b 03 04"
      ),
      ([0, 0, 8], "a: magic: expected 4 bytes, found 3"),
    ] as [([UInt8], String)]) func saysWhatIsWrong(_ bytes: [UInt8], _ message: String)
  {
    #expect(formatError("a") { _ = try IDX(bytes, named: "a") }?.description == message)
  }

  @Test func hasNoItemInAnEmptyFile() throws {
    let idx = try IDX([0, 0, 8, 1, 0, 0, 0, 0], named: "a")
    #expect(
      formatError("a") { _ = try idx.item(at: 0) }?.description
        == "a: item 0: expected items, found none in the file")
  }

  @Test(arguments: ["u1.idx", "f8.idx", "labels.idx", "images-idx3-ubyte.gz"])
  func refusesDamage(_ name: String) throws {
    let bytes = try golden(name)
    refusesCuts(bytes) { _ = try IDX($0, named: $1) }
    readDamaged(bytes) { bytes, name in
      let idx = try IDX(bytes, named: name)
      _ = try idx.item(at: 2)
    }
  }

  @Test(
    .enabled(if: Shared.has("data/mnist/train-labels-idx1-ubyte.gz"), "needs ../shared"))
  func readsMNIST() throws {
    let folder = Shared.path("data/mnist")
    let labels = try IDX(FileBytes.read("\(folder)/train-labels-idx1-ubyte.gz"), named: "labels")
    #expect(labels.header == IDX.Header(type: .uint8, count: 60_000, itemShape: []))
    #expect(try labels.item(at: 5000) == Tensor(scalar: 7))
    let images = try IDX(FileBytes.read("\(folder)/train-images-idx3-ubyte.gz"), named: "images")
    #expect(images.header == IDX.Header(type: .uint8, count: 60_000, itemShape: [28, 28]))
    // The spreadsheet's digit is image 5000.
    let path = Shared.path("reference/spreadsheet/input.csv")
    let digit = try CSV.tensor(from: FileBytes.read(path), named: path)
    let image = try images.item(at: 5000)
    for (pixel, number) in zip(image.elements, digit.elements) {
      #expect(abs(pixel / 255 - number) < 0.003)
    }
  }
}
