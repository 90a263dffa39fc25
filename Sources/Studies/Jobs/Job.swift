/// Long work as data: what to do, and all that decides its numbers but the experiment it is done on. It
/// can be kept or sent elsewhere, and comes to the same sums wherever and in whatever portions it is done.
public struct Job: Codable, Equatable, Sendable {
  /// What is measured.
  public var study: Study
  /// Over how many masks.
  public var masks: Int

  /// What can be measured over many masks.
  public enum Study: Codable, Equatable, Sendable {
    /// What a setting's dropouts make of the site and the output: MC dropout samples.
    case samples(Setting)
    /// The labels that a setting's masks lead to.
    case votes(Setting)
    /// One row of the placement table: a dropout by itself.
    case placement(PlacedDropout, seed: UInt64)
  }

  /// The most masks that are added up: sums hold in the same memory whatever their number, but a
  /// person wants an end.
  public static let mostMasks = 1_000_000

  /// A job over so many masks.
  public init(_ study: Study, masks: Int) { (self.study, self.masks) = (study, masks) }
}

/// What is told of a job while it is done. Whoever listens decides about screens, files and signals.
public enum JobEvent: Sendable {
  /// Further on; what was found so far comes along.
  case progress(Work)
  /// Nothing is left to be done.
  case done(Work)
  /// It cannot go on, and the work says why.
  case failed(Work)

  /// How far the job is.
  public var work: Work {
    switch self {
    case .progress(let work), .done(let work), .failed(let work): work
    }
  }
}

extension Work {
  /// Does a job to its end and tells how it goes on. Where `shouldContinue` says no it ends at once and
  /// tells nothing more.
  /// - Parameter portion: how many masks to go on with before more is told, asked every time
  public mutating func run(
    portion: () -> Int = { 1024 }, while shouldContinue: @Sendable () -> Bool = { true },
    tell: (JobEvent) -> Void
  ) {
    while !isOver, shouldContinue() {
      advance(to: count + max(1, portion()), while: shouldContinue)
      guard shouldContinue() else { return }
      tell(problem != nil ? .failed(self) : isOver ? .done(self) : .progress(self))
    }
  }
}
