import Formats
import Scope
import Studies

/// The log of the trainings on the screen: begun anew with each beginning, and longer by what came since.
struct WatchedTrainingLog {
  private let path: String
  /// Which beginning it is of, and how many lines of each training were written.
  private var run: Int?
  private var written: [Int] = []

  init(_ path: String) { self.path = path }

  /// What has yet to be written of them; nil where nothing has.
  mutating func due(_ log: (run: Int, lists: [[TrainingLogLine]])?) -> (
    @Sendable () throws -> Void
  )? {
    guard let log else { return nil }
    let isAnew = log.run != run
    if isAnew { written = [] }
    let known = log.lists.indices.map { written.indices.contains($0) ? written[$0] : 0 }
    let fresh = zip(log.lists, known).flatMap { $0.dropFirst($1) }
    guard isAnew || !fresh.isEmpty else { return nil }
    (run, written) = (log.run, zip(log.lists, known).map { max($0.count, $1) })
    let path = path
    return {
      let bytes = try fresh.flatMap { try $0.json }
      if isAnew {
        try FileBytes.write(bytes, to: path)
      } else {
        try FileBytes.append(bytes, to: path)
      }
    }
  }
}
