import Masks
import Studies
import TensorCore
public import TerminalUI

/// All channels of the shown layer at once, over everything else: where whole maps are dropped, they
/// are seen at a glance.
public struct GridPanel: Panel {
  let selected: Int

  /// The grid with its marked channel.
  public init(selected: Int) { self.selected = selected }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let frame = OverlayFrame(
      title: GridPanel.title(state, room: rect.width - 6), width: rect.width, height: rect.height,
      in: rect)
    guard !frame.inside.isEmpty else { return }
    frame.draw(of: &buffer, state.theme)
    let grid = ThumbnailGrid(state, in: frame.inside)
    let selected = min(max(0, selected), state.channels - 1)
    let first = grid.first(showing: selected)
    let last = min(state.channels, first + grid.visible)
    for (slot, channel) in (first..<last).enumerated() {
      ChannelThumbnail(channel: channel, isMarked: channel == selected, showsShare: true)
        .draw(state, in: grid.slot(slot).intersection(frame.inside), of: &buffer)
    }
    if last - first < state.channels { mark(first..<last, state, frame, &buffer) }
  }

  /// Where the thumbnails of a state stand on its screen.
  static func grid(_ state: State) -> ThumbnailGrid {
    let screen = Rect(width: state.size.width, height: state.size.height - 1)
    let frame = OverlayFrame(title: "", width: screen.width, height: screen.height, in: screen)
    return ThumbnailGrid(state, in: frame.inside)
  }

  /// Says on the lower border which channels are seen, where those are not all.
  private func mark(
    _ seen: Range<Int>, _ state: State, _ frame: OverlayFrame, _ buffer: inout Buffer
  ) {
    let glyphs = state.theme.glyphs
    let above = seen.lowerBound > 0 ? glyphs.moreAbove : glyphs.horizontal
    let below = seen.upperBound < state.channels ? glyphs.moreBelow : glyphs.horizontal
    let range = "\(seen.lowerBound)-\(seen.upperBound - 1) of \(state.channels)"
    let texts = [" \(above)\(below) channels \(range) ", " \(range) "]
    guard let text = texts.first(where: { $0.unicodeScalars.count <= frame.inside.width }) else {
      return
    }
    let x = frame.inside.right - text.unicodeScalars.count
    buffer.write(text, x: x, y: frame.outside.bottom - 1, style: .title)
  }

  /// Layer, kind, rate, and how many channels are dropped whole; shorter where there is no room.
  private static func title(_ state: State, room: Int) -> String {
    let setting = state.setting
    let rate = NumberText.probability(setting.rate.p)
    let counted = "\(dropped(state))"
    let place = state.observation.actsHere ? "" : " at \(state.site.name)"
    let texts = [
      "\(state.layer.name)  \(setting.kind)\(place) p \(rate)  \(counted) dropped",
      "\(state.layer.name) \(setting.kind) \(rate) \(counted)", "\(setting.kind) \(counted)",
      counted,
    ]
    return texts.first { $0.unicodeScalars.count <= room } ?? ""
  }

  /// `3/16 maps`, or of a dense layer `12/32 units`.
  private static func dropped(_ state: State) -> String {
    let observation = state.observation
    guard !Plane.isVector(observation.layout) else {
      let dropped = observation.actsHere ? observation.mask.dropped(n: 0) : 0
      return "\(dropped)/\(observation.layout.c) units"
    }
    let dropped = (0..<state.channels).filter { state.isDropped(channel: $0) }.count
    return "\(dropped)/\(state.channels) maps"
  }
}
