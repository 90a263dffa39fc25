import Formats
import Insight
import Masks
import Scope
import Studies
import TensorCore

/// Files that a session writes; each says what it wrote, or why it cannot be.
extension EventLoop {
  /// Writes what is asked for and says so or why not; asks first where a file is there already.
  func save(_ what: Saving, to path: String, overwrites: Bool) -> Action {
    guard overwrites || !FileBytes.isFile(path) else {
      return .askToOverwrite(what, path: path)
    }
    switch what {
    case .mask: return .inform(saveMask(to: path))
    case .graph: return .inform(saveGraph(to: path))
    case .ladder: return .inform(saveLadder(to: path))
    }
  }

  /// Writes the mask shown.
  private func saveMask(to path: String) -> String {
    do {
      let mask = state.observation.mask
      let numbers = mask.layout.firstSample(of: mask.numbers)
      try FileBytes.write(
        path.hasSuffix(".npy") ? NPY.bytes(numbers) : CSV.bytes(numbers), to: path)
      return "mask saved: dropscope --mask \(path)"
    } catch {
      return "\(error)"
    }
  }

  /// Writes the graph with a node for each dropout.
  private func saveGraph(to path: String) -> String {
    do {
      let (graph, count) = try state.experiment.editedGraph(state.setting)
      try ModelFile.write(graph, to: path)
      return "graph saved with \(count) dropout\(count == 1 ? "" : "s") put: \(path)"
    } catch {
      return "\(error)"
    }
  }

  /// Writes what was measured so far.
  private func saveLadder(to path: String) -> String {
    do {
      let rows = state.ladder.sorted.compactMap(\.row)
      try FileBytes.write(LadderReport.csv(rows), to: path)
      return "ladder saved, \(rows.count) site\(rows.count == 1 ? "" : "s"): \(path)"
    } catch {
      return "\(error)"
    }
  }
}
