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

/// Values that last as long as the process: a command that is done need not take a graph of a hundred thousand
/// nodes apart.
enum Lasting {
  private static let values = Mutex<[any Sendable]>([])

  static func keep(_ value: some Sendable) { values.withLock { $0.append(value) } }
}
