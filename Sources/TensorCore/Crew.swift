internal import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Threads that share work: they take tasks from a counter, so that one which another process holds up
/// costs its share and no more; without work they look out for a moment and then sleep.
///
/// A job is open while tasks may be left. Threads join it as they come; whoever gave it works too and
/// waits for nobody who has not begun.
final class Crew: Sendable {
  private let isTaken = Atomic<Bool>(false)
  /// Bit 0: whether a job is open; above it, how many threads are at work on it.
  private let state = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let mostHelpers = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let room: Room
  /// Written by who has the crew while no job is open, read by those who joined.
  private nonisolated(unsafe) var job: (tasks: Int, body: UnsafePointer<Body>?) = (0, nil)

  private typealias Body = (Int) -> Void

  /// Where threads sleep.
  private final class Room: @unchecked Sendable {
    var mutex = pthread_mutex_t()
    var bell = pthread_cond_t()
    init() {
      pthread_mutex_init(&mutex, nil)
      pthread_cond_init(&bell, nil)
    }
  }

  /// How often a thread looks for work before it sleeps, some 50 µs.
  private static let looks = 2000

  /// A crew of so many threads, which live as long as the process.
  init(threads: Int) {
    room = Room()
    for _ in 0..<max(0, threads) {
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      pthread_attr_setstacksize(&attributes, 1 << 21)
      var thread = pthread_t()
      let own = Unmanaged.passRetained(self).toOpaque()
      // Signals are the main thread's.
      var (all, old) = (sigset_t(), sigset_t())
      sigfillset(&all)
      pthread_sigmask(SIG_SETMASK, &all, &old)
      let made = pthread_create(
        &thread, &attributes,
        { crew in
          Unmanaged<Crew>.fromOpaque(crew!).takeUnretainedValue().serve()
          return nil
        }, own)
      pthread_sigmask(SIG_SETMASK, &old, nil)
      pthread_attr_destroy(&attributes)
      guard made == 0 else { return }
    }
  }

  /// Runs `body` for 0 ..< tasks with the help of at most `helpers` threads.
  /// - Returns: false where the crew is at other work; then nothing was done.
  func run(tasks: Int, helpers: Int, _ body: (Int) -> Void) -> Bool {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { give(tasks, $0, to: helpers) }
    }
    isTaken.store(false, ordering: .releasing)
    return true
  }

  private func give(_ tasks: Int, _ body: UnsafePointer<Body>, to helpers: Int) {
    job = (tasks, body)
    next.store(0, ordering: .relaxed)
    mostHelpers.store(helpers, ordering: .relaxed)
    state.store(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    work(tasks, body)
    state.bitwiseAnd(~1, ordering: .acquiringAndReleasing)
    var looks = 0
    while state.load(ordering: .acquiring) != 0 {
      ck_pause()
      looks += 1
      // Who is at work has been put off the processor.
      if looks > Crew.looks { sched_yield() }
    }
    job = (0, nil)
  }

  /// Nothing of the body is held when it returns.
  @inline(never)
  private func work(_ tasks: Int, _ body: UnsafePointer<Body>) {
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body.pointee(task)
    }
  }

  private func wake() {
    pthread_mutex_lock(&room.mutex)
    pthread_cond_broadcast(&room.bell)
    pthread_mutex_unlock(&room.mutex)
  }

  /// Whether there is a job that takes one more.
  private func hasPlace(_ state: Int) -> Bool {
    state & 1 == 1 && state >> 1 < mostHelpers.load(ordering: .relaxed)
  }

  /// What a thread does for all its life.
  private func serve() {
    var looks = 0
    while true {
      let seen = state.load(ordering: .sequentiallyConsistent)
      if hasPlace(seen),
        state.compareExchange(
          expected: seen, desired: seen + 2, ordering: .acquiringAndReleasing
        ).exchanged
      {
        if let body = job.body { work(job.tasks, body) }
        state.wrappingSubtract(2, ordering: .releasing)
        looks = 0
        // The job may be open still, without tasks.
        while state.load(ordering: .relaxed) & 1 == 1, looks < Crew.looks {
          ck_pause()
          looks += 1
        }
        looks = 0
      } else if looks < Crew.looks {
        ck_pause()
        looks += 1
      } else {
        sleep()
        looks = 0
      }
    }
  }

  private func sleep() {
    pthread_mutex_lock(&room.mutex)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while !hasPlace(state.load(ordering: .sequentiallyConsistent)) {
      pthread_cond_wait(&room.bell, &room.mutex)
    }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(&room.mutex)
  }
}
