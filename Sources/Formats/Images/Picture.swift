public import TensorCore

/// An image: rows of pixels of one grey or three red, green and blue samples. Opaque: transparency
/// is settled when a file is read.
public struct Picture: Equatable, Sendable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  /// Samples a pixel has: 1 or 3.
  public let channels: Int
  /// The samples, 0…65,535, `[height, width, channels]`. Sixteen bits hold eight exactly:
  /// 257·v / 65,535 = v / 255.
  public let samples: [UInt16]
  /// What was done to the picture since it was in its file, a phrase each, for people to read.
  public var notes: [String]

  /// The most pixels a picture may have: 2²⁷, 134 megapixels.
  public static let maxPixels = 1 << 27

  /// A picture of `height × width × channels` samples.
  public init(
    width: Int, height: Int, channels: Int, samples: [UInt16], notes: [String] = []
  ) {
    precondition(width > 0 && height > 0 && (channels == 1 || channels == 3), "\(width)×\(height)")
    precondition(samples.count == width * height * channels, "\(samples.count) samples")
    (self.width, self.height, self.channels) = (width, height, channels)
    (self.samples, self.notes) = (samples, notes)
  }

  /// A picture of 8-bit samples.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8], notes: [String] = []) {
    self.init(
      width: width, height: height, channels: channels, samples: bytes.map { UInt16($0) * 257 },
      notes: notes)
  }

  /// The picture as a network takes it: `[C,H,W]`, 0…1.
  public var tensor: Tensor {
    Tensor([channels, height, width]) { out in
      let area = width * height
      for channel in 0..<channels {
        for pixel in 0..<area {
          out[channel * area + pixel] = Float(samples[pixel * channels + channel]) / 65_535
        }
      }
    }
  }

  /// The picture with one channel: luma of ITU-R BT.601, .299 R + .587 G + .114 B.
  public var grey: Picture {
    guard channels == 3 else { return self }
    let grey = (0..<width * height).map { pixel -> UInt16 in
      // The three weights add up to 2¹⁶, so that white stays white.
      let red = UInt32(samples[3 * pixel]) * 19595
      let green = UInt32(samples[3 * pixel + 1]) * 38470
      let blue = UInt32(samples[3 * pixel + 2]) * 7471
      return UInt16((red + green + blue + 0x8000) >> 16)
    }
    return Picture(
      width: width, height: height, channels: 1, samples: grey, notes: notes + ["colour → grey"])
  }

  /// The picture with three channels, equal where it was grey.
  public var coloured: Picture {
    guard channels == 1 else { return self }
    return Picture(
      width: width, height: height, channels: 3, samples: samples.flatMap { [$0, $0, $0] },
      notes: notes + ["grey → 3 equal channels"])
  }

  /// The picture as an input of `channels` (1 or 3) × `height` × `width`; `notes` says what that
  /// took.
  /// - Throws: `TensorError` where there is no such picture: a size of 0 or more than `maxPixels`.
  public func fitted(
    channels: Int, height: Int, width: Int, fit: PictureFit = .stretch
  ) throws(TensorError) -> Picture {
    precondition(channels == 1 || channels == 3, "\(channels) channels")
    let picture = channels == 1 ? grey : coloured
    return try picture.resized(height: height, width: width, fit: fit)
  }
}
