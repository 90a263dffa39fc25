import CJPEG

/// JPEG images, through libjpeg.
public enum JPEG {
  /// Decodes an image, turned upright as its Exif orientation says.
  /// - Throws: `FormatError` where the file is no JPEG image, is cut or damaged, or larger than
  ///   `Picture.maxPixels`.
  public static func picture(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Picture {
    guard FileKind(sniffing: bytes) == .jpeg else {
      throw FormatError(name, expected: "a JPEG image", found: "\(FileKind(sniffing: bytes))")
    }
    var image = cjpeg_image()
    guard cjpeg_read_header(bytes, bytes.count, &image) != 0 else { throw failure(image, name) }
    let (width, height, channels) = (Int(image.width), Int(image.height), Int(image.channels))
    if let error = Picture.sizeError(width, height, in: name) { throw error }
    // Every 8×8 block costs a bit at the least, so few bytes cannot be many pixels.
    guard image.arithmetic != 0 || width * height / 512 <= bytes.count else {
      throw FormatError(
        name, "image size", expected: "one that \(grouped(bytes.count)) bytes can fill",
        found: "\(width)×\(height)")
    }
    var pixels = [UInt8](repeating: 0, count: width * height * channels)
    guard cjpeg_decode(bytes, bytes.count, &pixels, pixels.count, &image) != 0 else {
      throw failure(image, name)
    }
    let isPrint = channels == 4
    if isPrint { pixels = rgb(cmyk: pixels, inverted: image.inverted != 0) }
    let picture = Picture(
      width: width, height: height, channels: isPrint ? 3 : channels, bytes: pixels,
      notes: isPrint ? ["CMYK → RGB"] : [])
    return picture.upright(Exif.orientation(ofJPEG: bytes))
  }

  private static func failure(_ image: cjpeg_image, _ name: String) -> FormatError {
    let message = withUnsafeBytes(of: image.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return FormatError(file: name, part: "JPEG", .failure(message))
  }

  /// Ink on paper as light: each of red, green and blue is what the ink of its opposite and black
  /// leave over.
  private static func rgb(cmyk: [UInt8], inverted: Bool) -> [UInt8] {
    var rgb: [UInt8] = []
    rgb.reserveCapacity(cmyk.count / 4 * 3)
    for pixel in stride(from: 0, to: cmyk.count, by: 4) {
      func light(_ channel: Int) -> UInt16 {
        let sample = cmyk[pixel + channel]
        return UInt16(inverted ? sample : 255 - sample)
      }
      for channel in 0..<3 { rgb.append(UInt8((light(channel) * light(3) + 127) / 255)) }
    }
    return rgb
  }
}

extension FileKind {
  static let jpeg = FileKind(
    "a JPEG image", endings: ["jpg", "jpeg", "jpe", "jfif"],
    matches: { $0.starts(with: [0xFF, 0xD8, 0xFF]) }
  ) { bytes, name, _ throws(FormatError) in
    .init(.picture(try JPEG.picture(from: bytes, named: name)))
  }
}
