import Masks
import Studies
import TensorCore
public import TerminalUI

/// All channels of the shown layer as thumbnails, those dropped whole struck out; the input at the
/// right where it has no pane of its own.
public struct ChannelsPanel: Panel {
  let showsInput: Bool
  private static let labelWidth = 10

  /// The panel, with or without the input at its right.
  public init(showsInput: Bool) { self.showsInput = showsInput }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard rect.height >= 2, rect.width > ChannelsPanel.labelWidth else { return }
    var area = rect
    if showsInput, let width = drawInput(state, in: rect, of: &buffer) {
      area = rect.splitLeft(rect.width - width).left
    }
    let label = area.splitLeft(ChannelsPanel.labelWidth).left
    // Beside low thumbnails the first line is the label's.
    let top = label.y + (label.height > ScreenLayout.leastChannelRows ? 1 : 0)
    let text = Rect(x: label.x, y: top, width: label.width, height: 1)
    TextLine(state.title(LayoutText(state.observation.layout).channelsTitle, of: .channels))
      .draw(in: text, of: &buffer, glyphs: state.theme.glyphs)
    let grid = grid(state, in: rect)
    let first = grid.first(showing: state.channel)
    let showsAll = first == 0 && grid.visible >= state.channels
    if !showsAll {
      let range = "\(first)-\(min(state.channels, first + grid.visible) - 1)"
      buffer.write(range, x: label.x, y: top + 1, style: .dim)
      buffer.write("of \(state.channels)", x: label.x, y: top + 2, style: .dim)
    }
    if let output = state.observation.output, let clean = state.observation.cleanOutput,
      clean.shape.rank <= 2
    {
      let change = OutputText(state, from: clean, to: output)
      if showsAll { buffer.write("output", x: label.x, y: top + 2, style: .title) }
      let answer = change.fitting(label.width - 1)
      buffer.write(answer, x: label.x, y: top + 3, style: .text, limit: label.right - 1)
      if let name = change.name, top + 4 < rect.bottom {
        let short = NameText.shortened([name], to: label.width - 1, state.theme.glyphs)[0]
        buffer.write(short, x: label.x, y: top + 4, style: .dim, limit: label.right - 1)
      }
    }
    for (slot, channel) in (first..<min(state.channels, first + grid.visible)).enumerated() {
      ChannelThumbnail(channel: channel, isMarked: channel == state.channel)
        .draw(state, in: grid.slot(slot), of: &buffer)
    }
  }

  /// The thumbnails of a panel of this size.
  func grid(_ state: State, in rect: Rect) -> ThumbnailGrid {
    let width = showsInput ? inputWidth(state, in: rect) ?? 0 : 0
    let area = rect.splitLeft(rect.width - width).left
    return ThumbnailGrid(state, in: area.splitLeft(ChannelsPanel.labelWidth).rest)
  }

  /// The columns that the input takes at the right end; nil where there is no room.
  private func inputWidth(_ state: State, in rect: Rect) -> Int? {
    guard !Plane.isVector(state.experiment.inputLayout) else { return nil }
    let width = 2 * min(rect.height - 1, 14) + 8
    return rect.width >= width + 30 ? width : nil
  }

  /// The size of the panel without the input in a room: the page of thumbnails, or its labels.
  static func size(_ state: State, in room: Rect) -> ScreenSize {
    let strip = room.splitLeft(labelWidth).rest
    let grid = ThumbnailGrid(state, in: strip)
    let first = grid.first(showing: state.channel)
    let slots = (0..<max(0, min(state.channels - first, grid.visible))).map(grid.slot)
    return ScreenSize(
      width: max(labelWidth, slots.map(\.right).max() ?? 0),
      height: max(ScreenLayout.leastChannelRows, slots.map(\.bottom).max() ?? 0))
  }

  /// Draws the input at the right end and returns the columns it took; nil where there is no room.
  private func drawInput(_ state: State, in rect: Rect, of buffer: inout Buffer) -> Int? {
    guard let width = inputWidth(state, in: rect) else { return nil }
    let rows = min(rect.height - 1, 14)
    let x = rect.right - width
    buffer.write("input", x: x + 1, y: rect.y + 1, style: .title)
    let room = Rect(x: x + 7, y: rect.y + 1, width: 2 * rows, height: rows)
    InputPicture(state).drawThumbnail(rows: rows, in: room, of: &buffer)
    return width
  }
}
