import Insight
import Masks
import TensorCore
public import TerminalUI

/// Where dropout acts, how it rescales, and what it took away.
public struct MetersPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let observation = state.observation
    let waste = observation.waste
    let minus = state.theme.glyphs.minus
    var spans: [TextLine.Span] = [
      .init(" at ", .dim), .init(state.site.name, .text),
      .init("  ", .dim), .init(state.setting.scaling.rawValue, .text),
      .init("  wasted ", .dim), .init(NumberText.percent(waste.wasted), .text),
      .init("  mass ", .dim), .init("\(minus)\(NumberText.percent(waste.massRemoved))", .text),
      .init("  energy ", .dim), .init("\(minus)\(NumberText.percent(waste.energyRemoved))", .text),
    ]
    if let output = observation.output, let clean = observation.cleanOutput, clean.shape.rank <= 2 {
      spans.append(.init("  output ", .dim))
      spans.append(.init(OutputText.change(from: clean, to: output, state.theme.glyphs), .text))
    }
    TextLine(spans).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }
}
