import TerminalUI

extension State {
  /// What the mouse means: a press puts the cursor on a cell or, in a mask of one's own, paints it;
  /// dragging goes on painting; the wheel moves the rate.
  func mouseAction(_ action: InputEvent.MouseAction, x: Int, y: Int) -> Action? {
    guard overlay == nil else { return nil }
    switch action {
    case .wheelUp: return .changeRate(hundredths: 1)
    case .wheelDown: return .changeRate(hundredths: -1)
    case .release: return nil
    case .press:
      guard let cell = cell(atX: x, y: y) else { return nil }
      guard setting.kind == "manual" else {
        return .placeCursor(row: cell.row, column: cell.column)
      }
      return .paintCell(row: cell.row, column: cell.column, keeps: !isKept(cell))
    case .drag:
      // A stroke goes on as its first cell began, which the cursor is still on.
      guard let cell = cell(atX: x, y: y), cell != cursor else { return nil }
      guard setting.kind == "manual" else {
        return .placeCursor(row: cell.row, column: cell.column)
      }
      return .paintCell(row: cell.row, column: cell.column, keeps: isKept(cursor))
    }
  }

  /// Takes the mouse or gives it back, and says what that means.
  mutating func setMouse(_ isOn: Bool) -> [Effect] {
    isMouseOn = isOn
    message =
      isOn
      ? "mouse on: click, drag, wheel; :mouse off for the terminal's own selection"
      : "mouse off: the terminal's own selection works again; :mouse on takes it back"
    return [.setMouse(isOn)]
  }

  /// The cell of the shown plane at a place of the screen; nil beside the maps.
  func cell(atX x: Int, y: Int) -> Cursor? {
    guard let pane = ScreenLayout(self)?.maps.first(where: { $0.contains(x: x, y: y) }) else {
      return nil
    }
    let map = pane.splitTop(1).rest
    guard map.contains(x: x, y: y) else { return nil }
    let scale = ScreenLayout.scale(self, in: map)
    let plane = plane
    // What MapPicture draws: two half-blocks to a row of text, or one glyph.
    let (across, down) = theme.usesHalfBlocks ? (1, 2) : (min(2, scale), 1)
    let size = theme.usesHalfBlocks ? scale : max(1, scale / 2)
    let window = MapWindow(
      mapWidth: plane.columns * size, mapHeight: plane.rows * size, roomWidth: map.width / across,
      roomHeight: map.height * down, center: (cursor.column * size, cursor.row * size))
    let column = (window.x + (x - map.x) / across) / size
    var row = (window.y + (y - map.y) * down) / size
    // A second press on the upper cell of a half-block means the lower one.
    if down == 2, size == 1, cursor == Cursor(row: row, column: column) { row += 1 }
    return plane.offset(y: row, x: column) == nil ? nil : Cursor(row: row, column: column)
  }
}
