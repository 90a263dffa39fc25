public import Insight
import NeuralNet

/// A job under way: what was added up so far, and how it goes on. A value: whoever has a copy can go on
/// from there, and comes to the same sums.
public struct Work: ResumableWork {
  /// What tells one work from another.
  public let id: Int
  /// What is done.
  public let job: Job
  /// What was added up so far; nil before the first mask.
  public private(set) var sum: (any RunSum)?
  /// Why it cannot go on; nil while it can.
  public private(set) var problem: String?
  private var start: Start?
  private let begin: @Sendable () throws -> Start

  /// What a work begins from: where its runs come from, and a sum of none.
  struct Start: Sendable {
    let runs: MonteCarlo
    let empty: any RunSum
  }

  /// A job that has yet to begin; `begin` may take its time.
  init(id: Int, job: Job, begin: @escaping @Sendable () throws -> Start) {
    (self.id, self.job, self.begin) = (id, job, begin)
  }

  /// How many masks it ends at.
  public var goal: Int { job.masks }

  /// How many masks were added.
  public var count: Int { sum?.count ?? 0 }

  /// Whether there is not even a sum of nothing.
  public var isUnbegun: Bool { sum == nil }

  /// Whether nothing is left to be done.
  public var isOver: Bool { problem != nil || (sum != nil && count >= goal) }

  /// Goes on until so many masks are added or the goal is reached.
  /// - Parameter shouldContinue: asked before every run; where it says no the work is as it was after the
  ///   last slice
  public mutating func advance(to count: Int, while shouldContinue: @Sendable () -> Bool) {
    do {
      let start = try start ?? begin()
      self.start = start
      let soFar = sum ?? start.empty
      sum = try advanced(soFar, to: min(count, goal), start.runs, while: shouldContinue)
    } catch {
      problem = "\(error)"
    }
  }

  /// Masks added at a time; all of a slice count, or none.
  private static let slice = 64

  private func advanced<Sum: RunSum>(
    _ sum: Sum, to count: Int, _ runs: MonteCarlo, while shouldContinue: @Sendable () -> Bool
  ) throws(GraphError) -> Sum {
    guard let empty = start?.empty as? Sum else { preconditionFailure("a sum of another type") }
    var sum = sum
    while sum.count < count, shouldContinue() {
      let (before, next) = (sum.count, min(count, sum.count + Work.slice))
      try runs.add(UInt32(before)..<UInt32(next), to: &sum, empty: empty, while: shouldContinue)
      guard sum.count == next || !shouldContinue() else {
        throw GraphError("expected \(next - before) masks to count, found \(sum.count - before)")
      }
    }
    return sum
  }
}
