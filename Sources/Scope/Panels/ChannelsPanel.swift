import Masks
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
    let (label, strip) = area.splitLeft(ChannelsPanel.labelWidth)
    let text = Rect(x: label.x, y: label.y + 1, width: label.width, height: 1)
    let isVector = Plane.isVector(state.observation.layout)
    TextLine([.init(isVector ? "units" : "channels", .title)])
      .draw(in: text, of: &buffer, glyphs: state.theme.glyphs)
    let grid = Grid(channels: state.channels, in: strip, tallest: (state.plane.rows + 1) / 2)
    let first = grid.first(showing: state.channel)
    let showsAll = first == 0 && grid.visible >= state.channels
    if !showsAll {
      let range = "\(first)-\(min(state.channels, first + grid.visible) - 1)"
      buffer.write(range, x: label.x, y: label.y + 2, style: .dim)
      buffer.write("of \(state.channels)", x: label.x, y: label.y + 3, style: .dim)
    }
    if let output = state.observation.output, let clean = state.observation.cleanOutput,
      clean.shape.rank <= 2
    {
      let change = OutputText.change(from: clean, to: output, state.theme.glyphs)
      if showsAll { buffer.write("output", x: label.x, y: label.y + 3, style: .title) }
      buffer.write(change, x: label.x, y: label.y + 4, style: .text, limit: label.right - 1)
    }
    for (slot, channel) in (first..<min(state.channels, first + grid.visible)).enumerated() {
      draw(channel, state, in: grid.slot(slot), of: &buffer)
    }
  }

  private func draw(_ channel: Int, _ state: State, in slot: Rect, of buffer: inout Buffer) {
    let isDropped = ChannelsPanel.isDropped(channel, state)
    let isShown = channel == state.channel
    let (top, picture) = slot.splitTop(1)
    let style = isDropped ? Style(Palette.killed, on: Palette.background) : isShown ? .text : .dim
    let word = slot.width >= 12 ? " dropped" : ""
    let mark = isDropped ? " \(state.theme.glyphs.killed)\(word)" : ""
    TextLine([
      .init("\(channel)", isShown ? .badge(isDropped ? Palette.killed : Palette.accent) : style),
      .init(mark, style),
    ]).draw(in: top, of: &buffer, glyphs: state.theme.glyphs)
    let plane = Plane(state.observation.layout, channel: channel)
    Thumbnail(
      state.observation.clean, plane, rows: picture.height, struck: isDropped, theme: state.theme
    ).draw(in: picture, of: &buffer)
  }

  /// Whether dropout took all of a channel's cells.
  static func isDropped(_ channel: Int, _ state: State) -> Bool {
    let observation = state.observation
    guard observation.actsHere, !Plane.isVector(observation.layout) else { return false }
    return observation.mask.dropped(c: channel) == observation.layout.area
  }

  /// Draws the input at the right end and returns the columns it took; nil where there is no room.
  private func drawInput(_ state: State, in rect: Rect, of buffer: inout Buffer) -> Int? {
    guard let layout = try? NCHW(state.experiment.subject.input.shape), !Plane.isVector(layout)
    else { return nil }
    let rows = min(rect.height - 1, 14)
    let width = 2 * rows + 8
    guard rect.width >= width + 30 else { return nil }
    let x = rect.right - width
    buffer.write("input", x: x + 1, y: rect.y + 1, style: .title)
    let room = Rect(x: x + 7, y: rect.y + 1, width: 2 * rows, height: rows)
    Thumbnail(
      state.experiment.subject.input, Plane(layout, channel: 0), rows: rows, theme: state.theme
    ).draw(in: room, of: &buffer)
    return width
  }

  /// Where thumbnails stand: as large as lets all channels be seen, else as small as can be read.
  private struct Grid {
    let area: Rect
    let rows: Int
    let perLine: Int
    let lines: Int
    static let least = 4

    init(channels: Int, in area: Rect, tallest: Int) {
      self.area = area
      func fit(_ rows: Int) -> (perLine: Int, lines: Int) {
        (max(1, (area.width + 1) / (2 * rows + 1)), max(1, area.height / (rows + 1)))
      }
      let most = max(1, min(area.height - 1, max(Grid.least, tallest)))
      rows =
        (min(Grid.least, most)...most).last {
          let fit = fit($0)
          return fit.perLine * fit.lines >= channels
        } ?? min(Grid.least, most)
      (perLine, lines) = fit(rows)
    }

    var visible: Int { perLine * lines }

    /// The first channel seen, such that `channel` is: whole pages.
    func first(showing channel: Int) -> Int { channel / visible * visible }

    func slot(_ index: Int) -> Rect {
      Rect(
        x: area.x + index % perLine * (2 * rows + 1), y: area.y + index / perLine * (rows + 1),
        width: 2 * rows, height: rows + 1)
    }
  }
}
