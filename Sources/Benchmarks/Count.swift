/// Something quoted that is counted rather than timed. One is one file, and one line in `all`.
struct Count: Sendable {
  /// The word on the command line.
  let name: String
  /// One line of help.
  let summary: String
  /// Counts.
  let run: @Sendable () throws -> [Figure]

  /// A number with its name: `resample`, 9,000, `bytes`.
  struct Figure {
    let name: String
    let value: Double
    let unit: String
  }

  /// All of them.
  static let all: [Count] = [
    .bytesPerFrame,
    .idle,
  ]

  /// A line for each figure, for people or as JSON objects.
  func lines(json: Bool) throws -> [String] {
    try run().map { figure in
      let value = (figure.value * 1000).rounded() / 1000
      if json {
        return
          "{\"name\": \"\(name)\", \"figure\": \"\(figure.name)\", \"\(figure.unit)\": \(value)}"
      }
      let title = "\(name) \(figure.name)"
      return title + String(repeating: " ", count: max(1, 36 - title.count))
        + "\(value) \(figure.unit)"
    }
  }
}
