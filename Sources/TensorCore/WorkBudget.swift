import Synchronization

/// The work a run may take: what a file of a few bytes asks for is counted before it is done, and what
/// goes beyond the limit is an error, not an hour's wait.
///
/// Work is counted in multiply-adds; an element that is made or moved counts as `perElement` of them, which
/// is about what the memory costs beside them.
public enum WorkBudget {
  /// The most work of one pass through a network: a minute or two of a present core's, hundreds of times
  /// what the largest networks for pictures need.
  public static var limit: Int {
    get { scopedLimit ?? processLimit.load(ordering: .relaxed) }
    set { processLimit.store(newValue, ordering: .relaxed) }
  }

  /// Another limit for a scope, for tests.
  @TaskLocal public static var scopedLimit: Int?

  private static let processLimit = Atomic<Int>(10_000_000_000_000)

  /// What an element counts beside a multiply-add.
  public static let perElement = 16

  /// Counts work that is about to be done.
  /// - Parameters:
  ///   - done: what the pass has taken until now; the work is added to it
  ///   - work: what comes next; saturated sums are welcome
  ///   - operation: what asks, for the message
  ///   - what: what it is for
  /// - Throws: `TensorError` where the limit would be passed.
  @inline(__always)
  public static func count(
    _ work: Int, on done: inout Int, in operation: @autoclosure () -> String,
    for what: @autoclosure () -> String
  ) throws(TensorError) {
    let (sum, overflow) = done.addingReportingOverflow(work)
    done = overflow ? Int.max : sum
    let limit = limit
    guard done > limit else { return }
    var error = TensorError(
      operation(), expected: "at most \(scientific(limit)) multiply-adds a pass (--work-limit)",
      found: "\(scientific(done)) up to \(what())")
    error.exceedsBudget = true
    throw error
  }

  /// `4.6e12`
  static func scientific(_ number: Int) -> String {
    var (mantissa, exponent) = (Double(number), 0)
    while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    return "\((mantissa * 10).rounded() / 10)e\(exponent)"
  }
}
