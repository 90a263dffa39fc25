import Formats
import Scope
import Studies

/// The log of the training on the screen: begun anew with each training, and longer by what came since.
struct WatchedTrainingLog {
  private let path: String
  /// The training it is of, and how many lines were written.
  private var run: Int?
  private var written = 0

  init(_ path: String) { self.path = path }

  /// What has yet to be written of a training; nil where nothing has.
  mutating func due(_ training: WatchedTraining?) -> (@Sendable () throws -> Void)? {
    guard let training else { return nil }
    let lines = training.log
    let isAnew = training.run != run
    guard isAnew || lines.count > written else { return nil }
    let fresh = isAnew ? lines : Array(lines.dropFirst(written))
    (run, written) = (training.run, lines.count)
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
