import Dispatch
import Glibc
import Scope
import Studies
import Synchronization

/// Does a state's due work off the screen's path: goes on with one job at a time, and keeps what was told
/// of it last until that is taken.
final class Worker: Sendable {
  /// How long a stretch may take: what is on the screen follows at this pace.
  private static let stretch = Duration.milliseconds(60)
  /// Steps of the first stretch, before it is known how long they take.
  private static let first = 16

  private let box = Mutex(Box())
  /// Works whose last run has not come back yet, those that nobody wants any more included.
  private let running = Mutex(0)
  private let queue = DispatchQueue(label: "masks", qos: .utility)
  private let wake: @Sendable () -> Void

  private struct Box {
    /// The work to be done; nil for none.
    var wanted: Int?
    /// What was told of it last, as long as nobody took it.
    var news: (any ResumableWork)?
  }

  /// A worker of nothing; `wake` is called, on another thread, when there is something to take.
  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  /// Goes on with a work, and with no other.
  func start(_ work: any ResumableWork) {
    box.withLock { $0 = Box(wanted: work.id) }
    running.withLock { $0 += 1 }
    queue.async {
      self.run(work)
      self.running.withLock { $0 -= 1 }
    }
  }

  /// Does nothing more.
  func stop() { box.withLock { $0 = Box() } }

  /// What was told since this was asked last; nil where nothing was.
  func take() -> (any ResumableWork)? {
    box.withLock { box in
      defer { box.news = nil }
      return box.news
    }
  }

  /// Whether a thread still computes.
  var isBusy: Bool { running.withLock { $0 > 0 } }

  private func isWanted(_ id: Int) -> Bool { box.withLock { $0.wanted == id } }

  private func run(_ work: any ResumableWork) {
    var (work, steps) = (work, Worker.first)
    let id = work.id
    var started: ContinuousClock.Instant?
    var count = work.count
    work.run(
      portion: {
        let now = ContinuousClock.now
        if let started {
          // Whole chunks of 8, as many as a stretch has time for.
          let pace = Worker.stretch / max(.nanoseconds(1), now - started)
          steps = min(8192, max(8, Int(Double(steps) * min(4, pace)) / 8 * 8))
        }
        started = now
        return steps
      }, while: { self.isWanted(id) }
    ) { event in
      var told = event.work
      // Nothing came: it is asked again in a while, and as soon as nobody wants it any more not at all.
      if told.isWaiting, told.count == count, started != nil {
        for _ in 0..<10 where self.isWanted(id) { usleep(20_000) }
        return
      }
      if let started {
        told.measured(told.count - count, seconds: (ContinuousClock.now - started) / .seconds(1))
      }
      count = told.count
      let isTold = box.withLock { box in
        guard box.wanted == id else { return false }
        box.news = told
        return true
      }
      if isTold { wake() }
    }
  }
}
