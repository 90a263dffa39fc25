import Studies
import TensorCore
import TerminalUI

/// What dropout did to the network's output, in a few characters: one number before and after, or for
/// several the place of the largest.
struct OutputText {
  /// `259→69.9`, `class 7→3`.
  let text: String
  /// The same where `text` has no room: `7→3`. Never cut: a part of the answer is another one.
  let short: String
  /// What the class after dropout is called; nil where it has no name.
  let name: String?

  init(_ state: State, from clean: Tensor, to dropped: Tensor) {
    let arrow = state.theme.glyphs.arrow
    if clean.count == 1, dropped.count == 1 {
      text = "\(NumberText.short(clean[0]))\(arrow)\(NumberText.short(dropped[0]))"
      (short, name) = (text, nil)
      return
    }
    guard let before = OutputText.largest(clean), let after = OutputText.largest(dropped) else {
      (text, short, name) = ("empty", "empty", nil)
      return
    }
    short = "\(before)\(arrow)\(after)"
    text = "class \(short)"
    name = state.experiment.subject.className(after)
  }

  /// The longest form that so many columns have room for; where none has, the last class alone.
  func fitting(_ columns: Int) -> String {
    let last = short.split(whereSeparator: { "→>".contains($0) }).last.map { "=\($0)" } ?? short
    return [text, short].first { $0.unicodeScalars.count <= columns } ?? last
  }

  /// The index of the largest value; nil where there is none.
  static func largest(_ tensor: Tensor) -> Int? {
    (0..<tensor.count).max { tensor[$0] < tensor[$1] }
  }
}
