/// The times of a benchmark's runs.
struct Measurement {
  let benchmark: Benchmark
  /// Threads that share the work.
  let threads: Int
  /// Units of one run.
  let count: Int
  /// Seconds of each timed run, the shortest first.
  let seconds: [Double]

  /// Times a benchmark, after runs that warm up caches, the heap and the clock frequency.
  init(_ benchmark: Benchmark, _ settings: Benchmark.Settings) throws {
    self.benchmark = benchmark
    let work = try benchmark.prepare(settings)
    let clock = ContinuousClock()
    let start = clock.now
    var warmUps = 0
    while warmUps < benchmark.warmUps || start.duration(to: clock.now) < .milliseconds(300) {
      try work.run()
      warmUps += 1
    }
    var seconds: [Double] = []
    for _ in 0..<max(1, settings.repeats) {
      seconds.append(try clock.measure { try work.run() } / .seconds(1))
    }
    (count, threads) = (work.count, work.threads)
    self.seconds = seconds.sorted()
  }

  var best: Double { seconds[0] }

  var median: Double {
    let middle = seconds.count / 2
    return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
  }

  /// Units a second at the median time.
  var perSecond: Double { Double(count) / median }

  /// One line for people.
  var line: String {
    let rate = Measurement.short(perSecond)
    let name = benchmark.name + String(repeating: " ", count: max(0, 16 - benchmark.name.count))
    return "\(name) \(rate) \(benchmark.unit)/s   median \(Measurement.milliseconds(median)), "
      + "best \(Measurement.milliseconds(best)) for \(count) \(benchmark.unit), "
      + "\(threads) thread\(threads == 1 ? "" : "s"), \(seconds.count) repeats"
  }

  /// One JSON object on one line. Rates are those of the median.
  var json: String {
    """
    {"name": "\(benchmark.name)", "\(benchmark.unit)_per_second": \(perSecond.rounded()), \
    "best_\(benchmark.unit)_per_second": \((Double(count) / best).rounded()), \
    "median_seconds": \(median), "best_seconds": \(best), "\(benchmark.unit)": \(count), \
    "threads": \(threads), "repeats": \(seconds.count)}
    """
  }

  private static func short(_ value: Double) -> String {
    for (limit, letter) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= limit {
      return "\((value / limit * 1000).rounded() / 1000) \(letter)"
    }
    return "\((value * 1000).rounded() / 1000) "
  }

  private static func milliseconds(_ seconds: Double) -> String {
    "\((seconds * 1e6).rounded() / 1000) ms"
  }
}
