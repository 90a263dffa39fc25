/// Work under way, as a value: whoever has a copy can go on from there, and comes to the same.
public protocol ResumableWork: Sendable {
  /// What tells one work from another.
  var id: Int { get }
  /// How much of it is done, in steps of its own: masks, batches.
  var count: Int { get }
  /// How much there is to do.
  var goal: Int { get }
  /// Whether nothing is left to be done.
  var isOver: Bool { get }
  /// Why it cannot go on; nil while it can.
  var problem: String? { get }
  /// Whether what it takes to begin has yet to be done.
  var isUnbegun: Bool { get }

  /// Whether nothing was there to be done when it last went on, though more may come.
  var isWaiting: Bool { get }

  /// Goes on until so much is done, or all of it.
  /// - Parameter shouldContinue: asked before every step
  mutating func advance(to count: Int, while shouldContinue: @Sendable () -> Bool)

  /// Learns how long so many steps took.
  mutating func measured(_ steps: Int, seconds: Double)
}

extension ResumableWork {
  /// It never waits.
  public var isWaiting: Bool { false }

  /// Nothing depends on it.
  public mutating func measured(_ steps: Int, seconds: Double) {}

  /// Goes on until so much is done, or all of it.
  public mutating func advance(to count: Int) { advance(to: count, while: { true }) }

  /// Works to the end and tells how it goes on. Where `shouldContinue` says no it ends at once and tells
  /// nothing more.
  /// - Parameter portion: how many steps to go on with before more is told, asked every time
  public mutating func run(
    portion: () -> Int = { 1024 }, while shouldContinue: @Sendable () -> Bool = { true },
    tell: (JobEvent) -> Void
  ) {
    while !isOver, shouldContinue() {
      let (sum, overflows) = count.addingReportingOverflow(max(1, portion()))
      advance(to: overflows ? .max : sum, while: shouldContinue)
      guard shouldContinue() else { return }
      tell(problem != nil ? .failed(self) : isOver ? .done(self) : .progress(self))
    }
  }
}

/// What is told of work while it is done. Whoever listens decides about screens, files and signals.
public enum JobEvent: Sendable {
  /// Further on; what was found so far comes along.
  case progress(any ResumableWork)
  /// Nothing is left to be done.
  case done(any ResumableWork)
  /// It cannot go on, and the work says why.
  case failed(any ResumableWork)

  /// How far the work is.
  public var work: any ResumableWork {
    switch self {
    case .progress(let work), .done(let work), .failed(let work): work
    }
  }
}
