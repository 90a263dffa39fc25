public import TensorCore

/// A sweep as data: many trainings that differ in what is listed or spanned by a grid, each with every
/// seed. Its lines are worked out one at a time, so that a million of them take no memory.
public struct SweepPlan: Codable, Equatable, Sendable {
  /// What all runs share.
  public var base: [String: RunValue]
  /// Runs that are listed, each by what it does otherwise; one of nothing where none are listed.
  public var runs: [[String: RunValue]]
  /// Axes, of which every combination is run, the last one changing fastest.
  public var grid: [Axis]
  /// The seeds of each.
  public var seeds: [UInt64]

  /// A parameter and its values.
  public struct Axis: Codable, Equatable, Sendable {
    public var key: String
    public var values: [RunValue]

    /// An axis.
    public init(key: String, values: [RunValue]) { (self.key, self.values) = (key, values) }
  }

  /// The most lines a plan may have.
  public static let mostLines = 1_000_000

  /// How many lines there are.
  public let count: Int

  /// A plan of these parts.
  /// - Throws: `TensorError` where it has no line, too many, or says a key twice.
  public init(
    base: [String: RunValue], runs: [[String: RunValue]] = [], grid: [Axis] = [], seeds: [UInt64]
  ) throws(TensorError) {
    (self.base, self.grid, self.seeds) = (base, grid, seeds)
    self.runs = runs.isEmpty ? [[:]] : runs
    for axis in grid {
      guard axis.key != "seed" else {
        throw TensorError("grid", expected: "seeds = […] for seeds", found: "seed")
      }
      guard !axis.values.isEmpty, Set(axis.values).count == axis.values.count else {
        throw TensorError(
          "grid", expected: "values of \(axis.key), each once", found: "\(axis.values)")
      }
      if runs.contains(where: { $0[axis.key] != nil }) {
        throw TensorError("grid", expected: "keys that no run has", found: axis.key)
      }
    }
    guard !seeds.isEmpty, Set(seeds).count == seeds.count else {
      throw TensorError("seeds", expected: "one or more, each once", found: "\(seeds)")
    }
    var count = self.runs.count * seeds.count
    for axis in grid { count = count.saturatingProduct(axis.values.count) }
    guard count <= SweepPlan.mostLines else {
      throw TensorError(
        "plan", expected: "at most \(SweepPlan.mostLines) lines", found: "\(count)")
    }
    self.count = count
  }

  private enum CodingKeys: String, CodingKey { case base, runs, grid, seeds }

  /// Reads a plan, which is checked as a new one is.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      base: try container.decode([String: RunValue].self, forKey: .base),
      runs: try container.decode([[String: RunValue]].self, forKey: .runs),
      grid: try container.decode([Axis].self, forKey: .grid),
      seeds: try container.decode([UInt64].self, forKey: .seeds))
  }

  /// The parameters in which runs differ, in the order of the table's columns.
  public var columns: [String] {
    var found: [String] = []
    for key in runs.flatMap({ $0.keys.sorted() }) where !found.contains(key) { found.append(key) }
    // What a run is called comes first.
    if let place = found.firstIndex(of: "name") { found.insert(found.remove(at: place), at: 0) }
    return found + grid.map(\.key)
  }

  /// The parameters of a line, counted from 1: the seed changes fastest, then the last axis.
  public func parameters(ofLine line: Int) -> [String: RunValue] {
    precondition((1...count).contains(line), "line \(line) of \(count)")
    var rest = line - 1
    var parameters = base
    parameters["seed"] = .number(Double(seeds[rest % seeds.count]))
    rest /= seeds.count
    for axis in grid.reversed() {
      parameters[axis.key] = axis.values[rest % axis.values.count]
      rest /= axis.values.count
    }
    return parameters.merging(runs[rest]) { _, own in own }
  }

  /// Lines in which every run and every value of every axis occurs: what makes no sense shows in one of
  /// them, unless it takes two values together.
  public var telling: [Int] {
    var lines: [Int] = []
    let perRun = count / runs.count
    for run in runs.indices {
      lines.append(run * perRun + 1)
      var stride = seeds.count
      for axis in grid.reversed() {
        for value in axis.values.indices.dropFirst() {
          lines.append(run * perRun + value * stride + 1)
        }
        stride *= axis.values.count
      }
    }
    return lines
  }
}

extension Int {
  fileprivate func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
