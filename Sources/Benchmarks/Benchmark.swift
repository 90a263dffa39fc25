/// Something whose speed is quoted. One benchmark is one file, and one line in `all`.
struct Benchmark: Sendable {
  /// The word on the command line.
  let name: String
  /// One line of help.
  let summary: String
  /// What is counted: `elements`, `frames`, …
  let unit: String
  /// How many runs warm up caches, the heap and the clock frequency before any is timed.
  var warmUps = 3
  /// Whether it runs on all processors unless told otherwise, as its peers do.
  var takesAllProcessors = false
  /// Makes what will be timed, everything it needs already at hand.
  let prepare: @Sendable (Settings) throws -> Work

  /// What the person asked for.
  struct Settings: Sendable {
    /// How many threads may share the work.
    var threads = 1
    /// How many runs are timed.
    var repeats = 15
  }

  /// One piece of work that can be done over and over.
  struct Work {
    /// How many units one run does.
    let count: Int
    /// How many threads it takes.
    var threads = 1
    /// One run.
    let run: () throws -> Void
  }

  /// Thrown by `prepare` where something the benchmark needs is not on this machine.
  struct Skipped: Error {
    let reason: String
  }

  /// All benchmarks.
  static let all: [Benchmark] =
    [
      .philox,
      .maskElement,
      .maskSpatial,
      .frame80x24,
      .pageOfNodes,
      .frame200x60,
      .ensemble,
      .start,
      .keyToScreen,
      .meters16x26x26,
      .kerasVGGTrain,
      .kerasVGGPredict,
      .digitsTrain,
      .digitsPredict1,
      .syntheticDigits,
    ] + products + bigFrames + openedFrames + convLayers
}
