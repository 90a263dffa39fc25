import TerminalUI

extension State {
  /// Opens the grid with the shown channel marked, or closes it.
  mutating func toggleGrid() {
    if case .grid = overlay { uncover() } else { cover(with: .grid(selected: channel)) }
  }

  /// Marks a channel of the grid, or the nearest there is.
  mutating func select(_ channel: Int) {
    overlay = .grid(selected: min(max(0, channel), channels - 1))
  }

  /// Moves the mark so many lines and columns of thumbnails; beyond the last channel it stays.
  mutating func moveInGrid(from selected: Int, rows: Int, columns: Int) -> [Effect] {
    let target = selected + columns + rows * GridPanel.grid(self).perLine
    if (0..<channels).contains(target) { select(target) }
    return []
  }

  /// Shows a channel of the grid and closes it.
  mutating func chooseFromGrid(_ selected: Int) -> [Effect] {
    uncover()
    channel = min(max(0, selected), channels - 1)
    clampCursor()
    return []
  }

  /// Colours values by the next ramp.
  mutating func nextRamp() {
    let ramps = Ramp.allCases
    theme.ramp = ramps[((ramps.firstIndex(of: theme.ramp) ?? 0) + 1) % ramps.count]
    message = "ramp \(theme.ramp.rawValue)"
    if !theme.usesHalfBlocks { message? += ": glyphs stay as they are" }
  }
}
