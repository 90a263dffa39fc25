import Formats
import Masks
import Scope
import TensorCore

/// Files that a session writes; each says what it wrote, or why it cannot be.
extension EventLoop {
  /// Writes the mask shown.
  func saveMask(to path: String) -> String {
    do {
      let mask = state.observation.mask
      let maps = Shape([mask.layout.c, mask.layout.h, mask.layout.w])
      let numbers = try mask.numbers.reshaped(to: maps)
      try FileBytes.write(
        path.hasSuffix(".npy") ? NPY.bytes(numbers) : CSV.bytes(numbers), to: path)
      return "mask saved: dropscope --mask \(path)"
    } catch {
      return "\(error)"
    }
  }

  /// Writes the graph with a node for each dropout.
  func saveGraph(to path: String) -> String { "" }

  /// Writes what was measured.
  func saveLadder(to path: String) -> String { "" }
}
