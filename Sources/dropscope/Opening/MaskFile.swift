import Formats
import Masks
import TensorCore

/// A mask a person brings: NPY or CSV, 0 where a cell is dropped.
enum MaskFile {
  /// Reads a mask for a site. Any number but 0 keeps its cell, so that the gates of the fast.ai
  /// spreadsheet (0, or the random number that passed) can be used as they are.
  /// - Throws: `FormatError` where the file holds anything but a number for each cell.
  static func read(_ path: String, layout: Layout, site: String) throws -> Mask {
    let numbers = try InputFile.numbers(path)
    // One sample's mask is for each of them.
    let isWhole = numbers.shape == layout.shape
    let count = isWhole ? layout.count : layout.c * layout.area
    let wanted = "[\(layout.c),\(layout.h),\(layout.w)]"
    guard numbers.count == count, MaskFile.shapes(of: layout).contains(numbers.shape) || isWhole
    else {
      throw FormatError(
        path, "mask", expected: "the shape of \(site), \(wanted)", found: "\(numbers.shape)")
    }
    guard numbers.elements.allSatisfy({ !$0.isNaN }) else {
      throw FormatError(path, "mask", expected: "0 for dropped and 1 for kept", found: "nan")
    }
    let kept = numbers.elements.map { $0 != 0 }
    return Mask(
      layout: layout,
      kept: NDArray(layout.shape, isWhole ? kept : (0..<layout.n).flatMap { _ in kept }))
  }

  /// The shapes a file may have: with and without the batch, and as the rows of all channels one
  /// after another, which is how CSV writes them.
  private static func shapes(of layout: Layout) -> [Shape] {
    let (c, h, w) = (layout.c, layout.h, layout.w)
    let own = layout.shape.dims
    return [layout.shape] + (own.first == 1 ? [Shape(Array(own.dropFirst()))] : [])
      + [[1, c, h, w], [c, h, w], [c * h, w]] + (c == 1 ? [[h, w]] : [])
      + (h * w == 1 ? [[c], [1, c]] : [])
  }
}
