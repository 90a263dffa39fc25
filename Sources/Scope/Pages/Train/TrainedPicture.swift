import Masks
import Studies
import TensorCore
import TerminalUI

/// The maps of the layer shown and the first layer's filters, as they were after an epoch.
struct TrainedPicture {
  private let state: State
  private let maps: TrainedMaps
  private let isNewest: Bool

  init(_ state: State, _ maps: TrainedMaps, isNewest: Bool) {
    (self.state, self.maps, self.isNewest) = (state, maps, isNewest)
  }

  func draw(in rect: Rect, of buffer: inout Buffer) {
    let hasFilters = maps.filters != nil && rect.height >= 6
    let (above, below) = rect.splitTop(hasFilters ? (rect.height + 1) / 2 : rect.height)
    drawMaps(in: above, of: &buffer)
    if hasFilters { drawFilters(in: below, of: &buffer) }
  }

  private func drawMaps(in rect: Rect, of buffer: inout Buffer) {
    let (title, room) = rect.splitTop(1)
    let arrows = "\(state.theme.glyphs.left)\(state.theme.glyphs.right)"
    var spans: [TextLine.Span] = [
      .init(state.experiment.name(of: maps.key.layer), .title),
      .init(" after epoch \(maps.key.epoch)", isNewest ? .dim : .text),
    ]
    guard let layer = maps.layer else {
      spans.append(.init(": no maps", .dim))
      TextLine(spans).draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
      return
    }
    let count = Plane.isVector(layer.layout) ? 1 : layer.layout.c
    let grid = ThumbnailRows(count, in: room)
    if grid.visible < count { spans.append(.init(", \(grid.visible) of \(count)", .dim)) }
    TextLine(spans, right: [.init("\(arrows) epoch", .dim)])
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    for place in 0..<min(count, grid.visible) {
      let slot = grid.slot(place)
      Thumbnail(
        layer.values, Plane(layer.layout, channel: place), rows: slot.height, theme: state.theme
      ).draw(in: slot, of: &buffer)
    }
  }

  private func drawFilters(in rect: Rect, of buffer: inout Buffer) {
    guard let filters = maps.filters else { return }
    let (title, room) = rect.splitTop(1)
    let shape = filters.maps.shape
    let layout = Layout(shape, [Axis(.channel), Axis(.row), Axis(.column)])
    let grid = ThumbnailRows(shape[0], in: room)
    let size = "\(shape[1])\(state.theme.glyphs.times)\(shape[2])"
    let more = grid.visible < shape[0] ? ", \(grid.visible) of \(shape[0])" : ""
    TextLine([.init("filters", .title), .init(" of \(filters.layer), \(size)\(more)", .dim)])
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    let largest = filters.maps.elements.reduce(Float(0)) { max($0, abs($1)) }
    for place in 0..<min(shape[0], grid.visible) {
      let slot = grid.slot(place)
      Thumbnail(
        filters.maps, Plane(layout, channel: place),
        rows: state.theme.usesHalfBlocks ? 2 * slot.height : slot.height, columns: 2 * slot.height,
        theme: state.theme
      ) { value, _ in
        let share = largest > 0 ? value / largest : 0
        return MapPicture.Ink(DivergingRamp.color(at: share), DivergingRamp.glyph(at: share))
      }.draw(in: slot, of: &buffer)
    }
  }
}
