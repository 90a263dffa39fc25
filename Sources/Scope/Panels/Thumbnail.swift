import Studies
import TensorCore
import TerminalUI

/// A map made small: each cell of the thumbnail is the strongest of the cells it covers, so that a
/// thin stroke does not vanish.
struct Thumbnail {
  private let picture: MapPicture
  private let theme: Theme

  /// A thumbnail of one plane, `rows` rows of text high and twice as many columns wide.
  /// - Parameter struck: draws what is live as killed and what is zero as wasted.
  init(_ tensor: Tensor, _ plane: Plane, rows: Int, struck: Bool = false, theme: Theme) {
    let scale = ValueScale(tensor, over: plane)
    self.init(
      tensor, plane, rows: theme.usesHalfBlocks ? 2 * rows : rows, columns: 2 * rows, theme: theme
    ) { value, theme in
      struck ? (value != 0 ? Fate.killed : .wasted).ink(theme) : scale.ink(value, theme)
    }
  }

  /// A thumbnail of one plane, so many cells high and wide, with what a value looks like.
  init(
    _ tensor: Tensor, _ plane: Plane, rows height: Int, columns width: Int, theme: Theme,
    ink: (Float, Theme) -> MapPicture.Ink
  ) {
    self.theme = theme
    let rows = (0..<height).map { Thumbnail.covered($0, of: height, by: plane.rows) }
    let columns = (0..<width).map { Thumbnail.covered($0, of: width, by: plane.columns) }
    picture = MapPicture(rows: height, columns: width) { y, x in
      var strongest: Float?
      for row in rows[y] {
        for column in columns[x] {
          guard let offset = plane.offset(y: row, x: column) else { continue }
          if abs(tensor[offset]) >= abs(strongest ?? 0) { strongest = tensor[offset] }
        }
      }
      return strongest.map { ink($0, theme) }
    }
  }

  /// The cells of a plane that one of `size` cells of the thumbnail stands for.
  private static func covered(_ index: Int, of size: Int, by cells: Int) -> Range<Int> {
    let start = index * cells / size
    return start..<max(start + 1, (index + 1) * cells / size)
  }

  func draw(in rect: Rect, of buffer: inout Buffer) {
    picture.draw(in: rect, of: &buffer, scale: 1, theme: theme)
  }
}
