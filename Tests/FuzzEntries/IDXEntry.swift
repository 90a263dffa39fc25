import Formats
import TensorCore

extension FuzzEntry {
  /// Items of an IDX file, as numbers, as a picture and as images with labels.
  static let idx = FuzzEntry("idx", readers: ["IDX", "LabelledIDX"], longest: 512, share: 300) {
    bytes in
    guard let file = try? IDX(bytes, named: "x.idx") else { return }
    let count = file.header.count
    for index in [0, count - 1, count, -1, Int.max] {
      guard let item = try? file.item(at: index) else { continue }
      expect(item.shape == file.header.itemShape, "\(item.shape)")
      if item.shape.rank == 2, item.count > 0 { _ = Picture(pixels: item).tensor }
    }
    let labels =
      [0, 0, 8, 1, 0, 0, 0, UInt8(truncatingIfNeeded: count)]
      + [UInt8](repeating: 3, count: count & 0xFF)
    guard
      let images = try? LabelledIDX(
        images: bytes, named: "images", labels: labels, named: "labels")
    else { return }
    var image = [Float](repeating: 0, count: images.imageShape.count)
    for index in 0..<images.count {
      image.withUnsafeMutableBufferPointer { images.write(index, into: $0) }
    }
    _ = try? images.checkLabels(below: 4, of: "model")
  }
}
