import TensorCore
import TestSupport
import Testing

@testable import Formats

/// What Pillow decodes, as samples of 16 bits `[height, width, channels]`.
private func expected(_ name: String) throws -> (shape: Shape, samples: [Float]) {
  let tensor = try NPY.tensor(from: golden("\(name).npy"), named: name)
  let scale: Float = name.hasSuffix("16") ? 1 : 257
  return (tensor.shape, tensor.elements.map { $0 * scale })
}

private func expectEqual(
  _ picture: Picture, _ name: String, within tolerance: Float = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let (shape, samples) = try expected(name)
  let dims = [picture.height, picture.width] + (picture.channels == 3 ? [3] : [])
  #expect(shape.dims == dims, sourceLocation: sourceLocation)
  let worst = zip(picture.samples, samples).map { abs(Float($0) - $1) }.max() ?? 0
  #expect(worst <= tolerance, "\(name)", sourceLocation: sourceLocation)
}

private func bigEndian(_ number: UInt32) -> [UInt8] {
  withUnsafeBytes(of: number.bigEndian) { Array($0) }
}

@Suite struct PNGTests {
  private func read(_ bytes: [UInt8], _ name: String) throws -> Picture {
    try PNG.picture(from: bytes, named: name)
  }

  @Test(arguments: [
    ("grey", "grey"), ("rgb", "rgb"), ("bits", "bits"), ("palette", "palette"), ("gamma", "grey"),
    ("profile", "rgb"), ("grey16", "grey16"), ("rgb16", "rgb16"),
  ]) func readsSamplesAsTheyStand(_ file: String, _ like: String) throws {
    let picture = try read(golden("\(file).png"), file)
    try expectEqual(picture, like)
    #expect(picture.notes == [])
  }

  /// Within half a step of 8 bits, or two of 16, where libpng rounds twice.
  @Test(
    arguments: [
      ("dark_alpha", "transparent parts made white", 129),
      ("light_alpha", "transparent parts made black", 129),
      ("grey_alpha", "transparent parts made black", 129),
      ("deep_alpha16", "transparent parts made black", 2),
    ] as [(String, String, Float)])
  func putsSomethingBehindTransparency(_ name: String, _ note: String, _ tolerance: Float) throws {
    let picture = try read(golden("\(name).png"), name)
    try expectEqual(picture, name, within: tolerance)
    #expect(picture.notes == [note])
  }

  /// A colour of a palette, transparent: what lies behind goes by what can be seen.
  @Test(arguments: [(20, 255, "white"), (230, 0, "black")] as [(UInt8, UInt16, String)])
  func putsSomethingBehindATransparentPalette(
    _ ink: UInt8, _ behind: UInt16, _ name: String
  ) throws {
    // One row: ink, the transparent colour, ink. The bytes are a zlib stream of a stored block.
    let row: [UInt8] = [0, 1, 0, 1]
    let stream: [UInt8] = [0x78, 1, 1, 4, 0, 0xFB, 0xFF] + row + [0, 8, 0, 3]
    let bytes =
      PNGChunks.signature
      + chunk("IHDR", bigEndian(3) + bigEndian(1) + [8, 3, 0, 0, 0])
      + chunk("PLTE", [90, 10, 200, ink, ink, ink]) + chunk("tRNS", [0])
      + chunk("IDAT", stream) + chunk("IEND", [])
    let picture = try read(bytes, "a.png")
    let colour = [UInt16](repeating: UInt16(ink) * 257, count: 3)
    #expect(picture.samples == colour + [behind * 257, behind * 257, behind * 257] + colour)
    #expect(picture.notes == ["transparent parts made \(name)"])
  }

  private func chunk(_ type: String, _ content: [UInt8], sum: UInt32? = nil) -> [UInt8] {
    let named = Array(type.utf8) + content
    return bigEndian(UInt32(content.count)) + named + bigEndian(sum ?? CRC.of(named[...]))
  }

