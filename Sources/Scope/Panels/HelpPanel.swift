import Studies
public import TerminalUI

/// The keys in groups and what the marks mean, over everything else; it scrolls where it is longer than
/// the screen.
public struct HelpPanel: Panel {
  private let mark: ListMark

  /// The help, with so many lines scrolled out of view.
  public init(_ mark: ListMark) { self.mark = mark }

  private typealias Line = [TextLine.Span]

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let all = HelpPanel.lines(state)
    // As wide whatever narrows it down.
    let lines = HelpPanel.rows(all, mark).rows.map { all[$0] }
    let frame = HelpPanel.frame(state, all, count: lines.count, in: rect)
    frame.draw(of: &buffer, state.theme)
    let first = min(mark.row, max(0, lines.count - frame.inside.height))
    for (line, own) in zip(lines.dropFirst(first), frame.inside.rows) {
      TextLine(line).draw(in: own, of: &buffer, glyphs: state.theme.glyphs)
    }
    let hidden = lines.count - first - frame.inside.height
    guard hidden > 0 || first > 0 else { return }
    buffer.write(
      hidden > 0 ? " \(hidden) more: j scrolls " : " the end ", x: frame.outside.x + 2,
      y: frame.outside.bottom - 1, style: .title, limit: frame.outside.right - 1)
  }

  private static func frame(
    _ state: State, _ lines: [Line], count: Int, in rect: Rect
  ) -> OverlayFrame {
    let title = state.page.map { "keys: \($0.title)" } ?? "keys"
    let width = lines.reduce(0) { widest, line in
      max(widest, line.reduce(0) { $0 + $1.width })
    }
    return OverlayFrame(title: title, width: width, height: max(1, count), in: rect)
  }

  /// How many lines can be scrolled out of view.
  static func lastScroll(_ state: State) -> Int {
    guard let layout = ScreenLayout(state) else { return 0 }
    guard case .help(let mark) = state.overlay else { return 0 }
    let lines = lines(state)
    let count = rows(lines, mark).rows.count
    let frame = frame(state, lines, count: count, in: layout.overlays(height: state.size.height))
    return max(0, count - frame.inside.height)
  }

  /// The lines that fit what narrows them down.
  static func rows(_ state: State, _ mark: ListMark) -> ListRows { rows(lines(state), mark) }

  private static func rows(_ lines: [Line], _ mark: ListMark) -> ListRows {
    ListRows(count: lines.count, mark: mark) { lines[$0].map(\.text).joined() }
  }

  private static func lines(_ state: State) -> [Line] {
    let top = state.below.last
    let own = Bindings.active(top).filter { binding in
      !Bindings.always.contains { $0.label == binding.label }
    }
    let groups = top == nil ? Bindings.mapGroups : [Bindings.Group(title: "Here", bindings: own)]
    var lines: [Line] = []
    for group in groups + [Bindings.Group(title: "Everywhere", bindings: Bindings.always)] {
      if !lines.isEmpty { lines.append([]) }
      lines.append([.init(group.title, .title)])
      for binding in state.keymap.applied(to: group.bindings) {
        let width = binding.label.unicodeScalars.count
        let padding = String(repeating: " ", count: max(1, 20 - width))
        lines.append([
          .init("  " + binding.label + padding, ink(Palette.accent)), .init(binding.help, .text),
        ])
      }
    }
    return top == nil ? lines + legend(state) : lines
  }

  private static func ink(_ color: Color) -> Style { Style(color, on: Palette.background) }

  /// What the marks of the mask mean, and how the input came to be.
  private static func legend(_ state: State) -> [Line] {
    var lines: [Line] = [
      [], [.init("Mask", .title)],
      [
        .init("  kept", ink(Palette.kept)), .init("   dropped (nonzero)", ink(Palette.killed)),
        .init("   dropped (already zero)", ink(Palette.wastedText)),
      ],
    ]
    if let note = state.experiment.subject.note { lines.append([.init("  input \(note)", .dim)]) }
    if let problem = state.experiment.problem { lines.append([.init("  \(problem)", .dim)]) }
    return lines
  }
}

extension Bindings {
  /// What works in the help.
  public static let help: [Binding] = [
    Binding(
      "↑ ↓ j k", "scroll", hint: "scroll",
      [
        (.key(.up), .scroll(by: -1)), (.key(.down), .scroll(by: 1)),
        ("k", .scroll(by: -1)), ("j", .scroll(by: 1)), (" ", .scroll(by: 10)),
        (.key(.pageUp), .scroll(by: -10)), (.key(.pageDown), .scroll(by: 10)),
        (.key(.home), .scroll(by: -1000)), (.key(.end), .scroll(by: 1000)),
        ("g", .scroll(by: -1000)), ("G", .scroll(by: 1000)),
      ]),
    filter,
  ]
}
