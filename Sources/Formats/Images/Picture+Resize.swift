public import TensorCore

extension Picture {
  /// The picture in another size, its sides each on their own: shrunk to the mean of the area that a
  /// new pixel covers, grown by linear interpolation between the centres of pixels.
  /// - Throws: `TensorError` where there is no such picture: a size of 0 or more than `maxPixels`.
  public func resized(height: Int, width: Int) throws(TensorError) -> Picture {
    try Picture.checkSize(height: height, width: width)
    guard (height, width) != (self.height, self.width) else { return self }
    // Rows as floats, then samples of two bytes.
    try MemoryBudget.reserve(
      (4 * self.height + 2 * height) * width * channels, in: "image", for: "\(width)×\(height)")
    let across = Resampling(from: self.width, to: width)
    let down = Resampling(from: self.height, to: height)
    let stride = width * channels
    // Rows are made narrow or wide first, each once, and then mixed.
    var rows = [Float](repeating: 0, count: self.height * stride)
    for y in 0..<self.height {
      for (x, taps) in across.taps.enumerated() {
        for channel in 0..<channels {
          var sum: Float = 0
          for tap in taps {
            sum +=
              tap.weight
              * Float(samples[(y * self.width + tap.index) * channels + channel])
          }
          rows[y * stride + x * channels + channel] = sum
        }
      }
    }
    var resized: [UInt16] = []
    resized.reserveCapacity(height * stride)
    for taps in down.taps {
      for x in 0..<stride {
        let sum = taps.reduce(Float(0)) { $0 + $1.weight * rows[$1.index * stride + x] }
        resized.append(UInt16(min(65_535, max(0, sum.rounded()))))
      }
    }
    return Picture(
      width: width, height: height, channels: channels, samples: resized,
      notes: notes + ["\(self.width)×\(self.height) → \(width)×\(height)"])
  }
}

extension Picture {
  /// - Throws: `TensorError` where there is no picture of a size: one is 0, or there are more than
  ///   `maxPixels`.
  public static func checkSize(height: Int, width: Int) throws(TensorError) {
    guard height > 0, width > 0, width <= maxPixels / height else {
      throw TensorError(
        "image size", expected: "1 to \(grouped(maxPixels)) pixels", found: "\(width)×\(height)")
    }
  }
}

/// Which old pixels make up each new one along one side, with weights that add up to 1.
private struct Resampling {
  typealias Tap = (index: Int, weight: Float)
  var taps: [[Tap]]

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    taps = (0..<new).map { pixel -> [Tap] in
      if new < old {
        let (start, end) = (Double(pixel) * scale, min(Double(old), Double(pixel + 1) * scale))
        return (Int(start)..<min(old, Int(end.rounded(.up)))).map { index -> Tap in
          let overlap = min(end, Double(index + 1)) - max(start, Double(index))
          return (index, Float(overlap / (end - start)))
        }
      }
      let centre = min(Double(old - 1), max(0, (Double(pixel) + 0.5) * scale - 0.5))
      let (index, part) = (Int(centre), Float(centre - centre.rounded(.down)))
      let taps: [Tap] = [(index, 1 - part), (min(index + 1, old - 1), part)]
      return part == 0 ? [taps[0]] : taps
    }
  }
}
