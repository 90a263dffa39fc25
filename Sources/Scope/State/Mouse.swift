import Studies
import TerminalUI

extension State {
  /// What the mouse means. A press on a tab, a key of the last line, a row, a channel or what is said of
  /// the model's own dropout does what it says; on the maps it puts the cursor on a cell or, in a mask
  /// of one's own, paints it, and dragging goes on painting; the wheel moves the rate, or through a list.
  func mouseAction(_ action: InputEvent.MouseAction, x: Int, y: Int) -> Action? {
    guard let layout = ScreenLayout(self) else { return nil }
    if action == .press, let action = fixedAction(atX: x, y: y, layout) { return action }
    if overlay != nil { return listAction(action, x: x, y: y, layout) }
    switch action {
    case .wheelUp: return .changeRate(hundredths: 1)
    case .wheelDown: return .changeRate(hundredths: -1)
    case .release: return nil
    case .press:
      if let channel = channel(atX: x, y: y, layout) {
        return .changeChannel(by: channel - self.channel)
      }
      if let hundredths = RatePanel.hundredths(atX: x, y: y, in: layout.rate, self) {
        return .setRate(hundredths: hundredths)
      }
      guard let cell = cell(atX: x, y: y) else { return nil }
      guard setting.kind == "manual" else {
        return .placeCursor(row: cell.row, column: cell.column)
      }
      return .paintCell(row: cell.row, column: cell.column, keeps: !isKept(cell))
    case .drag:
      if let hundredths = RatePanel.hundredths(atX: x, y: y, in: layout.rate, self) {
        return .setRate(hundredths: hundredths)
      }
      // A stroke goes on as its first cell began, which the cursor is still on.
      guard let cell = cell(atX: x, y: y), cell != cursor else { return nil }
      guard setting.kind == "manual" else {
        return .placeCursor(row: cell.row, column: cell.column)
      }
      return .paintCell(row: cell.row, column: cell.column, keeps: isKept(cursor))
    }
  }

  /// What stands in the same place whatever is open: tabs, the model's own dropout, the keys.
  private func fixedAction(atX x: Int, y: Int, _ layout: ScreenLayout) -> Action? {
    if overlay?.isQuestion == true { return nil }
    if let tabs = layout.tabs, tabs.contains(x: x, y: y) {
      return TabsPanel.page(atX: x, width: tabs.width).map { .openPage($0?.name) }
    }
    if case .prompt = overlay { return nil }
    if !isTyping, layout.header.contains(x: x, y: y),
      ActiveDropouts(self, in: layout.header).isModels(x)
    {
      return .toggleModelDropout
    }
    return layout.hints.contains(x: x, y: y)
      ? HintsPanel.action(atX: x, in: layout.hints, self) : nil
  }

  /// What the mouse means in a list.
  private func listAction(
    _ action: InputEvent.MouseAction, x: Int, y: Int, _ layout: ScreenLayout
  ) -> Action? {
    switch action {
    case .wheelUp: return isScrolling ? .scroll(by: -1) : .moveSelection(by: -1)
    case .wheelDown: return isScrolling ? .scroll(by: 1) : .moveSelection(by: 1)
    case .press:
      guard let row = row(atX: x, y: y, layout) else { return nil }
      // A second press does what Enter does.
      return row == markedRow ? self.action(for: .key(.enter)) : .selectRow(row)
    case .drag, .release: return nil
    }
  }

  private var isScrolling: Bool {
    switch overlay {
    case .inspector, .help: true
    default: false
    }
  }

  /// The row of the open list at a place of the screen.
  private func row(atX x: Int, y: Int, _ layout: ScreenLayout) -> Int? {
    let screen = layout.overlays(height: size.height)
    switch overlay {
    case .finder(let finder): return FinderPanel(finder).item(atX: x, y: y, in: screen, self)
    case .layers(let mark): return LayersPanel(mark).layer(atX: x, y: y, in: screen, self)
    case .grid(let selected):
      let grid = GridPanel.grid(self)
      return grid.channel(atX: x, y: y, first: grid.first(showing: selected), of: channels)
    case .page(let page, _):
      return listRows?.row(atX: x, y: y, in: PanelPage(page, in: screen).list)
    default: return nil
    }
  }

  /// The channel whose thumbnail lies at a place of the screen.
  private func channel(atX x: Int, y: Int, _ layout: ScreenLayout) -> Int? {
    guard let rect = layout.channels, rect.contains(x: x, y: y), channels > 1 else { return nil }
    let grid = ChannelsPanel(showsInput: layout.input == nil).grid(self, in: rect)
    return grid.channel(atX: x, y: y, first: grid.first(showing: channel), of: channels)
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
