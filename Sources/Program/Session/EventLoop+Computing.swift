import Dispatch
import Scope
import Synchronization
import TerminalUI

extension EventLoop {
  /// Computes with the state on another thread, and reads the keys meanwhile where that takes longer than
  /// anybody waits for: whatever is being computed, the person can leave. All other keys are kept for
  /// when it is done.
  /// - Returns: nil where the person left before it was done; it goes on, and nobody waits for it.
  mutating func compute<Result: Sendable>(
    _ body: @escaping @Sendable (inout State) -> Result
  ) -> Result? {
    let job = Job<Result>()
    let (state, wake) = (state, wake)
    computing.async {
      var state = state
      let result = body(&state)
      job.finish((state, result), wake)
    }
    var found = job.wait(milliseconds: patience)
    if found == nil {
      job.wantsWaking()
      found = job.wait(milliseconds: 0)
    }
    while found == nil {
      if let event = screen.nextEvent(timeout: patience) {
        if leaves(event) {
          hasLeft = true
          return nil
        }
        waiting.append(event)
      }
      found = job.wait(milliseconds: 0)
    }
    guard let found else { return nil }
    self.state = found.state
    return found.result
  }

  /// Whether an event ends the session before what came before it has been done: unless that may have
  /// opened a line to type in.
  private func leaves(_ event: InputEvent) -> Bool {
    if event == .terminate || event == .control("c") { return true }
    // A script's keys are its own; the person's end it.
    if playback != nil { return event == "q" }
    // What would be asked is asked when it is done.
    guard state.action(for: event) == .quit, !state.losesMask else { return false }
    return !waiting.contains {
      if case .openPrompt? = state.action(for: $0) { true } else { false }
    }
  }

  /// The next event: those that came during a computation first.
  mutating func nextEvent(timeout: Int?) -> InputEvent? {
    waiting.isEmpty ? screen.nextEvent(timeout: timeout) : waiting.removeFirst()
  }
}

/// A computation on another thread.
private final class Job<Result: Sendable>: Sendable {
  private let found = Mutex<(state: State, result: Result)?>(nil)
  private let done = DispatchSemaphore(value: 0)

  private let isRead = Atomic<Bool>(false)

  func finish(_ result: (State, Result), _ wake: () -> Void) {
    found.withLock { $0 = result }
    done.signal()
    // Who still sleeps on the semaphore needs no other call.
    if isRead.load(ordering: .sequentiallyConsistent) { wake() }
  }

  /// From now on it is waited for by reading events, which `wake` interrupts.
  func wantsWaking() { isRead.store(true, ordering: .sequentiallyConsistent) }

  /// What was found, taken out; nil where that is not there in time.
  func wait(milliseconds: Int) -> (state: State, result: Result)? {
    guard done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
    return found.withLock { found in
      defer { found = nil }
      return found
    }
  }
}
