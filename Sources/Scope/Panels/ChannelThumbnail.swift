import Masks
import Studies
import TensorCore
import TerminalUI

/// One channel of the shown layer made small, below its number; struck out where dropout took all
/// of it.
struct ChannelThumbnail {
  let channel: Int
  /// Whether its number is marked.
  let isMarked: Bool
  /// Whether the share of its cells that was dropped stands beside the number.
  var showsShare = false

  func draw(_ state: State, in slot: Rect, of buffer: inout Buffer) {
    let isDropped = state.isDropped(channel: channel)
    let (top, picture) = slot.splitTop(1)
    let style = isDropped ? Style(Palette.killed, on: Palette.background) : isMarked ? .text : .dim
    let word = slot.width >= 12 ? " dropped" : ""
    let mark = isDropped ? " \(state.theme.glyphs.killed)\(word)" : showsShare ? share(state) : ""
    TextLine([
      .init(
        label(state, in: slot),
        isMarked ? .badge(isDropped ? Palette.killed : Palette.accent) : style),
      .init(mark, style),
    ]).draw(in: top, of: &buffer, glyphs: state.theme.glyphs)
    let plane = Plane(state.observation.layout, channel: channel)
    Thumbnail(
      state.observation.clean, plane, rows: picture.height, struck: isDropped, theme: state.theme
    ).draw(in: picture, of: &buffer)
  }

  /// The channel's number; with that of the slice as `c2 d5`, or as `2.5` where there is no room for
  /// letters beside the mark.
  private func label(_ state: State, in slot: Rect) -> String {
    let label = LayoutText(state.observation.layout).label(channel)
    guard label.unicodeScalars.count + 2 > slot.width else { return label }
    return label.split(separator: " ").map { $0.drop { $0.isLetter } }.joined(separator: ".")
  }

  private func share(_ state: State) -> String {
    let observation = state.observation
    guard observation.actsHere, !Plane.isVector(observation.layout) else { return "" }
    let dropped = observation.mask.dropped(c: channel)
    return " \(NumberText.percent(Double(dropped) / Double(observation.layout.area)))"
  }
}

extension State {
  /// Whether dropout took all of a channel's cells.
  func isDropped(channel: Int) -> Bool {
    guard observation.actsHere, !Plane.isVector(observation.layout) else { return false }
    return observation.mask.dropped(c: channel) == observation.layout.area
  }
}
