public import TensorCore

/// How a picture is made to fit a size of other proportions.
public enum PictureFit: String, CaseIterable, Sendable {
  /// Each side by itself.
  case stretch
  /// The largest part in the middle that has the proportions.
  case crop
  /// The whole, with black above and below or at both sides.
  case letterbox
}

extension Picture {
  /// The picture in a size, its proportions as `fit` says; `notes` says what that took.
  /// - Throws: `TensorError` where there is no such picture: a size of 0 or more than `maxPixels`.
  public func resized(
    height: Int, width: Int, fit: PictureFit
  ) throws(TensorError) -> Picture {
    try Picture.checkSize(height: height, width: width)
    let isAlike = self.width * height == width * self.height
    switch fit {
    case .stretch: return try resized(height: height, width: width)
    case .crop:
      let part = isAlike ? self : middle(proportions: height, width)
      return try part.resized(height: height, width: width)
    case .letterbox:
      guard !isAlike else { return try resized(height: height, width: width) }
      let isWide = self.width * height > width * self.height
      let inner = (
        height: isWide ? max(1, (self.height * width * 2 + self.width) / (2 * self.width)) : height,
        width: isWide ? width : max(1, (self.width * height * 2 + self.height) / (2 * self.height))
      )
      return try resized(height: min(height, inner.height), width: min(width, inner.width))
        .framed(height: height, width: width)
    }
  }

  /// The largest part in the middle with the proportions of a size.
  private func middle(proportions height: Int, _ width: Int) -> Picture {
    let isWide = self.width * height > width * self.height
    let (h, w) =
      isWide
      ? (self.height, max(1, self.height * width / height))
      : (max(1, self.width * height / width), self.width)
    let (top, left) = ((self.height - h) / 2, (self.width - w) / 2)
    var samples: [UInt16] = []
    samples.reserveCapacity(h * w * channels)
    for y in top..<top + h {
      let start = (y * self.width + left) * channels
      samples += self.samples[start..<start + w * channels]
    }
    return Picture(
      width: w, height: h, channels: channels, samples: samples,
      notes: notes + ["cropped to \(w)×\(h)"])
  }

  /// The picture in the middle of black.
  private func framed(height: Int, width: Int) -> Picture {
    guard (height, width) != (self.height, self.width) else { return self }
    let (top, left) = ((height - self.height) / 2, (width - self.width) / 2)
    var samples = [UInt16](repeating: 0, count: height * width * channels)
    for y in 0..<self.height {
      let (from, to) = (y * self.width * channels, ((y + top) * width + left) * channels)
      samples.replaceSubrange(
        to..<to + self.width * channels, with: self.samples[from..<from + self.width * channels])
    }
    return Picture(
      width: width, height: height, channels: channels, samples: samples,
      notes: notes + ["letterboxed to \(width)×\(height)"])
  }
}
