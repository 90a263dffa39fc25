import Synchronization
import TensorCore

/// Work on two threads.
enum SideBySide {
  /// What two pieces of work make.
  static func run<A: Sendable, B: Sendable>(
    _ first: @Sendable () -> A, _ second: @Sendable () -> B
  ) -> (A, B) {
    let made = Mutex<(A?, B?)>((nil, nil))
    Parallel.run(tasks: 2) { task in
      if task == 0 {
        let own = first()
        made.withLock { $0.0 = own }
      } else {
        let own = second()
        made.withLock { $0.1 = own }
      }
    }
    let (a, b) = made.withLock { $0 }
    return (a ?? first(), b ?? second())
  }
}
