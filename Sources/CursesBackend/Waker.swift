import CTerminal

/// Ends the wait for an event, from any thread: what a worker calls when its result is ready.
public struct Waker: Sendable {
  /// Makes `nextEvent` return nil soon; calls that come before it is asked are not lost.
  public func wake() { terminal_wake() }
}
