import Masks
import Studies
public import TerminalUI

/// One side of a comparison: the shown layer after its dropout, below its kind, rate and seed.
public struct SidePanel: Panel {
  let side: Comparison.Side

  /// The panel of A or of B.
  public init(_ side: Comparison.Side) { self.side = side }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard let (setting, observation) = state.compared(side), !rect.isEmpty else { return }
    let (title, map) = rect.splitTop(1)
    let hasFocus = state.comparison?.side == side
    let name = TextLine.Span(" \(side.rawValue) ", hasFocus ? .badge(Palette.accent) : .title)
    let text = SidePanel.text(setting, room: title.width - name.width - 1)
    let x = TextLine([name, .init(text, hasFocus ? .focusedTitle : .text)])
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    let (scale, picture) = state.resultMap(observation)
    if title.right - x >= 12 {
      scale.drawLegend(from: x + 1, in: title, of: &buffer, theme: state.theme, width: 16)
    }
    picture.draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, in: map), theme: state.theme)
  }

  /// Kind, rate and seed, shorter where there is no room.
  private static func text(_ setting: Setting, room: Int) -> String {
    let rate = NumberText.probability(setting.rate.p)
    let kind = setting.mode == .eval ? "eval \(setting.kind)" : setting.kind
    let texts = [
      "\(kind) p \(rate) seed \(setting.seed)", "\(kind) \(rate) seed \(setting.seed)",
      "\(kind) \(rate) #\(setting.seed)", "\(rate) #\(setting.seed)", rate,
    ]
    return texts.first { $0.unicodeScalars.count <= room } ?? rate
  }
}

extension Style {
  /// The title of the panel in focus; the line under it shows without colour too.
  static let focusedTitle = Style(Palette.accent, on: Palette.background, [.bold, .underline])
}

extension State {
  /// The title of a panel and a blank after it, marked where the panel is in focus.
  func title(_ text: String, of panel: Focus) -> [TextLine.Span] {
    let hasFocus = focus == panel && (comparison == nil || isEnlarged)
    return [.init(text, hasFocus ? .focusedTitle : .title), .init(" ", .title)]
  }
}
