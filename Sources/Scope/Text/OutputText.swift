import TensorCore
import TerminalUI

/// What dropout did to the network's output, in a few characters.
enum OutputText {
  /// One number before and after, or for several the place of the largest: `259→69.9`, `class 7→3`.
  static func change(from clean: Tensor, to dropped: Tensor, _ glyphs: Glyphs) -> String {
    if clean.count == 1, dropped.count == 1 {
      return "\(NumberText.short(clean[0]))\(glyphs.arrow)\(NumberText.short(dropped[0]))"
    }
    guard let before = largest(clean), let after = largest(dropped) else { return "empty" }
    return "class \(before)\(glyphs.arrow)\(after)"
  }

  /// The index of the largest value; nil where there is none.
  static func largest(_ tensor: Tensor) -> Int? {
    (0..<tensor.count).max { tensor[$0] < tensor[$1] }
  }
}