  /// A TIFF header and one directory of one entry: the orientation, a short number.
  private func exif(_ orientation: UInt8, bigEndian: Bool) -> [UInt8] {
    bigEndian
      ? Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation]
        + [0, 0, 0, 0, 0, 0]
      : Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0]
        + [0, 0, 0, 0, 0, 0]
  }

  /// As JPEG's, which Pillow was asked about; the chunk may stand before the pixels or behind them.
  @Test(arguments: 1...8) func turnsUpright(_ orientation: Int) throws {
    let plain = try golden("rgb.png")
    let upright = try read(plain, "a").upright(orientation)
    #expect(upright.notes == (orientation == 1 ? [] : ["turned upright (Exif \(orientation))"]))
    for isBigEndian in [false, true] {
      let chunk = chunk("eXIf", exif(UInt8(orientation), bigEndian: isBigEndian))
      for place in [33, plain.count - 12] {
        let bytes = Array(plain[..<place]) + chunk + Array(plain[place...])
        #expect(try read(bytes, "a") == upright)
      }
    }
  }

  @Test func ignoresExifWithoutSense() throws {
    let plain = try golden("rgb.png")
    let chunks = [
      chunk("eXIf", exif(6, bigEndian: true), sum: 7), chunk("eXIf", exif(9, bigEndian: true)),
      chunk("eXIf", []), chunk("eXIf", Array(exif(6, bigEndian: true).prefix(15))),
    ]
    for chunk in chunks {
      let bytes = Array(plain[..<33]) + chunk + Array(plain[33...])
      #expect(try read(bytes, "a") == read(plain, "a"))
    }
  }

  @Test(.enabled(if: Shared.has("cases/exif_6.png"), "needs ../shared"))
  func turnsAPhotographUpright() throws {
    let folder = Shared.path("cases")
    let picture = try read(FileBytes.read("\(folder)/exif_6.png"), "exif_6.png")
    let right = try NPY.tensor(from: FileBytes.read("\(folder)/exif_6_right.npy"), named: "right")
    #expect(try picture.grey.resized(height: 28, width: 28).tensor.elements == right.elements)
  }

  @Test func writesWhatItReads() throws {
    let rgb = (0..<6 * 4 * 3).map { UInt8($0 * 3) }
    let bytes = try PNG.bytes(rgb: rgb, width: 6, height: 4)
    let picture = try read(bytes, "a")
    #expect(picture == Picture(width: 6, height: 4, channels: 3, bytes: rgb))
    #expect(try PNG.bytes(rgb: rgb, width: 6, height: 4) == bytes)
  }

  private func header(_ width: UInt32, _ height: UInt32, depth: UInt8 = 8) -> [UInt8] {
    let end: [UInt8] = bigEndian(0) + Array("IEND".utf8) + bigEndian(0)
    var bytes = PNGChunks.signature + bigEndian(13) + Array("IHDR".utf8)
    bytes += bigEndian(width) + bigEndian(height) + [depth, 0, 0, 0, 0] + bigEndian(0)
    bytes += bigEndian(3) + Array("IDAT".utf8) + [1, 2, 3] + bigEndian(0)
    return bytes + end
  }

  @Test func believesNoHeader() throws {
    func message(_ bytes: [UInt8]) -> String? {
      formatError("a.png") { _ = try read(bytes, "a.png") }?.description
    }
    #expect(
      message(header(0xFFFF_FFFF, 0xFFFF_FFFF))
        == "a.png: image size: expected 1 to 134,217,728 pixels, found 4294967295×4294967295")
    #expect(
      message(header(0, 5)) == "a.png: image size: expected 1 to 134,217,728 pixels, found 0×5")
    #expect(
      message(header(10_000, 10_000))
        == "a.png: IHDR: expected a size that 3 compressed bytes can fill, found 10000×10000")
    #expect(
      message(header(1, 1, depth: 3))
        == "a.png: IHDR: expected a colour type and bit depth of PNG, found type 0, depth 3")
    #expect(message(header(1, 1)) == "a.png: PNG: IHDR: CRC error")
    #expect(message(Array("text".utf8)) == "a.png: signature: expected 8 bytes, found 4")
    #expect(message(Array("only some text".utf8)) == "a.png: expected a PNG image, found text")
    let good = try golden("rgb.png")
    #expect(
      message(Array(good.dropLast(12)))
        == "a.png: expected a chunk IEND at the end, found none after \"IDAT\"")
    #expect(message(Array(good.dropLast(20)))?.contains(" bytes, ") == true)
  }

  @Test(arguments: ["grey", "rgb16", "palette", "dark_alpha", "profile"])
  func refusesDamage(_ name: String) throws {
    let bytes = try golden("\(name).png")
    refusesCuts(bytes, cuts: min(bytes.count, 300)) { _ = try read($0, $1) }
    readDamaged(bytes) { _ = try read($0, $1) }
  }

  /// Damage behind the checksums: the compressed data itself.
  @Test func refusesTooFewPixels() throws {
    var bytes = try golden("grey.png")
    bytes[23] += 1
    // The sum over type and content of IHDR, made anew.
    let sum = CRC.of(bytes[12..<29])
    bytes.replaceSubrange(29..<33, with: bigEndian(sum))
    let error = formatError("a") { _ = try read(bytes, "a") }
    #expect(error?.kind == .badData)
  }
}

private enum CRC {
  static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}

@Suite struct JPEGTests {
  private func read(_ bytes: [UInt8], _ name: String) throws -> Picture {
    try JPEG.picture(from: bytes, named: name)
  }

