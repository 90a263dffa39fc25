public import TerminalUI

/// Where each panel stands on a screen of a size. One place decides what gives way first where room
/// is short: the input beside the maps, the channels, the meters, the cell line.
public struct Layout: Equatable, Sendable {
  /// Input, model, layer, mode, seed.
  public var header = Rect(width: 0, height: 0)
  /// The whole input beside the maps, on wide screens.
  public var input: Rect?
  /// Clean, mask and dropped, each with its title row.
  public var maps: [Rect] = []
  /// Thumbnails of all channels and, at the right, of the input.
  public var channels: Rect?
  /// Kind, rate, realised.
  public var rate = Rect(width: 0, height: 0)
  /// Site, scaling, what was removed.
  public var meters: Rect?
  /// The cell under the cursor.
  public var cell: Rect?
  /// Keys, or a message.
  public var hints = Rect(width: 0, height: 0)

  /// The smallest screen that shows maps.
  public static let smallest = State.Size(width: 24, height: 8)
  /// Rows the channels need: one of labels, four of thumbnails.
  static let leastChannelRows = 5
  /// Columns and rows of a 28×28 input beside the maps, and the space after it.
  static let (inputWidth, inputRows) = (30, 14)
  /// The gap between panes.
  static let gap = 1

  /// The layout of a state's screen; nil where it is smaller than `smallest`.
  public init?(_ state: State) {
    let size = state.size
    guard size.width >= Layout.smallest.width, size.height >= Layout.smallest.height else {
      return nil
    }
    var rest = Rect(width: size.width, height: size.height)
    (header, rest) = rest.splitTop(1)
    let showsMeters = size.height >= 11
    let showsCell = size.height >= 10
    let bottomRows = 2 + (showsMeters ? 1 : 0) + (showsCell ? 1 : 0)
    var bottom: Rect
    (rest, bottom) = rest.splitTop(rest.height - bottomRows)
    (rate, bottom) = bottom.splitTop(1)
    if showsMeters { (meters, bottom) = cut(bottom, 1) }
    if showsCell { (cell, bottom) = cut(bottom, 1) }
    hints = bottom

    let wanted = Layout.mapSize(state, scale: 1)
    let needed = min(wanted.height, 13) + 1
    if rest.height - needed >= Layout.leastChannelRows {
      let rows = Layout.mapRows(
        state, width: size.width, room: rest.height - Layout.leastChannelRows)
      (rest, channels) = cut(rest, rows)
    }
    placeMaps(in: rest, state)
  }

  private mutating func placeMaps(in area: Rect, _ state: State) {
    let pane = Layout.mapSize(state, scale: Layout.scale(state, in: Layout.pane(area)))
    let hasRoom = area.width >= 3 * max(pane.width, 26) + 2 * Layout.gap + Layout.inputWidth
    var area = area
    if hasRoom, area.height > Layout.inputRows {
      let left = area.splitLeft(Layout.inputWidth)
      input = left.left
      area = left.rest
    }
    // Panes stand close together where maps are narrower than a third of the screen.
    let third = (area.width - 2 * Layout.gap) / 3
    let width = min(third, max(pane.width, 26) + (hasRoom ? 2 : 0))
    for _ in 0..<3 {
      let cut = area.splitLeft(width)
      maps.append(cut.left)
      area = cut.rest.splitLeft(Layout.gap).rest
    }
  }

  /// Rows the maps take, title included, of those there are room for: as large as their width
  /// allows, the rest is the channels'.
  private static func mapRows(_ state: State, width: Int, room: Int) -> Int {
    let pane = Rect(width: (width - 2 * gap) / 3, height: room - 1)
    let map = mapSize(state, scale: scale(state, in: pane))
    let hasInput = width >= 3 * max(map.width, 26) + 2 * gap + inputWidth
    return min(room, max(map.height, hasInput ? inputRows : 4) + 1)
  }

  private static func pane(_ area: Rect) -> Rect {
    Rect(width: (area.width - 2 * gap) / 3, height: area.height - 1)
  }

  /// Columns and rows of text that the shown map takes at a scale.
  static func mapSize(_ state: State, scale: Int) -> State.Size {
    let plane = state.plane
    return state.theme.usesHalfBlocks
      ? State.Size(width: plane.columns * scale, height: (plane.rows * scale + 1) / 2)
      : State.Size(width: plane.columns * scale, height: plane.rows)
  }

  /// How large a cell of the map can be in a pane: half-blocks, or columns where there are none.
  static func scale(_ state: State, in pane: Rect) -> Int {
    let limit = state.theme.usesHalfBlocks ? 8 : 2
    return (1...limit).last {
      let size = mapSize(state, scale: $0)
      return size.width <= pane.width && size.height <= pane.height
    } ?? 1
  }
}

/// Cuts rows from the top, for assignments in one line.
private func cut(_ rect: Rect, _ rows: Int) -> (Rect, Rect) {
  let parts = rect.splitTop(rows)
  return (parts.top, parts.rest)
}
