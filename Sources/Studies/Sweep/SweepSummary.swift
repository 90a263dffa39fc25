import Insight

/// What a sweep says: its runs by setting, each with the mean over seeds and how far chance may have moved
/// it; which is best, and how much the setting matters.
public struct SweepSummary: Codable, Equatable, Sendable {
  /// The parameters in which settings differ.
  public var parameters: [String]
  /// The settings, in the plan's order.
  public var settings: [Setting]
  /// The place of the setting with the highest mean accuracy held out; none where nothing was measured.
  public var best: Int?
  /// The settings whose mean lies within one standard error of the best one's.
  public var withinOneError: [Int]
  /// Along the only axis of numbers: the slope of the least-squares line, as accuracy a unit of it.
  public var slope: Double?

  private enum CodingKeys: String, CodingKey {
    case parameters, settings, best, slope
    case withinOneError = "within_one_standard_error"
  }

  /// Runs that differ in their seed only.
  public struct Setting: Codable, Equatable, Sendable {
    /// The values of the parameters; none where the recipe's holds.
    public var values: [RunValue?]
    /// How many seeds came to an end.
    public var seeds: Int
    /// How many diverged.
    public var diverged: Int
    /// The mean accuracy held out.
    public var heldOut: Double?
    /// Its standard error, and its 95 % interval (Student's t), over two seeds or more.
    public var errorOfMean: Double?
    public var interval: [Double]?
    /// The mean accuracy on the images trained on, dropout off.
    public var training: Double?
    /// The mean of the one less the other.
    public var gap: Double?
    /// The mean accuracy of averages over masks, where they were asked for.
    public var monteCarlo: Double?

    private enum CodingKeys: String, CodingKey {
      case values, seeds, diverged, interval, gap
      case heldOut = "held_out_accuracy"
      case errorOfMean = "standard_error"
      case training = "training_accuracy"
      case monteCarlo = "monte_carlo_accuracy"
    }

    init(_ rows: [SweepTable.Row]) {
      values = rows[0].values
      let sound = rows.map(\.result).filter { $0.diverged == nil }
      (seeds, diverged) = (sound.count, rows.count - sound.count)
      func mean(_ value: (RunResult) -> Double?) -> MeanInterval? {
        let found = sound.compactMap(value)
        return found.isEmpty ? nil : MeanInterval(found)
      }
      let score = mean(\.heldOutAccuracy)
      (heldOut, errorOfMean) = (score?.mean, score?.errorOfMean)
      interval = score?.interval.map { [$0.lowerBound, $0.upperBound] }
      training = mean(\.trainingAccuracy)?.mean
      gap =
        mean { result in
          result.trainingAccuracy.flatMap { training in
            result.heldOutAccuracy.map { training - $0 }
          }
        }?.mean
      monteCarlo = mean { $0.monteCarlo?.accuracy }?.mean
    }
  }

  /// The summary of a table.
  public init(_ table: SweepTable) {
    parameters = table.parameters
    var order: [[RunValue?]] = []
    var groups: [[RunValue?]: [SweepTable.Row]] = [:]
    for row in table.rows {
      if groups[row.values] == nil { order.append(row.values) }
      groups[row.values, default: []].append(row)
    }
    let settings = order.compactMap { groups[$0].map(Setting.init) }
    self.settings = settings
    let best = settings.indices.filter { settings[$0].heldOut != nil }
      .max { settings[$0].heldOut! < settings[$1].heldOut! }
    self.best = best
    withinOneError = settings.indices.filter { place in
      guard let best, let score = settings[place].heldOut, let top = settings[best].heldOut
      else { return false }
      return score >= top - (settings[best].errorOfMean ?? 0)
    }
    slope = SweepSummary.slope(settings)
  }

  /// Least squares over the settings, where one axis of numbers is all in which they differ.
  private static func slope(_ settings: [Setting]) -> Double? {
    let points = settings.compactMap { setting -> (x: Double, y: Double)? in
      guard setting.values.count == 1, let x = setting.values[0]?.number, let y = setting.heldOut
      else { return nil }
      return (x, y)
    }
    guard points.count == settings.count, points.count > 1 else { return nil }
    let count = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / count
    let y = points.reduce(0) { $0 + $1.y } / count
    let squares = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    guard squares > 0 else { return nil }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / squares
  }
}