  /// Pillow brings its own libjpeg-turbo: two may differ by a step or two of 8 bits.
  @Test(
    arguments: [
      ("colour", []), ("progressive", []), ("mono", []), ("print", ["CMYK → RGB"]),
    ] as [(String, [String])]) func reads(_ name: String, _ notes: [String]) throws
  {
    let picture = try read(golden("\(name).jpg"), name)
    try expectEqual(picture, name, within: 2 * 257)
    #expect(picture.notes == notes)
  }

  @Test(arguments: 1...8) func turnsUpright(_ orientation: Int) throws {
    let name = "exif\(orientation)"
    let picture = try read(golden("\(name).jpg"), name)
    try expectEqual(picture, name, within: 2 * 257)
    #expect(picture.notes == (orientation == 1 ? [] : ["turned upright (Exif \(orientation))"]))
  }

  @Test func believesNoHeader() throws {
    var bytes = try golden("mono.jpg")
    let frame = try #require(
      (0..<bytes.count - 1).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
    for (offset, value) in [(5, 0x4E), (6, 0x20), (7, 0x4E), (8, 0x20)] {
      bytes[frame + offset] = UInt8(value)
    }
    #expect(
      formatError("a.jpg") { _ = try read(bytes, "a.jpg") }?.description
        == "a.jpg: image size: expected 1 to 134,217,728 pixels, found 20000×20000")
    (bytes[frame + 5], bytes[frame + 7]) = (0x20, 0x20)
    #expect(
      formatError("a.jpg") { _ = try read(bytes, "a.jpg") }?.description
        == "a.jpg: image size: expected one that \(grouped(bytes.count)) bytes can fill, "
        + "found 8224×8224")
    #expect(
      formatError("a.jpg") { _ = try read(Array("text".utf8), "a.jpg") }?.description
        == "a.jpg: expected a JPEG image, found text")
    #expect(
      formatError("a.jpg") { _ = try read(Array(golden("mono.jpg").dropLast(200)), "a.jpg") }?
        .description == "a.jpg: JPEG: Premature end of JPEG file")
  }

  @Test(arguments: ["colour", "progressive", "print", "exif6"])
  func refusesDamage(_ name: String) throws {
    let bytes = try golden("\(name).jpg")
    // The last two bytes are only the mark of the end.
    refusesCuts(Array(bytes.dropLast(2)), cuts: 300) { _ = try read($0, $1) }
    readDamaged(bytes) { _ = try read($0, $1) }
  }
}

@Suite struct PictureTests {
  @Test func isATensorOfNumbersUpToOne() {
    let picture = Picture(width: 2, height: 1, channels: 3, bytes: [0, 51, 255, 102, 153, 204])
    #expect(picture.tensor == Tensor([3, 1, 2], [0, 0.4, 0.2, 0.6, 1, 0.8]))
    // Eight bits in sixteen divide to the same floats.
    let ramp = Picture(width: 256, height: 1, channels: 1, bytes: (0...255).map { UInt8($0) })
    #expect(ramp.tensor.elements == (0...255).map { Float($0) / 255 })
  }

  @Test func greyIsLuma() {
    let picture = Picture(
      width: 4, height: 1, channels: 3,
      bytes: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    let grey = picture.grey
    #expect(grey.notes == ["colour → grey"] && grey.channels == 1)
    for (number, weight) in zip(grey.tensor.elements, [0.299, 0.587, 0.114, 1] as [Float]) {
      #expect(abs(number - weight) < 2e-5)
    }
    #expect(grey.grey == grey)
    #expect(grey.coloured.grey.samples == grey.samples)
  }

  private func source() throws -> Picture {
    let tensor = try NPY.tensor(from: golden("resize_source.npy"), named: "a")
    return Picture(
      width: 18, height: 12, channels: 1, samples: tensor.elements.map { UInt16($0) })
  }

  @Test(arguments: ["shrunk", "grown", "uneven"]) func resizes(_ name: String) throws {
    let expected = try NPY.tensor(from: golden("resize_\(name).npy"), named: name)
    let picture = try source().resized(height: expected.shape[0], width: expected.shape[1])
    let worst = zip(picture.samples, expected.elements).map { abs(Float($0) - $1) }.max() ?? 1e9
    #expect(worst < 0.6, "rounding to whole steps of 1/65,535")
    #expect(picture.notes == ["18×12 → \(picture.width)×\(picture.height)"])
  }

  @Test func keepsWhatFits() throws {
    let picture = try source()
    #expect(try picture.fitted(channels: 1, height: 12, width: 18) == picture)
    let flat = Picture(width: 3, height: 5, channels: 3, bytes: [UInt8](repeating: 255, count: 45))
    let fitted = try flat.fitted(channels: 1, height: 28, width: 2)
    #expect(fitted.samples.allSatisfy { $0 == 65_535 })
    #expect(fitted.notes == ["colour → grey", "3×5 → 2×28"])
    #expect(try picture.fitted(channels: 3, height: 1, width: 1).tensor.shape == [3, 1, 1])
  }
}
