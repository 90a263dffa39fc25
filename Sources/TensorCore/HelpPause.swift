#if canImport(Glibc)
  import Glibc
#endif

/// When work is shared again after a thread was off its processor in the middle of a task: at first soon,
/// for the machine may have been somewhere else for a moment; where it comes again and again, after as long
/// as another process runs at a time.
struct HelpPause {
  private var end = 0
  private var length = shortest
  private var lastStall = -rememberedFor

  private static let shortest = 500_000
  private static let longest = 4_000_000
  private static let rememberedFor = 16_000_000

  /// Nanoseconds of a clock that never goes back.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// Whether work that begins now is done alone.
  func holds(at now: Int) -> Bool { now < end }

  /// Notes that a thread was waited for that was off its processor.
  mutating func stalled(at now: Int) {
    let isAgain = now - lastStall < HelpPause.rememberedFor
    length = isAgain ? min(2 * length, HelpPause.longest) : HelpPause.shortest
    (lastStall, end) = (now, now + length)
  }
}
