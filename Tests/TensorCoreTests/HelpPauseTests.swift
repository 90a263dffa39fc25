import Testing

@testable import TensorCore

/// After a stall work is done alone, for longer where stalls come again and again.
@Suite struct HelpPauseTests {
  /// How long work is done alone after a stall at a time.
  private func alone(_ pause: HelpPause, after now: Int) -> Int {
    var end = now
    while pause.holds(at: end) { end += 10_000 }
    return end - now
  }

  @Test func onlyStallsPause() {
    var pause = HelpPause()
    #expect(!pause.holds(at: 0) && !pause.holds(at: HelpPause.now))
    pause.stalled(at: 1_000_000_000)
    #expect(alone(pause, after: 1_000_000_000) == 500_000)
    // Long after, a stall is as the first.
    pause.stalled(at: 2_000_000_000)
    #expect(alone(pause, after: 2_000_000_000) == 500_000)
  }

  @Test func stallsInARowPauseLonger() {
    var pause = HelpPause()
    var (now, lengths) = (1_000_000_000, [Int]())
    for _ in 0..<6 {
      pause.stalled(at: now)
      lengths.append(alone(pause, after: now))
      now += lengths.last! + 3_000_000
    }
    #expect(lengths == [500_000, 1_000_000, 2_000_000, 4_000_000, 4_000_000, 4_000_000])
  }
}
