import Masks
import NeuralNet
import Studies
import TerminalUI

/// Which dropouts act, in a few words: the one shown, further ones, and the model's own.
struct ActiveDropouts {
  init(_ state: State, room: Int) {
    let (on, off) = state.theme.glyphs.isUnicode ? ("●", "○") : ("*", "o")
    let setting = state.setting
    let acts = setting.mode == .train
    let killed = Style(Palette.killed, on: Palette.background)
    var parts: [[TextLine.Span]] = []
    if setting.isPlaced {
      let site = state.site
      let place = site.value == setting.layer ? "here" : "at \(site.name)"
      parts.append([
        .init("\(acts ? on : off) ", acts ? killed : .dim),
        .init("\(setting.kind) \(NumberText.probability(setting.rate.p)) \(place)", .text),
      ])
    } else if setting.others.isEmpty {
      parts.append([.init("\(off) no dropout", .dim)])
    }
    if !setting.others.isEmpty {
      parts.append([
        .init("\(acts ? on : off) ", acts ? killed : .dim),
        .init("\(setting.others.count) more", .text),
      ])
    }
    let own = state.experiment.nodes.filter { $0.ownDropout != nil }.map(\.value)
    if !own.isEmpty {
      let active = setting.isModelDropoutActive ? own.count { !setting.silenced.contains($0) } : 0
      let words = active == 0 ? "off" : active == own.count ? "on" : "\(active) on"
      parts.append([
        .init("\(active > 0 ? on : off) ", active > 0 ? killed : .dim),
        .init("model's \(own.count) \(words)", active > 0 ? .text : .dim),
      ])
    }
    if !acts { parts.append([.init("evaluation: none acts", .dim)]) }
    // Without room the last goes first.
    while parts.count > 1, ActiveDropouts.width(parts) > room { parts.removeLast() }
    spans = ActiveDropouts.width(parts) <= room ? ActiveDropouts.joined(parts) : []
  }

  /// The parts that have room.
  let spans: [TextLine.Span]

  /// Columns they take.
  var width: Int { spans.reduce(0) { $0 + $1.width } }

  /// Whether a column of the header says what the model's own dropouts do.
  static func isModels(_ x: Int, in rect: Rect, _ state: State) -> Bool {
    let chips = ActiveDropouts(state, room: max(0, rect.width - 30))
    var left = rect.right - chips.width
    for span in chips.spans {
      if span.text.hasPrefix("model's"), (left - 2..<left + span.width).contains(x) { return true }
      left += span.width
    }
    return false
  }

  private static func joined(_ parts: [[TextLine.Span]]) -> [TextLine.Span] {
    parts.flatMap { [TextLine.Span("  ")] + $0 } + [.init(" ")]
  }

  private static func width(_ parts: [[TextLine.Span]]) -> Int {
    joined(parts).reduce(0) { $0 + $1.width }
  }
}

extension State {
  /// Lets the model's own dropouts act beside the one shown, or rest.
  mutating func toggleModelDropout() -> [Effect] {
    guard experiment.nodes.contains(where: { $0.ownDropout != nil }) else {
      message = "\(experiment.subject.modelName) has no dropout of its own"
      return []
    }
    let isOn = !setting.isModelDropoutActive
    message = isOn ? "the model's own dropout acts too" : "the model's own dropout is off"
    return change { $0.isModelDropoutActive = isOn }
  }
}
