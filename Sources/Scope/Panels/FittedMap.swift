import TensorCore
import TerminalUI

/// A map as large as a rectangle allows: whole cells where it fits, else made small.
struct FittedMap {
  let tensor: Tensor
  let plane: Plane
  private let ink: @Sendable (Float, Theme) -> MapPicture.Ink

  /// A map with the range of its own values.
  init(_ tensor: Tensor, _ plane: Plane) {
    self.init(tensor, plane, ValueScale(tensor, over: plane))
  }

  init(_ tensor: Tensor, _ plane: Plane, _ scale: ValueScale) {
    (self.tensor, self.plane) = (tensor, plane)
    ink = { scale.ink($0, $1) }
  }

  /// Differences from −`largest` to `largest`: dark where there is none.
  init(_ tensor: Tensor, _ plane: Plane, differs largest: Float) {
    (self.tensor, self.plane) = (tensor, plane)
    ink = { value, _ in
      let level = value.isFinite && largest > 0 ? value / largest : value
      return MapPicture.Ink(DivergingRamp.color(at: level), DivergingRamp.glyph(at: level))
    }
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard !rect.isEmpty, plane.rows > 0, plane.columns > 0 else { return }
    let rows = theme.usesHalfBlocks ? 2 * rect.height : rect.height
    if plane.rows <= rows, plane.columns <= rect.width {
      let sizes = [rows / plane.rows, rect.width / plane.columns]
      let size = theme.usesHalfBlocks ? sizes.min() ?? 1 : 1
      MapPicture(plane) { ink(tensor[$0], theme) }
        .draw(in: rect, of: &buffer, scale: size, theme: theme)
    } else {
      // As many columns as rows of the map ask for, so that it keeps its form.
      let side = min(
        Double(rows) / Double(plane.rows), Double(rect.width) / Double(plane.columns))
      let (height, width) = (Double(plane.rows) * side, Double(plane.columns) * side)
      Thumbnail(
        tensor, plane, rows: max(1, Int(height)), columns: max(1, Int(width)), theme: theme,
        ink: ink
      ).draw(in: rect, of: &buffer)
    }
  }
}
