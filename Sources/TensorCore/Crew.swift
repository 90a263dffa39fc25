internal import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Threads that share work: they take tasks from a counter, so that one which another process holds up
/// costs its share and no more; without work they look out for a moment and then sleep.
///
/// A job is open while tasks may be left. Threads join it as they come; whoever gave it works too and
/// waits for nobody who has not begun. Who has nothing left to do but wait for one thread, longer than a
/// task takes, makes room for it on its own processor and sleeps: the other is off its own, where
/// another process runs, and would be for a time slice. If it was so, and not the host of a virtual machine
/// that was elsewhere, jobs are done alone for a moment after that (`HelpPause`), and the thread that is
/// woken then is woken on another processor.
final class Crew: Sendable {
  private let isTaken = Atomic<Bool>(false)
  /// Bit 0: whether a job is open; above it, how many helpers are at work on it.
  private let state = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let taskCount = Atomic<Int>(0)
  private let mostHelpers = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  /// The sum of the helpers at work, as the system knows them: of one it is that one.
  private let helpersAtWork = Atomic<Int>(0)
  /// Whether who gave the job sleeps until it is done.
  private let isAwaited = Atomic<Bool>(false)
  /// Whether a helper makes, or made, room for who gave the job.
  private let isMakingRoom = Atomic<Bool>(false)
  private let room = Room()
  /// Touched by who has the crew.
  private nonisolated(unsafe) var own = Own()
  /// Written by who has the crew while no job is open, read by those who joined.
  private nonisolated(unsafe) var body: UnsafePointer<Task>?

  private typealias Task = (Int) -> Void

  private struct Own {
    var pause = HelpPause()
    /// A helper that is to be woken on another processor than who gives the job, and where it may run.
    var moved: (helper: Int32, allowed: ck_processors)?
  }

  /// Where threads sleep.
  private final class Room: @unchecked Sendable {
    var mutex = pthread_mutex_t()
    /// Rung when there is work, and when it is done.
    var (bell, done) = (pthread_cond_t(), pthread_cond_t())
    /// Who gave the job, and what it was allowed, and how long it had waited, before a helper moved it.
    var giver: Int32 = 0
    var moved: (helper: Int32, allowed: ck_processors, waited: Int64)?
    init() {
      pthread_mutex_init(&mutex, nil)
      pthread_cond_init(&bell, nil)
      pthread_cond_init(&done, nil)
    }

    func locked<R>(_ body: () -> R) -> R {
      pthread_mutex_lock(&mutex)
      defer { pthread_mutex_unlock(&mutex) }
      return body()
    }
  }

  /// How long a thread looks for work before it sleeps, in nanoseconds: longer than what runs alone between
  /// two steps of a network, for a thread that sleeps takes a tenth of that to come on a virtual machine.
  private static let longestLook = 500_000
  /// How long who waits for a task looks whether it is done, in nanoseconds, if tasks are short.
  private static let shortWait = 100_000

  /// A crew of so many threads, which live as long as the process.
  init(threads: Int) {
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
    // The compiler puts the length of the file's path into the code here: of this name, it is the same
    // wherever the package lies.
    #sourceLocation(file:"Crew+Path.swift",line:100)
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { give(tasks, $0, to: helpers) }
    }
    #sourceLocation()
    isTaken.store(false, ordering: .releasing)
    return true
  }

  /// Nothing of the body is held when it returns.
  /// - Returns: how many tasks it did.
  @inline(never)
  private func work(_ tasks: Int, _ body: UnsafePointer<Task>) -> Int {
    var done = 0
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < tasks else { return done }
      body.pointee(task)
      done += 1
    }
  }

  /// How long somebody's task may take who began before others ran out of them.
  private static func patience(_ tasks: Int, in nanoseconds: Int) -> Int {
    max(shortWait, 2 * nanoseconds / max(1, tasks))
  }
}

// MARK: - Who gives a job
extension Crew {
  private func give(_ tasks: Int, _ body: UnsafePointer<Task>, to helpers: Int) {
    let start = HelpPause.now
    if own.pause.holds(at: start) {
      for task in 0..<tasks { body.pointee(task) }
      return
    }
    let moved = own.moved
    if var moved { ck_allow_elsewhere(moved.helper, &moved.allowed) }
    self.body = body
    room.giver = ck_thread()
    next.store(0, ordering: .relaxed)
    taskCount.store(tasks, ordering: .relaxed)
    mostHelpers.store(helpers, ordering: .relaxed)
    state.store(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      room.locked { _ = pthread_cond_broadcast(&room.bell) }
    }
    let done = work(tasks, body)
    state.bitwiseAnd(~1, ordering: .sequentiallyConsistent)
    if isMakingRoom.load(ordering: .sequentiallyConsistent) { comeBack() }
    wait(Crew.patience(done, in: HelpPause.now - start))
    self.body = nil
    if var moved {
      ck_allow(moved.helper, &moved.allowed)
      if own.moved?.helper == moved.helper, !own.pause.holds(at: HelpPause.now) { own.moved = nil }
    }
  }

