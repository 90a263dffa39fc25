import CKernels
import Foundation
import Synchronization
import Testing

@testable import TensorCore

/// Every task runs once, whoever asks and whatever runs beside.
@Suite struct CrewTests {
  /// How often each task of a job ran.
  private func counts(_ tasks: Int, threads: Int) -> [Int] {
    let counts = (0..<tasks).map { _ in Counter() }
    Parallel.run(tasks: tasks, threads: threads) { counts[$0].add() }
    return counts.map(\.value)
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
  }

  @Test func eachTaskOnce() {
    for round in 0..<300 {
      let tasks = [0, 1, 2, 3, 7, 64, 501][round % 7]
      #expect(counts(tasks, threads: 1 + round % 4).allSatisfy { $0 == 1 }, "round \(round)")
      // Long enough that threads fall asleep and have to be woken.
      if round % 50 == 0 { usleep(20_000) }
    }
  }

  @Test func askedFromManyThreadsAtOnce() {
    let failures = Counter()
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<100 where !counts(33, threads: 3).allSatisfy({ $0 == 1 }) { failures.add() }
    }
    #expect(failures.value == 0)
  }

  @Test func withinATask() {
    let inner = Counter()
    Parallel.run(tasks: 8, threads: 4) { _ in
      Parallel.run(tasks: 9, threads: 4) { _ in inner.add() }
    }
    #expect(inner.value == 72)
  }

  /// What tells another process on a thread's processor from a host that is elsewhere.
  @Test func itKnowsWhatOthersTake() throws {
    var allowed = ck_processors()
    let own = ck_thread()
    let before = ck_waited(own)
    guard ck_allowed(own, &allowed) != 0, before >= 0 else { return }
    // Two threads on one processor.
    ck_allow_here(own)
    defer { ck_allow(own, &allowed) }
    let (isDone, isBusy) = (Flag(), Flag())
    let other = Thread {
      isBusy.raise()
      while !isDone.isRaised {}
    }
    other.start()  // It may run where this one may.
    while !isBusy.isRaised {}
    let end = Date(timeIntervalSinceNow: 0.2)
    while Date() < end {}
    isDone.raise()
    #expect(ck_waited(own) - before > 20_000_000)
  }

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    func raise() { value.store(true, ordering: .releasing) }
    var isRaised: Bool { value.load(ordering: .acquiring) }
  }
}
