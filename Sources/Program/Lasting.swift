import Synchronization

/// Values that last as long as the process: a command that is done need not take a graph of a hundred thousand
/// nodes apart.
enum Lasting {
  private static let values = Mutex<[any Sendable]>([])

  static func keep(_ value: some Sendable) { values.withLock { $0.append(value) } }
}
