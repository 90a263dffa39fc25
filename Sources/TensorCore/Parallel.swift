import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Work split over threads in a way that cannot change its result: every task writes its own part.
public enum Parallel {
  /// The number of processors that are running.
  public static let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// The number of threads kernels use where they are called from: all processors, unless set for a
  /// scope with `$threads.withValue(1) { … }`. No result depends on it.
  @TaskLocal public static var threads = processors

  /// One thread for each processor but the caller's.
  private static let crew = Crew(threads: processors - 1)

  /// Runs `body` for 0 ..< tasks, over at most `threads` threads; returns when all are done.
  public static func run(
    tasks: Int, threads: Int = threads, _ body: @Sendable (Int) -> Void
  ) {
    guard tasks > 1, threads > 1 else {
      for task in 0..<max(0, tasks) { body(task) }
      return
    }
    if crew.run(tasks: tasks, helpers: min(tasks, threads) - 1, body) { return }
    // The crew is at the work of another caller, or of this one further out.
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(tasks, threads)) { _ in
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        body(task)
      }
    }
  }

  /// Runs `body` likewise; true where it was for every task.
  static func all(
    tasks: Int, threads: Int = threads, _ body: @Sendable (Int) -> Bool
  ) -> Bool {
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: max(0, tasks)) { results in
      nonisolated(unsafe) let results = results
      run(tasks: tasks, threads: threads) { results.initializeElement(at: $0, to: body($0)) }
      return results.allSatisfy { $0 }
    }
  }
}
