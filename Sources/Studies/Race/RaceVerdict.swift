import Insight

/// What a race says of two of its variants, and no more: on the same images held out, with the chance that
/// it is chance.
public struct RaceVerdict: Codable, Equatable, Sendable {
  /// The variant that is compared with.
  public var first: String
  /// The variant that is compared.
  public var second: String
  /// By how much larger the second's accuracy is, of 1; over several seeds the mean.
  public var difference: Double
  /// The 95 % interval of the difference over seeds; none of one seed.
  public var interval: [Double]?
  /// The probability of a difference as large or larger, either way, where there is none.
  public var pValue: Double?
  /// `McNemar exact` or `paired t`.
  public var test: String
  /// How many comparisons the race makes; p is of this one alone.
  public var comparisons: Int
  /// All of that as a sentence.
  public var sentence: String

  private enum CodingKeys: String, CodingKey {
    case first, second, difference, interval, test, comparisons, sentence
    case pValue = "p_value"
  }

  /// Keys without a value stand there too, as null: who reads them need not ask which test it was.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(second, forKey: .second)
    try container.encode(difference, forKey: .difference)
    try container.encode(interval, forKey: .interval)
    try container.encode(pValue, forKey: .pValue)
    try container.encode(test, forKey: .test)
    try container.encode(comparisons, forKey: .comparisons)
    try container.encode(sentence, forKey: .sentence)
  }

  /// Compares what two variants came to, seed by seed.
  public init(
    first: String, second: String, _ outcomes: [(first: RaceOutcome, second: RaceOutcome)],
    comparisons: Int
  ) {
    precondition(!outcomes.isEmpty, "a verdict on nothing")
    (self.first, self.second, self.comparisons) = (first, second, comparisons)
    let images = outcomes[0].first.right.count
    let ending =
      comparisons > 1 ? "; one of \(comparisons) comparisons, for which p is not adjusted" : ""
    if outcomes.count == 1 {
      let found = McNemar(outcomes[0].first.right, outcomes[0].second.right)
      (difference, pValue, test) = (found.difference, found.pValue, "McNemar exact")
      sentence =
        RaceVerdict.claim(first, second, found.difference, isShown: found.pValue < 0.05)
        + " on \(images) images held out: \(RaceVerdict.points(found.difference)) points, "
        + "\(found.onlySecond) right by \(second) alone and \(found.onlyFirst) by \(first) alone, "
        + "McNemar's exact p \(RaceVerdict.probability(found.pValue)); one seed says nothing of others"
        + ending
      return
    }
    let found = MeanInterval(outcomes.map { $0.second.accuracy - $0.first.accuracy })
    let interval = found.interval ?? found.mean...found.mean
    (difference, pValue, test) = (found.mean, found.pValue, "paired t")
    self.interval = [interval.lowerBound, interval.upperBound]
    // Without a spread over seeds nothing can be told from it.
    let isShown = found.pValue.map { $0 < 0.05 } ?? false
    sentence =
      RaceVerdict.claim(first, second, found.mean, isShown: isShown)
      + " over \(outcomes.count) seeds: \(RaceVerdict.points(found.mean)) points, 95 % interval "
      + "\(RaceVerdict.points(interval.lowerBound)) to \(RaceVerdict.points(interval.upperBound)), "
      + (found.pValue.map { "paired t, p \(RaceVerdict.probability($0))" }
        ?? "the same in every seed, so that no test applies")
      + ", on \(images) images held out" + ending
  }

  private static func claim(
    _ first: String, _ second: String, _ difference: Double, isShown: Bool
  ) -> String {
    guard isShown, difference != 0 else {
      return "no difference is shown between \(first) and \(second)"
    }
    return "\(second) is \(difference > 0 ? "better" : "worse") than \(first)"
  }

  /// `+1.25`
  public static func points(_ share: Double) -> String {
    let hundredths = (share * 10_000).rounded()
    guard hundredths.isFinite, abs(hundredths) < 1e9 else { return "\(share * 100)" }
    let whole = Int(abs(hundredths))
    let (points, rest) = (whole / 100, whole % 100)
    return "\(hundredths < 0 ? "−" : "+")\(points).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// `= .031`, `< .001`
  public static func probability(_ p: Double) -> String {
    guard p >= 0.001 else { return "< .001" }
    let thousandths = Int((min(1, p) * 1000).rounded())
    guard thousandths < 1000 else { return "= 1" }
    return "= ." + String(repeating: "0", count: 3 - "\(thousandths)".count) + "\(thousandths)"
  }
}
