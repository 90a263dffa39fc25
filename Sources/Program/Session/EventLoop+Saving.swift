import Formats
import Insight
import Masks
import Scope
import Studies
import TensorCore

/// Files that a session writes; each says what it wrote, or why it cannot be.
extension EventLoop {
  /// Writes what is asked for, as it is now, while keys are read on, and says so or why not; asks first
  /// where a file is there already.
  /// - Returns: whether the session is over.
  mutating func save(_ what: Saving, to path: String, overwrites: Bool) -> Bool {
    let state = state
    saver.start {
      guard overwrites || !FileBytes.isFile(path) else {
        return [.askToOverwrite(what, path: path)]
      }
      do {
        let text = try state.write(what, to: path)
        return [.saved(what), .inform(text)]
      } catch {
        return [.inform("\(error)")]
      }
    }
    // Most is written before the next key comes, which may then answer a question.
    return saver.wait(milliseconds: patience)
      ? perform(saver.take()) : perform([.inform("saving \(path)…")])
  }
}

extension EventLoop {
  /// Writes what came to the trainings on the screen, and says why where that cannot be.
  mutating func keepTraining() {
    guard let write = trainingLog?.due(state.logOfTrainings) else { return }
    saver.start {
      do {
        try write()
        return []
      } catch {
        return [.inform("the log of the training: \(error)")]
      }
    }
  }
}

extension State {
  /// Writes one of its things, and says so.
  fileprivate func write(_ what: Saving, to path: String) throws -> String {
    switch what {
    case .mask: try saveMask(to: path)
    case .graph: try saveGraph(to: path)
    case .table: try saveTable(to: path)
    case .race: try saveRace(to: path)
    case .sweep: try saveSweep(to: path)
    }
  }

  /// Writes the mask shown.
  private func saveMask(to path: String) throws -> String {
    let mask = observation.mask
    let numbers = mask.layout.firstSample(of: mask.numbers)
    try FileBytes.write(
      path.hasSuffix(".npy") ? NPY.bytes(numbers) : CSV.bytes(numbers), to: path)
    return "mask saved: dropscope --mask \(path)"
  }

  /// Writes the graph with a node for each dropout.
  private func saveGraph(to path: String) throws -> String {
    let (graph, count) = try experiment.editedGraph(setting)
    try ModelFile.write(graph, to: path)
    return "graph saved with \(count) dropout\(count == 1 ? "" : "s") put: \(path)"
  }

  /// Writes what was measured so far.
  private func saveTable(to path: String) throws -> String {
    let rows = placementTable.sorted.compactMap(\.row)
    try FileBytes.write(PlacementReport.csv(rows), to: path)
    return "placement table saved, \(rows.count) site\(rows.count == 1 ? "" : "s"): \(path)"
  }

  /// Writes what the race came to, as `dropscope race` does.
  private func saveRace(to path: String) throws -> String {
    guard let report = race?.report else { throw Failure(usage: "the race is not over yet") }
    try FileBytes.write(try JSONFile.bytes(report), to: path)
    return "race saved: \(path)"
  }

  /// Writes what the sweep came to by now, as `dropscope sweep show` does.
  private func saveSweep(to path: String) throws -> String {
    guard let sweep else { throw Failure(usage: "no sweep is open") }
    try SweepText(sweep.report).write(to: path, from: sweep.source)
    return "sweep saved: \(path)"
  }
}
