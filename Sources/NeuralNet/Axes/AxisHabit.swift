import TensorCore

/// What axes usually are where nothing says so.
enum AxisHabit {
  /// Orders of axes as people have them, by rank, the most usual first.
  private static let orders: [Int: [[Axis.Name]]] = [
    2: [
      [.sample, .feature], [.sample, .channel], [.sample, .time], [.sample, .token],
      [.time, .feature], [.token, .feature], [.row, .column],
    ],
    3: [
      [.sample, .time, .feature], [.sample, .token, .feature], [.sample, .channel, .column],
      [.sample, .column, .channel], [.sample, .column, .feature], [.sample, .channel, .time],
      [.sample, .channel, .token], [.time, .sample, .feature], [.sample, .head, .feature],
      [.channel, .row, .column], [.row, .column, .channel], [.sample, .row, .column],
    ],
    4: [
      [.sample, .channel, .row, .column], [.sample, .row, .column, .channel],
      [.sample, .row, .column, .feature], [.sample, .head, .token, .feature],
      [.sample, .head, .time, .feature], [.sample, .token, .head, .feature],
      [.sample, .time, .head, .feature], [.sample, .head, .token, .token],
      [.sample, .head, .time, .time], [.sample, .head, .feature, .token],
      [.sample, .head, .feature, .time],
    ],
    5: [
      [.sample, .channel, .depth, .row, .column], [.sample, .depth, .row, .column, .channel],
      [.sample, .time, .channel, .row, .column], [.sample, .channel, .time, .row, .column],
    ],
  ]

  /// Whole numbers in a table are words.
  private static let words: [Axis.Name] = [.sample, .token]

  /// The first usual order that agrees with all that is known of a value's axes; nil where none does.
  static func order(
    for known: some Collection<Axis.Name?>, isFloat: Bool
  ) -> [Axis.Name]? {
    let all = (isFloat || known.count != 2 ? [] : [words]) + (orders[known.count] ?? [])
    return all.first { zip($0, known).allSatisfy { $1 == nil || $0 == $1 } }
  }

  /// The order that a model's sizes of an input speak for where they speak against the most usual one:
  /// images whose last size is one of channels, and whose second is none.
  static func order(sizes: [Int?]) -> [Axis.Name]? {
    let channels: [Int?] = [1, 3, 4]
    guard sizes.count == 4, channels.contains(sizes[3]), !channels.contains(sizes[1]) else {
      return nil
    }
    return [.sample, .row, .column, .channel]
  }
}

extension Axis.Name {
  /// What a size is of that a model calls `text`: `batch_size`, `seq_len`, `height`. Nil where the word
  /// says nothing, or is arithmetic.
  /// - Parameter isFloat: false for whole numbers, whose sequences are of words
  init?(dimName text: String, isFloat: Bool) {
    // A letter counts alone: `n_mels` are no samples.
    var words = text.lowercased().split { !$0.isLetter }.map(String.init)
    if words.count > 1 { words.removeAll { $0.count == 1 } }
    let operators: Set<Character> = ["*", "/", "(", ")"]
    guard !text.contains(where: operators.contains) else { return nil }
    let known: [(Axis.Name, Set<String>)] = [
      (.sample, ["n", "b", "batch", "batches", "batchsize", "bs", "samples"]),
      (.time, ["t", "time", "times", "timesteps", "steps", "frames"]),
      (.token, ["token", "tokens", "patches"]),
      (isFloat ? .time : .token, ["seq", "sequence", "seqlen", "seqlength"]),
      (.row, ["h", "height", "rows"]),
      (.column, ["w", "width", "columns", "cols"]),
      (.depth, ["depth"]),
      (.channel, ["c", "channel", "channels"]),
      (.head, ["head", "heads"]),
      (.feature, ["f", "feature", "features", "hidden", "embedding", "embed"]),
    ]
    guard let name = known.first(where: { !$0.1.isDisjoint(with: words) })?.0 else { return nil }
    self = name
  }
}
