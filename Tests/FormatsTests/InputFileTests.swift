import Foundation
import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct InputFileTests {
  private func read(_ name: String, index: Int? = nil) throws -> InputFile {
    try InputFile.read(Golden.path("formats/\(name)"), index: index)
  }

  @Test func tellsKindsByTheirBytes() throws {
    guard case .picture(let picture) = try read("rgb.png").content else {
      Issue.record("no picture")
      return
    }
    #expect(picture.width == 7 && picture.height == 5)
    guard case .picture = try read("colour.jpg").content else {
      Issue.record("no picture")
      return
    }
    guard case .numbers(let numbers) = try read("fortran.npy").content else {
      Issue.record("no numbers")
      return
    }
    #expect(numbers.shape == [2, 3, 4])
    guard case .numbers(let column) = try read("numbers.csv.gz").content else {
      Issue.record("no numbers")
      return
    }
    #expect(column.shape == [2000, 1])
  }

  @Test func readsItemsOfIDX() throws {
    for (name, index) in [("images-idx3-ubyte.gz", 2), ("u1.idx", 0)] {
      let file = try read(name, index: index == 0 ? nil : index)
      guard case .item(let item, isBytes: true, index: index, count: 3) = file.content else {
        Issue.record("\(file.content)")
        continue
      }
      #expect(item.shape == [2, 4] && item[0] == Float(8 * index))
    }
    guard case .item(_, isBytes: false, index: 0, count: 3) = try read("f4.idx").content else {
      Issue.record("not floats")
      return
    }
    let path = Golden.path("formats/u1.idx")
    #expect(
      formatError(path) { _ = try InputFile.read(path, index: 3) }?.description
        == "\(path): item 3: expected an index from 0 to 2, found 3")
  }

  /// A file is opened as what it is, whatever it is called.
  @Test func namesDoNotDecide() throws {
    let png = try golden("rgb.png")
    for name in ["a.jpg", "a.csv", "a", "-", "a.onnx"] {
      #expect(try InputFile(png, named: name).kind == .png)
    }
    #expect(try InputFile(Array("1,2".utf8), named: "numbers").kind == .text)
    #expect(try InputFile(Array("1,2".utf8), named: "folder.png/-").kind == .text)
  }

  @Test(arguments: [
    ("photo.png", "words", "photo.png: expected a PNG image, found text"),
    ("photo.JPG", "1,2,3", "photo.JPG: expected a JPEG image, found text"),
    ("a.npy", "1,2,3", "a.npy: expected an NPY array, found text"),
    ("train-images-idx3-ubyte", "1", "train-images-idx3-ubyte: expected an IDX file, found text"),
    ("a.gz", "1", "a.gz: expected a gzip file, found text"),
    ("a.csv", "word", "a.csv: line 1, column 1: expected a number, found \"word\""),
    ("a.png", "", "a.png: expected a PNG image, found an empty file"),
    (
      "a", "",
      "a: expected a PNG or JPEG image, NPY, NPZ, safetensors, CSV or IDX, found an empty file"
    ),
    (
      "a.gif", "GIF89a",
      "a.gif: expected a PNG or JPEG image, NPY, NPZ, safetensors, CSV or IDX, found a GIF image"
    ),
    ("a.csv", "\u{1}\u{2}", "a.csv: expected text, found bytes of no known kind"),
  ]) func saysWhatWasExpected(_ name: String, _ text: String, _ message: String) {
    let error = formatError(name) { _ = try InputFile(Array(text.utf8), named: name) }
    #expect(error?.description == message)
    #expect(error?.kind == .badData)
  }

  /// Stored and deflated archives of NumPy's, and arrays of safetensors, by name; the only one without.
  @Test func opensArraysByName() throws {
    func value(_ name: String, _ tensor: String?) throws -> Value {
      let file = try InputFile(golden(name), named: name, tensor: tensor)
      #expect(file.isTyped)
      guard case .numbers(let value) = file.content else {
        throw FormatError(name, expected: "numbers", found: "others")
      }
      return value
    }
    let counted = (0..<24).map { Float($0) }
    #expect(try value("two.npz", "b").floats?.elements == counted)
    #expect(try value("deflated.npz", nil) == .float32(Tensor([2, 3, 4], counted)))
    #expect(try value("acts.safetensors", "conv1") == .float32(Tensor([2, 3, 4], counted)))
    #expect(try value("acts.safetensors", "half").type == .float16)
    #expect(try value("acts.safetensors", "words").type == .int64)
  }

  @Test func namesTheArraysThereAre() throws {
    for (name, tensor, message) in [
      ("two.npz", nil, "two.npz: --tensor: expected one of a, b, found none"),
      ("two.npz", "c", "two.npz: tensor c: expected one of a, b, found none"),
      (
        "acts.safetensors", nil,
        "acts.safetensors: --tensor: expected one of conv1, half, words, found none"
      ),
      (
        "scalar.npy", "a",
        "scalar.npy: tensor a: expected an NPZ or safetensors file, found an NPY array"
      ),
    ] as [(String, String?, String)] {
      let error = formatError(name) {
        _ = try InputFile(golden(name), named: name, tensor: tensor)
      }
      #expect(error?.description == message)
    }
  }

  /// Cut anywhere, or with a byte changed, such files give arrays or one line.
  @Test(arguments: ["two.npz", "deflated.npz", "acts.safetensors"])
  func damagedArchivesSaySo(_ name: String) throws {
    let sound = try golden(name)
    for place in stride(from: 0, to: sound.count, by: 7) {
      var bent = sound
      bent[place] ^= 0xFF
      for bytes in [Array(sound.prefix(place)), bent] {
        for tensor in [nil, "a", "maps", "conv1"] {
          do throws(FormatError) {
            _ = try InputFile(bytes, named: name, tensor: tensor)
          } catch {
            #expect(!error.description.contains("\n"))
          }
        }
      }
    }
  }

  @Test func saysWhatCanBeOpened() throws {
    let model = try golden("types.onnx")
    #expect(formatError("a.onnx") { _ = try InputFile(model, named: "a.onnx") } != nil)
    #expect(
      formatError("a.png") { _ = try InputFile(golden("rgb.png"), named: "a.png", index: 1) }?
        .description == "a.png: item 1: expected an IDX, NPY or CSV file, found a PNG image")
  }

  @Test func readsMasksAsNumbers() throws {
    #expect(
      try InputFile.numbers(Golden.path("formats/b1_little.npy")).elements == [0, 1, 1, 1, 0, 0])
    let path = Golden.path("formats/rgb.png")
    #expect(
      formatError(path) { _ = try InputFile.numbers(path) }?.description
        == "\(path): expected numbers as NPY or CSV, found a PNG image")
  }

  /// Garbage of any kind only ever throws, whatever the name promises.
  @Test func refusesGarbage() {
    var random = SplitMix(1)
    let starts: [[UInt8]] = [
      [], PNGChunks.signature, [0xFF, 0xD8, 0xFF], NPY.magic, [0x1F, 0x8B, 8], [0, 0, 8, 3],
      Array("1,2\n".utf8),
    ]
    for round in 0..<2000 {
      let noise = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
      let name = ["damaged", "damaged.png", "damaged.csv"][round % 3]
      let start = starts[round % starts.count]
      if let file = try? InputFile(start + noise, named: name) {
        // A little garbage may be numbers.
        #expect(file.kind == .text || file.kind == .idx)
      }
    }
  }
}

