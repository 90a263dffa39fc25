import Glibc
import Synchronization

/// The signal that came, 0 for none. Beside the type: a handler may capture nothing, not even `Self`.
private let received = Atomic<Int32>(0)

/// Ctrl-C, SIGTERM and SIGHUP as a wish to stop, asked between two batches. A second one ends the
/// program at once.
enum Interruption {
  /// The signal that came; nil where none did.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// From here on the signals are noted. One that the program was started to ignore (nohup) stays
  /// ignored.
  static func install() {
    // Made before a handler could run: the first access of a global takes a lock.
    received.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      sigaction(number, nil, &old)
      let handler = unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
      if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { received.store($0, ordering: .relaxed) }
      // Not SA_RESTART: a write to a stopped terminal is to return.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
  }

  /// Ends the program as the signal would have ended it, so that a shell sees why.
  static func raise(_ number: Int32) -> Never {
    Glibc.signal(number, SIG_DFL)
    Glibc.raise(number)
    Glibc.exit(128 + number)
  }
}
