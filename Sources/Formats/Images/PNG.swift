import CPNG

/// PNG images, through libpng.
public enum PNG {
  /// Decodes an image, turned upright as its Exif orientation says. Sixteen bits a sample are kept; a
  /// palette is resolved; gamma and colour profiles are not applied; for transparency see
  /// `Picture.notes`.
  /// - Throws: `FormatError` where the file is no PNG image, is cut or damaged, or larger than
  ///   `Picture.maxPixels`.
  public static func picture(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Picture {
    let chunks = try PNGChunks(bytes, named: name)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    let begun = chunks.essential.withUnsafeBytes { file in
      // libpng reads from this memory again when it decodes.
      png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0
        ? decode(&image) : nil
    }
    guard let decoded = begun else {
      throw FormatError(file: name, part: "PNG", .failure(message(image)))
    }
    let (width, height) = (chunks.header.width, chunks.header.height)
    let picture =
      decoded.hasAlpha
      ? Picture(
        width: width, height: height, channels: decoded.channels,
        samplesWithAlpha: decoded.samples)
      : Picture(
        width: width, height: height, channels: decoded.channels, samples: decoded.samples)
    return picture.upright(chunks.orientation)
  }

  private struct Decoded {
    var samples: [UInt16]
    /// Colour channels, opacity not counted.
    var channels: Int
    var hasAlpha: Bool
  }

  private static func decode(_ image: inout png_image) -> Decoded? {
    let isDeep = image.format & PNG_FORMAT_FLAG_LINEAR != 0
    image.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_LINEAR
    let hasAlpha = image.format & PNG_FORMAT_FLAG_ALPHA != 0
    let channels = image.format & PNG_FORMAT_FLAG_COLOR != 0 ? 3 : 1
    let count = Int(image.width) * Int(image.height) * (channels + (hasAlpha ? 1 : 0))
    var deep = [UInt16](repeating: 0, count: isDeep ? count : 0)
    var shallow = [UInt8](repeating: 0, count: isDeep ? 0 : count)
    let done =
      isDeep
      ? png_image_finish_read(&image, nil, &deep, 0, nil)
      : png_image_finish_read(&image, nil, &shallow, 0, nil)
    guard done != 0 else { return nil }
    if !isDeep { deep = shallow.map { UInt16($0) * 257 } }
    if isDeep && hasAlpha { divideByAlpha(&deep, channels: channels) }
    return Decoded(samples: deep, channels: channels, hasAlpha: hasAlpha)
  }

  /// libpng gives deep samples multiplied by opacity.
  private static func divideByAlpha(_ samples: inout [UInt16], channels: Int) {
    for pixel in stride(from: 0, to: samples.count, by: channels + 1) {
      let alpha = UInt32(samples[pixel + channels])
      guard alpha > 0 else { continue }
      for sample in pixel..<pixel + channels {
        samples[sample] = UInt16(
          min(65_535, (UInt32(samples[sample]) * 65_535 + alpha / 2) / alpha))
      }
    }
  }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension PNG {
  /// Encodes an image of 8-bit red, green and blue, `[height, width, 3]`.
  /// - Throws: `FormatError` of kind `cannotWrite` with libpng's reason.
  public static func bytes(
    rgb: [UInt8], width: Int, height: Int, named name: String = "PNG"
  ) throws(FormatError) -> [UInt8] {
    precondition(width > 0 && height > 0 && rgb.count == width * height * 3, "\(width)×\(height)")
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    (image.width, image.height) = (png_uint_32(width), png_uint_32(height))
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    defer { png_image_free(&image) }
    // Without a place to write to libpng only measures.
    var size = 0
    var done = png_image_write_to_memory(&image, nil, &size, 0, rgb, 0, nil)
    var bytes = [UInt8](repeating: 0, count: size)
    if done != 0 { done = png_image_write_to_memory(&image, &bytes, &size, 0, rgb, 0, nil) }
    guard done != 0 else {
      throw FormatError(.cannotWrite, file: name, .failure(message(image)))
    }
    return Array(bytes.prefix(size))
  }
}

extension FileKind {
  /// An image of libpng's.
  public static let png = FileKind(
    "a PNG image", endings: ["png"], matches: { $0.starts(with: PNGChunks.signature) }
  ) { bytes, name, _ throws(FormatError) in
    .init(.picture(try PNG.picture(from: bytes, named: name)))
  }
}
