public import TerminalUI

/// The setting as a command or as code, over everything else, in as many lines as it needs.
public struct CodePanel: Panel {
  private let form: CodeForm

  /// The panel with a form.
  public init(_ form: CodeForm) { self.form = form }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let room = max(1, rect.width - 4)
    let lines = CodePanel.lines(state.code(form), room: room)
    let widest = lines.reduce(0) { max($0, $1.unicodeScalars.count) }
    let forms = CodeForm.allCases.reduce(0) { $0 + $1.title.count + 3 }
    let frame = OverlayFrame(
      title: "this setting as", width: max(widest, forms), height: lines.count + 2, in: rect)
    frame.draw(of: &buffer, state.theme)
    let (heading, rest) = frame.inside.splitTop(1)
    TextLine(
      CodeForm.allCases.flatMap { each -> [TextLine.Span] in
        [.init(" \(each.title) ", each == form ? .badge(Palette.accent) : .dim), .init(" ", .dim)]
      }
    ).draw(in: heading, of: &buffer, glyphs: state.theme.glyphs)
    for (text, line) in zip(lines, rest.splitTop(1).rest.rows) {
      TextLine([.init(text, .text)]).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    }
  }

  /// Text in lines of at most so many columns: cut between words where there are any.
  static func lines(_ text: String, room: Int) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      var lines: [String] = []
      var current: String?
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        var word = String(word)
        let joined = current.map { $0 + " " + word } ?? word
        if joined.unicodeScalars.count <= room {
          current = joined
          continue
        }
        if let current { lines.append(current) }
        // A word longer than the room is cut.
        while word.unicodeScalars.count > room {
          lines.append(String(String.UnicodeScalarView(word.unicodeScalars.prefix(room))))
          word = String(String.UnicodeScalarView(word.unicodeScalars.dropFirst(room)))
        }
        current = word
      }
      return lines + [current ?? ""]
    }
  }
}

extension Bindings {
  /// What works beside the setting as code.
  public static let code: [Binding] = [
    Binding("Y", "next form: PyTorch, Keras, ONNX", hint: "next form", [("Y", .nextCode)]),
    Binding("y", "the command", hint: "command", [("y", .showCommand)]),
    Binding("Enter", "close", hint: "close", [(.key(.enter), .closeTop)]),
  ]
}

extension State {
  /// Shows a form of the setting and has it copied.
  mutating func showCode(_ form: CodeForm) -> [Effect] {
    if case .code = overlay { overlay = .code(form) } else { cover(with: .code(form)) }
    return [.copy(code(form))]
  }

  /// The next form of code; PyTorch first.
  mutating func nextCode() -> [Effect] {
    guard case .code(let form) = overlay else { return showCode(.torch) }
    return showCode(form.next)
  }
}
