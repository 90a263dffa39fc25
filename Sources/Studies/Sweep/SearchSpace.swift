public import TensorCore

/// Where an optimiser may look: what a plan's grid spans. Between numbers lies every number, on a scale of
/// logarithms where they span a factor of 100; texts are choices.
public struct SearchSpace: Encodable, Equatable, Sendable {
  /// An axis in Optuna's words for distributions.
  public enum Dimension: Equatable, Sendable {
    case real(ClosedRange<Double>, isLogarithmic: Bool)
    case whole(ClosedRange<Int>, isLogarithmic: Bool)
    case choice([RunValue])
  }

  /// The axes by their parameters.
  public private(set) var dimensions: [String: Dimension] = [:]

  /// The space of a plan.
  /// - Throws: `TensorError` where it has no grid, lists several runs, or an axis has one value.
  public init(_ plan: SweepPlan) throws(TensorError) {
    guard !plan.grid.isEmpty, plan.runs.count == 1 else {
      throw TensorError(
        "search", expected: "a plan with a [grid] and no list of runs",
        found: plan.grid.isEmpty ? "no grid" : "\(plan.runs.count) runs")
    }
    for axis in plan.grid {
      guard axis.values.count > 1 else {
        throw TensorError("search", expected: "two values or more of \(axis.key)", found: "one")
      }
      dimensions[axis.key] = SearchSpace.dimension(axis)
    }
  }

  private static func dimension(_ axis: SweepPlan.Axis) -> Dimension {
    let numbers = axis.values.compactMap(\.number)
    guard numbers.count == axis.values.count, let low = numbers.min(), let high = numbers.max()
    else { return .choice(axis.values) }
    let isLogarithmic = low > 0 && high / low >= 100
    if RunSettings.isWhole(axis.key), let first = Int(exactly: low), let last = Int(exactly: high) {
      return .whole(first...last, isLogarithmic: isLogarithmic)
    }
    return .real(low...high, isLogarithmic: isLogarithmic)
  }

  /// What an optimiser's answer means: choices are told as texts.
  public func parameters(_ answer: [String: RunValue]) -> [String: RunValue] {
    var parameters = answer
    for (key, value) in answer {
      guard case .choice(let values)? = dimensions[key] else { continue }
      parameters[key] = values.first { $0.description == value.description } ?? value
    }
    return parameters
  }

  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    static func word(_ word: String) -> Key { Key(stringValue: word) }
  }

  /// As `optuna ask --search-space` takes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (key, dimension) in dimensions {
      var one = container.nestedContainer(keyedBy: Key.self, forKey: .word(key))
      var attributes = one.nestedContainer(keyedBy: Key.self, forKey: .word("attributes"))
      switch dimension {
      case .real(let range, let isLogarithmic):
        try one.encode("FloatDistribution", forKey: .word("name"))
        try attributes.encode(range.lowerBound, forKey: .word("low"))
        try attributes.encode(range.upperBound, forKey: .word("high"))
        try attributes.encode(isLogarithmic, forKey: .word("log"))
        try attributes.encodeNil(forKey: .word("step"))
      case .whole(let range, let isLogarithmic):
        try one.encode("IntDistribution", forKey: .word("name"))
        try attributes.encode(range.lowerBound, forKey: .word("low"))
        try attributes.encode(range.upperBound, forKey: .word("high"))
        try attributes.encode(isLogarithmic, forKey: .word("log"))
        try attributes.encode(1, forKey: .word("step"))
      case .choice(let values):
        try one.encode("CategoricalDistribution", forKey: .word("name"))
        try attributes.encode(values.map(\.description), forKey: .word("choices"))
      }
    }
  }
}
