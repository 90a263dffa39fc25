import Dispatch
import Scope
import Synchronization

/// Writes files off the screen's path, one after another: a disk may take its time, and a network that has
/// gone away for ever.
final class Saver: Sendable {
  private let answers = Mutex<[Action]>([])
  private let queue = DispatchQueue(label: "saving", qos: .userInitiated)
  private let underWay = DispatchGroup()
  private let wake: @Sendable () -> Void

  /// A saver of nothing; `wake` is called, on another thread, when there is something to take.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Does what saves, which says what came of it.
  func start(_ save: @escaping @Sendable () -> [Action]) {
    queue.async(group: underWay) {
      let answers = save()
      self.answers.withLock { $0 += answers }
      self.wake()
    }
  }

  /// Waits until everything is written; for ever where no time is given.
  /// - Returns: whether it is.
  @discardableResult
  func wait(milliseconds: Int? = nil) -> Bool {
    let limit = milliseconds.map { DispatchTime.now() + .milliseconds($0) } ?? .distantFuture
    return underWay.wait(timeout: limit) == .success
  }

  /// What came of what was saved since this was asked last.
  func take() -> [Action] {
    answers.withLock { answers in
      defer { answers = [] }
      return answers
    }
  }
}
