import Studies
public import TerminalUI

/// A question in the line of keys, with the keys that answer: whether a file may be written over, or a
/// painted mask be lost.
public struct QuestionPanel: Panel {
  /// The file; nil for the question whether to leave.
  private let path: String?

  /// The question about a file, or about leaving.
  public init(path: String?) { self.path = path }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let keys = Bindings.question.flatMap { binding in
      binding.hint.map {
        [TextLine.Span(" \(binding.label)", .barKey), TextLine.Span(" \($0) ", .bar)]
      } ?? []
    }
    let room = rect.width - keys.reduce(0) { $0 + $1.width }
    TextLine(
      [.init(" \(question(state, room: room))", Style(Palette.warning, on: Palette.bar))],
      right: keys, fill: .bar
    ).draw(in: rect, of: &buffer, glyphs: state.theme.glyphs)
  }

  private func question(_ state: State, room: Int) -> String {
    guard let path else {
      let texts = ["the painted mask is not saved: leave?", "mask not saved: leave?", "leave?"]
      return texts.first { $0.count < room } ?? "leave?"
    }
    let isOpen = state.experiment.subject.arguments.contains(path)
    let why = isOpen ? "is open here" : "is there already"
    let words = " : overwrite? \(why)".unicodeScalars.count
    let name = NameText.shortened([path], to: max(1, room - words), state.theme.glyphs)[0]
    return "\(name) \(why): overwrite?"
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
  /// Whether leaving loses a painted mask: that of this state, or what a lesson lies on.
  public var losesMask: Bool {
    hasUnsavedMask || session?.outside.first?.hasUnsavedMask == true
  }

  /// Ends the program; asks once where a painted mask would be lost.
  mutating func quit() -> [Effect] {
    if case .leaving = overlay { return [.quit] }
    guard losesMask, !isTooSmall else { return [.quit] }
    cover(with: .leaving)
    return []
  }

  /// Does what was asked about, or does not.
  mutating func answer(_ isYes: Bool) -> [Effect] {
    if case .leaving = overlay {
      uncover()
      if isYes { return [.quit] }
      message = ":save mask.npy keeps the painted mask"
      return []
    }
    guard case .overwriting(let what, let path) = overlay else { return [] }
    uncover()
    guard isYes else {
      message = "\(path) stays as it is"
      return []
    }
    return save(what, to: path, overwrites: true)
  }
}
