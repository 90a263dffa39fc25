import Studies
public import TerminalUI

/// The question whether a file may be written over, in the line of keys, with the keys that answer.
public struct QuestionPanel: Panel {
  private let path: String

  /// The question about a file.
  public init(path: String) { self.path = path }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let isOpen = state.experiment.subject.arguments.contains(path)
    let keys = Bindings.question.flatMap { binding in
      binding.hint.map {
        [TextLine.Span(" \(binding.label)", .barKey), TextLine.Span(" \($0) ", .bar)]
      } ?? []
    }
    let room = rect.width - keys.reduce(0) { $0 + $1.width }
    let why = isOpen ? "is open here" : "is there already"
    let words = " : overwrite? \(why)".unicodeScalars.count
    let name = NameText.shortened([path], to: max(1, room - words), state.theme.glyphs)[0]
    TextLine(
      [.init(" \(name) \(why): overwrite?", Style(Palette.warning, on: Palette.bar))],
      right: keys, fill: .bar
    ).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }
}

extension Bindings {
  /// What answers a question.
  public static let question: [Binding] = [
    Binding("y", "yes", hint: "yes", [("y", .answer(true))]),
    Binding("n Esc", "no", hint: "no", [("n", .answer(false)), (.key(.escape), .answer(false))]),
    Binding("q Ctrl-C", "quit", [("q", .quit), (.control("c"), .quit)]),
  ]
}

extension State {
  /// Does what was asked about, or does not.
  mutating func answer(_ isYes: Bool) -> [Effect] {
    guard case .overwriting(let what, let path) = overlay else { return [] }
    uncover()
    guard isYes else {
      message = "\(path) stays as it is"
      return []
    }
    return [.save(what, path: path, overwrites: true)]
  }
}
