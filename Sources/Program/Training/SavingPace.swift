/// When checkpoints are written: not so often that writing takes longer than training does, and not so
/// seldom that much is lost.
struct SavingPace {
  private static let pause = Duration.seconds(2)
  private var last: [Int: ContinuousClock.Instant] = [:]
  private let start = ContinuousClock.now

  /// Whether what has a number was not written for a while; if so it counts as written now.
  mutating func isDue(_ number: Int = 0) -> Bool {
    let now = ContinuousClock.now
    guard now - (last[number] ?? start) >= SavingPace.pause else { return false }
    last[number] = now
    return true
  }
}
