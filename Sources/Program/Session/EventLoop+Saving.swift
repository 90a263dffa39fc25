import Formats
import Insight
import Masks
import Scope
import Studies
import TensorCore

/// Files that a session writes; each says what it wrote, or why it cannot be.
extension EventLoop {
  /// Writes what is asked for and says so or why not; asks first where a file is there already.
  func save(_ what: Saving, to path: String, overwrites: Bool) -> [Action] {
    guard overwrites || !FileBytes.isFile(path) else {
      return [.askToOverwrite(what, path: path)]
    }
    do {
      let text =
        switch what {
        case .mask: try saveMask(to: path)
        case .graph: try saveGraph(to: path)
        case .ladder: try saveLadder(to: path)
        }
      return [.saved(what), .inform(text)]
    } catch {
      return [.inform("\(error)")]
    }
  }

  /// Writes the mask shown.
  private func saveMask(to path: String) throws -> String {
    let mask = state.observation.mask
    let numbers = mask.layout.firstSample(of: mask.numbers)
    try FileBytes.write(
      path.hasSuffix(".npy") ? NPY.bytes(numbers) : CSV.bytes(numbers), to: path)
    return "mask saved: dropscope --mask \(path)"
  }

  /// Writes the graph with a node for each dropout.
  private func saveGraph(to path: String) throws -> String {
    let (graph, count) = try state.experiment.editedGraph(state.setting)
    try ModelFile.write(graph, to: path)
    return "graph saved with \(count) dropout\(count == 1 ? "" : "s") put: \(path)"
  }

  /// Writes what was measured so far.
  private func saveLadder(to path: String) throws -> String {
    let rows = state.ladder.sorted.compactMap(\.row)
    try FileBytes.write(LadderReport.csv(rows), to: path)
    return "ladder saved, \(rows.count) site\(rows.count == 1 ? "" : "s"): \(path)"
  }
}
