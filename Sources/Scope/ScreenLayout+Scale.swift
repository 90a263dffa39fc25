import TerminalUI

extension ScreenLayout {
  /// How large a cell of a map may be. With half-blocks a cell of scale s is s columns wide and s
  /// half rows high; with glyphs it is s columns wide and, from 2 on, half as many rows high.
  private static let (largestHalfBlocks, glyphScales) = (16, [1, 2, 4, 6, 8])

  /// Columns and rows of text that a map, by default the shown one, takes at a scale.
  static func mapSize(_ state: State, of plane: Plane? = nil, scale: Int) -> ScreenSize {
    size(of: plane ?? state.plane, scale: scale, usesHalfBlocks: state.theme.usesHalfBlocks)
  }

  /// How large a cell of a map, by default the shown one, can be in a pane. Enlarged it is two columns
  /// wide at least where a screen is wide enough, and the map scrolls.
  static func scale(_ state: State, of plane: Plane? = nil, in pane: Rect) -> Int {
    let (plane, usesHalfBlocks) = (plane ?? state.plane, state.theme.usesHalfBlocks)
    func size(_ scale: Int) -> ScreenSize {
      ScreenLayout.size(of: plane, scale: scale, usesHalfBlocks: usesHalfBlocks)
    }
    let scales = usesHalfBlocks ? Array(1...largestHalfBlocks) : glyphScales
    let fitting = scales.last {
      let size = size($0)
      return size.width <= pane.width && size.height <= pane.height
    }
    let least = state.isEnlarged ? 2 : 1
    guard let fitting, fitting >= least else {
      return size(least).width <= pane.width ? least : fitting ?? 1
    }
    return fitting
  }

  private static func size(of plane: Plane, scale: Int, usesHalfBlocks: Bool) -> ScreenSize {
    usesHalfBlocks
      ? ScreenSize(width: plane.columns * scale, height: (plane.rows * scale + 1) / 2)
      : ScreenSize(width: plane.columns * scale, height: plane.rows * max(1, scale / 2))
  }
}
