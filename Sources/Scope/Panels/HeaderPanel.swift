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
      .init(" dropscope ", .badge(Palette.accent)),
      .init(" \(subject.inputName)\(separator)\(subject.modelName)\(separator)", .text),
      .init(layer.name, Style(Palette.text, on: Palette.background, .bold)),
      .init(" \(shape)", .text),
    ]
    if state.channels > 1 {
      spans.append(.init("  channel \(state.channel) of \(state.channels)", .dim))
    }
    let isTraining = state.setting.mode == .train
    let mode = TextLine.Span(
      isTraining ? "train" : " eval ", isTraining ? .title : .badge(Palette.warning))
    let busy = state.isResampling ? "resampling  " : ""
    TextLine(
      spans, right: [.init(busy, .title), mode, .init("  seed \(state.setting.seed) ", .dim)],
      fill: .text
    ).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }
}
