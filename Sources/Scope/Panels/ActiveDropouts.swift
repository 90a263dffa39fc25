import Masks
import NeuralNet
import Studies
import TerminalUI

/// Which dropouts act, in a few words: the one shown, further ones, and the model's own.
struct ActiveDropouts {
  /// Columns that the path to the layer keeps.
  private static let pathColumns = 30

  /// What a header of this place has room for.
  init(_ state: State, in header: Rect) {
    let (on, off) = state.theme.glyphs.isUnicode ? ("●", "○") : ("*", "o")
    let setting = state.setting
    let acts = setting.mode == .train
    let killed = Style(Palette.killed, on: Palette.background)
    var parts: [[TextLine.Span]] = []
    var modelPart: Int?
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
    let own = state.experiment.ownDropouts.map(\.output)
    if !own.isEmpty {
      let active = setting.isModelDropoutActive ? own.count { !setting.silenced.contains($0) } : 0
      let words = active == 0 ? "off" : active == own.count ? "on" : "\(active) on"
      modelPart = parts.count
      parts.append([
        .init("\(active > 0 ? on : off) ", active > 0 ? killed : .dim),
        .init("model's \(own.count) \(words)", active > 0 ? .text : .dim),
      ])
    }
    if !acts { parts.append([.init("evaluation: none acts", .dim)]) }
    // Without room the last goes first.
    let room = max(0, header.width - ActiveDropouts.pathColumns)
    while parts.count > 1, ActiveDropouts.width(parts) > room { parts.removeLast() }
    if ActiveDropouts.width(parts) > room { parts = [] }
    spans = parts.isEmpty ? [] : ActiveDropouts.joined(parts)
    let left = header.right - spans.reduce(0) { $0 + $1.width }
    models = modelPart.flatMap { index in
      guard index < parts.count else { return nil }
      // Behind the gap before it.
      let start = left + ActiveDropouts.width(Array(parts[..<index])) - 1 + 2
      return start..<start + parts[index].reduce(0) { $0 + $1.width }
    }
  }

  /// The parts that have room.
  let spans: [TextLine.Span]
  /// The columns that say what the model's own dropouts do; nil where nothing does.
  private let models: Range<Int>?

  /// Columns they take.
  var width: Int { spans.reduce(0) { $0 + $1.width } }

  /// Whether a column of the header says what the model's own dropouts do.
  func isModels(_ x: Int) -> Bool { models?.contains(x) == true }

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
    guard !experiment.ownDropouts.isEmpty else {
      message = "\(experiment.subject.modelName) has no dropout of its own"
      return []
    }
    let isOn = !setting.isModelDropoutActive
    message = isOn ? "the model's own dropout acts too" : "the model's own dropout is off"
    return change { $0.isModelDropoutActive = isOn }
  }
}