@Suite struct FileKindTests {
  @Test func knowsFilesByTheirFirstBytes() throws {
    func kind(_ name: String) throws -> FileKind { FileKind(sniffing: try golden(name)) }
    #expect(try kind("rgb.png") == .png)
    #expect(try kind("mono.jpg") == .jpeg)
    #expect(try kind("row.npy") == .npy)
    #expect(try kind("u1.idx") == .idx)
    #expect(try kind("numbers.csv.gz") == .gzip)
    #expect(try kind("two.npz") == .npz)
    #expect(try kind("types.onnx") == .unknown)
    #expect(FileKind(sniffing: Array("größer\n".utf8)) == .text)
    #expect(FileKind(sniffing: [0xFF, 0xFE, 0x31, 0]) == .text)
    #expect(FileKind(sniffing: Array("RIFF    WEBP".utf8)) == .webp)
    #expect(FileKind(sniffing: Array("BMxxxx\0\0\0\0".utf8)) == .bmp)
    #expect(FileKind(sniffing: [0, 0, 0, 0x18] + Array("ftypheic".utf8)) == .heif)
    #expect(FileKind(sniffing: Array("%PDF-1.7".utf8)) == .pdf)
    let safetensors = [56, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{\"dtype\"".utf8)
    #expect(FileKind(sniffing: safetensors) == .safetensors)
    // A character cut in two at the end of what is looked at is still text.
    let long = [UInt8](repeating: 0x61, count: 4095) + Array("ö".utf8)
    #expect(FileKind(sniffing: long) == .text)
  }

  /// What frameworks write beside ONNX: the line says how it becomes a model that opens.
  @Test(arguments: [
    ("a.pt", "PK\u{3}\u{4}", "archive/data.pkl", "a PyTorch file; torch.onnx.export("),
    ("a.keras", "PK\u{3}\u{4}", "metadata.json", "a Keras model; model.export("),
    ("a.zip", "PK\u{3}\u{4}", "letter.txt", "a ZIP archive"),
    ("a.tflite", "\u{1C}\0\0\0TFL3", "", "a TensorFlow Lite model; python -m tf2onnx.convert "),
  ]) func saysHowAModelBecomesONNX(
    _ name: String, _ magic: String, _ first: String, _ found: String
  )
    throws
  {
    var bytes = Array(magic.utf8)
    if !first.isEmpty {
      bytes += [UInt8](repeating: 0, count: 22) + [UInt8(first.utf8.count), 0, 0, 0]
    }
    bytes += Array(first.utf8) + [UInt8](repeating: 7, count: 40)
    try TemporaryFolder.with { folder in
      let path = folder.path(name)
      try bytes.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: path))
      let error = formatError(path) { _ = try ONNXReader.graph(at: path) }
      #expect(
        error?.description.hasPrefix("\(path): expected an ONNX model, found \(found)") ?? false,
        "\(error?.description ?? "none")")
    }
  }

  @Test func whatOlderFrameworksWroteTellsItToo() throws {
    for (start, advice) in [
      ([0x89] + Array("HDF\r\n".utf8), "model.export("), ([0x80, 2], "torch.onnx.export("),
    ] as [([UInt8], String)] {
      let kind = FileKind(sniffing: start + [UInt8](repeating: 1, count: 20))
      #expect(kind.toONNX.contains(advice), "\(kind)")
    }
  }
}
