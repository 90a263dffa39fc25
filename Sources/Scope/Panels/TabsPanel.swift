import Masks
import Studies
public import TerminalUI

/// The pages as tabs, the open one marked; mode and seed at the right.
public struct TabsPanel: Panel {
  /// The panel.
  public init() {}

  /// A tab's page, nil for the maps, and where it stands.
  private struct Tab {
    let page: Page?
    let text: String
    let columns: Range<Int>
  }

  /// The tabs of a line, as many as it has room for.
  private static func tabs(width: Int) -> [Tab] {
    var x = 0
    var tabs: [Tab] = []
    for page in [nil] + Page.all {
      let text = " \(word(of: page, width: width))" + (isNarrow(width) ? "" : " ")
      let end = x + text.unicodeScalars.count
      guard end <= width else { break }
      tabs.append(Tab(page: page, text: text, columns: x..<end))
      x = end
    }
    return tabs
  }

  /// Whether long words would leave no room for mode, scaling and seed: short ones stand close together.
  private static func isNarrow(_ width: Int) -> Bool { width < 116 }

  /// What a page's tab says.
  static func word(of page: Page?, width: Int) -> String {
    guard let page else { return "Maps" }
    return isNarrow(width) ? page.shortTitle : page.title
  }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let tabs = TabsPanel.tabs(width: rect.width)
    let open = state.page
    let spans = tabs.map {
      TextLine.Span($0.text, $0.page == open ? .badge(Palette.accent) : .bar)
    }
    let end = tabs.last?.columns.upperBound ?? 0
    let right = self.right(state, room: rect.width - end)
    TextLine(spans, right: right, fill: .bar).draw(
      in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  /// The page of the tab at a column; the outer nil where there is no tab.
  static func page(atX x: Int, width: Int) -> Page?? {
    tabs(width: width).first { $0.columns.contains(x) }?.page
  }

  /// Mode, scaling, seed: the whole where there is room; else what tells the mask, in evaluation the mode.
  private func right(_ state: State, room: Int) -> [TextLine.Span] {
    let isTraining = state.setting.mode == .train
    // A rule scales in its own way.
    let word = state.observation.rule ?? state.setting.scaling.rawValue
    let mode = isTraining ? "train" : " eval "
    let running = state.isResampling ? "\(state.theme.glyphs.running) " : ""
    for tail in ["\(word)  seed \(state.setting.seed)", "seed \(state.setting.seed)"] {
      guard running.unicodeScalars.count + mode.count + tail.count + 3 <= room else { continue }
      return [
        .init(running, .barKey), .init(mode, isTraining ? .barKey : .badge(Palette.warning)),
        .init(" \(tail) ", .bar),
      ]
    }
    let seed = "seed \(state.setting.seed) "
    if isTraining, running.unicodeScalars.count + seed.count + 1 <= room {
      return [.init(running, .barKey), .init(seed, .bar)]
    }
    return mode.count + 2 <= room ? [.init(mode + " ", .barKey)] : []
  }
}
