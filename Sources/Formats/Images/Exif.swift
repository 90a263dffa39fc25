/// The one thing read from a photograph's Exif data: how the camera was held.
enum Exif {
  /// The orientation, 1 (upright) to 8, of a JPEG file; 1 where it says none or nothing sensible.
  static func orientation(ofJPEG bytes: [UInt8]) -> Int {
    // Segments up to the image data: FF, type, length of the rest, content.
    var rest = bytes.dropFirst(2)
    while rest.count >= 4, rest.first == 0xFF {
      let type = rest[rest.startIndex + 1]
      guard type != 0xFF else {
        rest = rest.dropFirst()
        continue
      }
      let start = rest.startIndex
      let length = Int(rest[start + 2]) << 8 | Int(rest[start + 3])
      guard type != 0xDA, length >= 2, length + 2 <= rest.count else { return 1 }
      let content = rest[start + 4..<start + 2 + length]
      if type == 0xE1, content.starts(with: Array("Exif\0\0".utf8)) {
        return orientation(ofTIFF: Array(content.dropFirst(6))) ?? 1
      }
      rest = rest.dropFirst(length + 2)
    }
    return 1
  }

  /// Tag 0x0112 of the first directory (TIFF 6.0, section 2): Exif data without JPEG's name before it,
  /// as PNG has them. Nil where they say none or nothing sensible.
  static func orientation(ofTIFF bytes: [UInt8]) -> Int? {
    let bigEndian = bytes.starts(with: Array("MM".utf8))
    guard bigEndian || bytes.starts(with: Array("II".utf8)) else { return nil }
    func number(at offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset <= bytes.count - size else { return nil }
      let digits = bytes[offset..<offset + size]
      return (bigEndian ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, 4), let count = number(at: directory, 2) else { return nil }
    for entry in 0..<count {
      let offset = directory + 2 + entry * 12
      guard let tag = number(at: offset, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard let value = number(at: offset + 8, 2), (1...8).contains(value) else { return nil }
      return value
    }
    return nil
  }
}

extension Picture {
  /// The picture turned and mirrored as an Exif orientation asks for.
  func upright(_ orientation: Int) -> Picture {
    // Where row 0 and column 0 of the stored image lie on the upright one, 2 to 8.
    let (swaps, flipsX, flipsY): (Bool, Bool, Bool)
    switch orientation {
    case 2: (swaps, flipsX, flipsY) = (false, true, false)
    case 3: (swaps, flipsX, flipsY) = (false, true, true)
    case 4: (swaps, flipsX, flipsY) = (false, false, true)
    case 5: (swaps, flipsX, flipsY) = (true, false, false)
    case 6: (swaps, flipsX, flipsY) = (true, false, true)
    case 7: (swaps, flipsX, flipsY) = (true, true, true)
    case 8: (swaps, flipsX, flipsY) = (true, true, false)
    default: return self
    }
    let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
    var turned: [UInt16] = []
    turned.reserveCapacity(samples.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (column, row) = swaps ? (y, x) : (x, y)
        let from =
          (flipsY ? height - 1 - row : row) * width + (flipsX ? width - 1 - column : column)
        turned += samples[from * channels..<(from + 1) * channels]
      }
    }
    return Picture(
      width: newWidth, height: newHeight, channels: channels, samples: turned,
      notes: notes + ["turned upright (Exif \(orientation))"])
  }
}
