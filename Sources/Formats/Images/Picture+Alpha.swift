extension Picture {
  /// A picture whose last sample of each pixel is opacity, and its colours not yet multiplied by it.
  ///
  /// What lies behind is chosen so that what was drawn can be seen: white behind dark ink, black
  /// behind light ink, by the mean luma of what is visible. `notes` says which.
  init(width: Int, height: Int, channels: Int, samplesWithAlpha samples: [UInt16]) {
    let step = channels + 1
    let pixels = width * height
    var (ink, opacity) = (0.0, 0.0)
    var isOpaque = true
    for pixel in 0..<pixels {
      let alpha = Double(samples[pixel * step + channels])
      isOpaque = isOpaque && alpha == 65_535
      let r = Double(samples[pixel * step])
      let luma =
        channels == 1
        ? r
        : 0.299 * r + 0.587 * Double(samples[pixel * step + 1])
          + 0.114 * Double(samples[pixel * step + 2])
      ink += alpha * luma
      opacity += alpha
    }
    let onWhite = opacity > 0 && ink / opacity < 32_768
    let background: UInt64 = onWhite ? 65_535 : 0
    var opaque: [UInt16] = []
    opaque.reserveCapacity(pixels * channels)
    for pixel in 0..<pixels {
      let alpha = UInt64(samples[pixel * step + channels])
      for channel in 0..<channels {
        let colour = UInt64(samples[pixel * step + channel])
        let mixed = colour * alpha + background * (65_535 - alpha)
        opaque.append(UInt16((mixed + 32_767) / 65_535))
      }
    }
    self.init(
      width: width, height: height, channels: channels, samples: opaque,
      notes: isOpaque ? [] : ["transparent parts made \(onWhite ? "white" : "black")"])
  }

  /// The error for an image that is too large, or for which there is no memory; nil for others.
  static func sizeError(_ width: Int, _ height: Int, in file: String) -> FormatError? {
    guard width < 1 || height < 1 || width > maxPixels / max(1, height) else {
      do {
        // Four samples of a byte and then of two, opaque ones, and what stays.
        try FileMemory.reserve(20 * width * height, in: file, "image", for: "\(width)×\(height)")
        return nil
      } catch {
        return error
      }
    }
    return FormatError(
      file, "image size", expected: "1 to \(grouped(maxPixels)) pixels",
      found: "\(width)×\(height)")
  }
}
