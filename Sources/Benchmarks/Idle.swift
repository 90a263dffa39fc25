import Glibc

extension Count {
  /// The processor's time that the program takes, on a terminal of 80×24, while nothing happens and
  /// while it draws new fields by itself.
  static let idle = Count(
    name: "idle", summary: "share of a core at rest, and while resampling by itself"
  ) {
    let terminal = try PseudoTerminal(try Benchmark.beside("dropscope"))
    try terminal.read(until: Benchmark.endOfFrame)
    // What the start left running ends within a moment.
    sleep(1)
    let before = terminal.processorSeconds
    sleep(2)
    let rest = terminal.processorSeconds - before
    terminal.type(" ")
    try terminal.read(until: Benchmark.endOfFrame)
    let clock = ContinuousClock()
    let (start, busy) = (clock.now, terminal.processorSeconds)
    var frames = 0
    while start.duration(to: clock.now) < .seconds(5) {
      try terminal.read(until: Benchmark.endOfFrame)
      frames += 1
    }
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    let share = (terminal.processorSeconds - busy) / elapsed
    terminal.type("q")
    terminal.finish()
    return [
      Figure(name: "at rest", value: rest / 2 * 100, unit: "% of a core"),
      Figure(name: "resampling", value: Double(frames) / elapsed, unit: "frames/s"),
      Figure(name: "resampling", value: share * 100, unit: "% of a core"),
    ]
  }
}
