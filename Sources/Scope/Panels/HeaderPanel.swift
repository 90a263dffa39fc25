import Masks
import TensorCore
public import TerminalUI

/// What is looked at: input, model, layer with its shape, channel; mode and seed at the right.
public struct HeaderPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let layer = state.layer
    let subject = state.experiment.subject
    let separator = " \(state.theme.glyphs.separator) "
    let layout = layer.layout
    let shape = Plane.isVector(layout) ? "[\(layout.c)]" : "[\(layout.c),\(layout.h),\(layout.w)]"
    var spans: [TextLine.Span] = [
      .init(" \(subject.inputName)\(separator)\(subject.modelName)\(separator)", .text),
      .init(layer.name, Style(Palette.text, on: Palette.background, .bold)),
      .init(" \(shape)", .text),
    ]
    if rect.width >= 60 { spans.insert(.init(" dropscope ", .badge(Palette.accent)), at: 0) }
    if state.channels > 1 {
      spans.append(.init("  channel \(state.channel) of \(state.channels)", .dim))
    }
    // Mode and seed stay; the path gives way.
    let right = self.right(state)
    let width = right.reduce(0) { $0 + $1.width }
    let (left, rest) = rect.splitLeft(rect.width - width)
    let line = width + 20 <= rect.width ? left : rect
    TextLine(spans, fill: .text).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    if line != rect { TextLine(right).draw(in: rest, of: &buffer, glyphs: state.theme.glyphs) }
  }

  private func right(_ state: State) -> [TextLine.Span] {
    let isTraining = state.setting.mode == .train
    return [
      .init(state.isResampling ? " \(state.theme.glyphs.running) " : " ", .title),
      .init(isTraining ? "train" : " eval ", isTraining ? .title : .badge(Palette.warning)),
      .init("  seed \(state.setting.seed) ", .dim),
    ]
  }
}
