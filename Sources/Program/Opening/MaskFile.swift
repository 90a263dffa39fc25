import Formats
package import Masks
import Scope
import Studies
package import TensorCore

/// A mask a person brings: NPY or CSV, 0 where a cell is dropped.
package enum MaskFile {
  /// Reads a mask for a site. Any number but 0 keeps its cell, so that the gates of the fast.ai
  /// spreadsheet (0, or the random number that passed) can be used as they are.
  /// - Throws: `FormatError` where the file holds anything but a number for each cell.
  package static func read(_ path: String, layout: Layout, site: String) throws -> Mask {
    let numbers = try MissingFile.suggesting(path) { try InputFile.numbers(path) }
    // One sample's mask is for each of them.
    let isWhole = numbers.shape == layout.shape
    let count = isWhole ? layout.count : layout.sampleShape.count
    guard numbers.count == count, MaskFile.shapes(of: layout).contains(numbers.shape) || isWhole
    else {
      let wanted = "\(layout.sampleShape)"
      throw FormatError(
        path, "mask", expected: "the shape of \(site), \(wanted)", found: "\(numbers.shape)")
    }
    guard numbers.elements.allSatisfy({ !$0.isNaN }) else {
      throw FormatError(path, "mask", expected: "0 for dropped and 1 for kept", found: "nan")
    }
    let kept = numbers.elements.map { $0 != 0 }
    return Mask(
      layout: layout,
      kept: isWhole ? NDArray(layout.shape, kept) : layout.repeating(kept))
  }

  /// The shapes a file may have: with and without the samples, as the rows of all that lies before the
  /// last axis, one after another, which is how CSV writes them, and as channels of maps where elements
  /// lie in memory like that.
  private static func shapes(of layout: Layout) -> [Shape] {
    let own = layout.sampleShape
    let rows = Shape([own.dims.dropLast().reduce(1, *), own.dims.last ?? 1])
    let shapes = [layout.shape, own, Shape([1] + own.dims), rows]
    guard layout.isPlanar else { return shapes }
    let (c, h, w) = (layout.c, layout.h, layout.w)
    return shapes + [[1, c, h, w], [c, h, w], [c * h, w]] + (c == 1 ? [[h, w]] : [])
      + (h * w == 1 ? [[c], [1, c]] : [])
  }
}