  /// Waits until nobody is at work; it should take no longer than the time given, in nanoseconds.
  private func wait(_ patience: Int) {
    guard state.load(ordering: .acquiring) != 0 else { return }
    let start = HelpPause.now
    while HelpPause.now - start < patience {
      for _ in 0..<8 {
        if state.load(ordering: .acquiring) == 0 { return }
        ck_pause()
      }
    }
    // One that is left, and off its processor, may have this one.
    var (helper, allowed, waited): (Int32, ck_processors, Int64) = (0, ck_processors(), -1)
    if state.load(ordering: .acquiring) == 2 {
      helper = Int32(helpersAtWork.load(ordering: .acquiring))
      if helper == 0 || ck_allowed(helper, &allowed) == 0 {
        helper = 0
      } else {
        waited = ck_waited(helper)
        ck_allow_here(helper)
      }
    }
    isAwaited.store(true, ordering: .sequentiallyConsistent)
    room.locked {
      while state.load(ordering: .sequentiallyConsistent) != 0 {
        pthread_cond_wait(&room.done, &room.mutex)
      }
    }
    isAwaited.store(false, ordering: .relaxed)
    if helper != 0 { ck_allow(helper, &allowed) }
    guard Crew.wasOff(helper, since: waited) else { return }
    own.pause.stalled(at: HelpPause.now)
    if helper != 0 { own.moved = (helper, allowed) }
  }

  /// Whether others ran on a thread's processor since it had waited so long, or whether that is not known.
  private static func wasOff(_ thread: Int32, since waited: Int64) -> Bool {
    waited < 0 || ck_waited(thread) - waited > shortWait
  }

  /// Who gave the job was moved to a helper's processor, or is about to be, and may run everywhere again.
  private func comeBack() {
    let moved = room.locked {
      defer { room.moved = nil }
      return room.moved
    }
    isMakingRoom.store(false, ordering: .sequentiallyConsistent)
    guard var moved else { return }
    ck_allow(ck_thread(), &moved.allowed)
    guard Crew.wasOff(ck_thread(), since: moved.waited) else { return }
    own.pause.stalled(at: HelpPause.now)
    var allowed = ck_processors()
    if ck_allowed(moved.helper, &allowed) != 0 { own.moved = (moved.helper, allowed) }
  }
}

// MARK: - Who helps
extension Crew {
  /// What a thread does for all its life.
  private func serve() {
    let own = ck_thread()
    var (idleSince, patience) = (HelpPause.now, Crew.shortWait)
    while true {
      let seen = state.load(ordering: .sequentiallyConsistent)
      if hasPlace(seen),
        state.compareExchange(
          expected: seen, desired: seen + 2, ordering: .acquiringAndReleasing
        ).exchanged
      {
        helpersAtWork.wrappingAdd(Int(own), ordering: .acquiringAndReleasing)
        let start = HelpPause.now
        let done = body.map { work(taskCount.load(ordering: .relaxed), $0) } ?? 0
        patience = Crew.patience(done, in: HelpPause.now - start)
        helpersAtWork.wrappingSubtract(Int(own), ordering: .acquiringAndReleasing)
        let left = state.wrappingSubtract(2, ordering: .sequentiallyConsistent).newValue
        if left == 0, isAwaited.load(ordering: .sequentiallyConsistent) {
          // There are not processors enough: this one goes to who waited.
          room.locked { _ = pthread_cond_signal(&room.done) }
          sleep()
        }
        idleSince = HelpPause.now
        continue
      }
      let idle = HelpPause.now - idleSince
      let isRoomMade = seen == 1 && idle > Crew.shortWait && makeRoom(own, patience)
      if isRoomMade || idle > Crew.longestLook {
        sleep()
        idleSince = HelpPause.now
      } else {
        for _ in 0..<8 { ck_pause() }
      }
    }
  }

  /// Whether there is a job with tasks left that takes one more.
  private func hasPlace(_ state: Int) -> Bool {
    state & 1 == 1 && state >> 1 < mostHelpers.load(ordering: .relaxed)
      && next.load(ordering: .relaxed) < taskCount.load(ordering: .relaxed)
  }

  /// Where only who gave the job is at work, longer than a task takes, it is off its processor: it gets
  /// this one.
  /// - Returns: whether it does.
  private func makeRoom(_ own: Int32, _ patience: Int) -> Bool {
    let start = HelpPause.now
    while HelpPause.now - start < patience {
      for _ in 0..<8 { ck_pause() }
      guard isStuck else { return false }
    }
    return room.locked {
      isMakingRoom.store(true, ordering: .sequentiallyConsistent)
      var allowed = ck_processors()
      guard isStuck, room.moved == nil, ck_allowed(room.giver, &allowed) != 0 else {
        if room.moved == nil { isMakingRoom.store(false, ordering: .sequentiallyConsistent) }
        return false
      }
      let waited = ck_waited(room.giver)
      ck_allow_here(room.giver)
      room.moved = (own, allowed, waited)
      return true
    }
  }

  private var isStuck: Bool {
    state.load(ordering: .sequentiallyConsistent) == 1
      && next.load(ordering: .relaxed) >= taskCount.load(ordering: .relaxed)
  }

  private func sleep() {
    room.locked {
      sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while !hasPlace(state.load(ordering: .sequentiallyConsistent)) {
        pthread_cond_wait(&room.bell, &room.mutex)
      }
      sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
  }
}
