import Masks
import Studies
import TensorCore
import TerminalUI

/// What dropout does to one cell of the shown layer, as pieces of a line:
/// `u .4026 < p .50: dropped → 0`, `u .7026 ≥ p .50: kept ×2.00 → 3.1`.
struct FateText {
  private let state: State
  private let offset: Int
  private var glyphs: Glyphs { state.theme.glyphs }

  /// The cell at a row-major offset of the shown layer.
  init(_ state: State, offset: Int) { (self.state, self.offset) = (state, offset) }

  func pieces() -> [[TextLine.Span]] {
    let observation = state.observation
    let result: [TextLine.Span] = [
      .init("\(glyphs.arrow) ", .dim),
      .init(" \(NumberText.value(observation.dropped[offset])) ", .badge(ink)),
    ]
    guard observation.actsHere else {
      return [
        [
          .init("dropout acts at ", .dim), .init(state.site.name, .title),
          .init(", not here: with it this cell is ", .dim), result[1],
        ]
      ]
    }
    if state.setting.mode == .eval {
      let scale = observation.transfer.scale
      let factor = scale == 1 ? "" : " \(times(scale))"
      return [[.init("evaluation: nothing is dropped\(factor)", .dim)], result]
    }
    return [rule(), result]
  }

  /// Where dropout acts at another site, the mask has no such cell.
  private var isKept: Bool {
    !state.observation.actsHere || state.observation.mask.kept[offset]
  }
  private var ink: Color { isKept ? Palette.accent : Palette.killed }

  /// The comparison where it is what decides, else what the mask says.
  private func rule() -> [TextLine.Span] {
    let fate: TextLine.Span =
      isKept
      ? .init("kept \(transfer)", .bold)
      : .init("dropped", Style(Palette.killed, on: Palette.background, .bold))
    guard state.observation.drawn is any UnitwiseDropout else {
      return [
        .init("\(state.setting.kind) mask \(isKept ? 1 : 0): ", .dim), fate,
      ]
    }
    let observation = state.observation
    let u = Double(observation.field.uniform(at: offset, in: observation.siteLayout))
    // A u below p must not be rounded up to it.
    let rounded = (u * 1e4).rounded() / 1e4
    let shown = !isKept && rounded >= state.setting.rate.p ? rounded - 1e-4 : rounded
    let text = NumberText.fixed(shown, 4).withoutLeadingZero
    let sign = isKept ? (glyphs.isUnicode ? "≥" : ">=") : "<"
    return [
      .init("u ", .dim), .init(text, .text), .init(" \(sign) ", .bold), .init("p ", .dim),
      .init(NumberText.probability(state.setting.rate.p), .text),
      .init(": ", .dim), fate,
    ]
  }

  /// What a kept cell becomes.
  private var transfer: String {
    let transfer = state.observation.transfer
    let shift = transfer.shift == 0 ? "" : " + \(NumberText.fixed(Double(transfer.shift), 2))"
    return times(transfer.scale) + shift
  }

  private func times(_ scale: Float) -> String {
    glyphs.times + NumberText.fixed(Double(scale), 2)
  }
}
