import Studies
import TerminalUI

/// What curves show of one training: its epochs so far, of as many as there will be.
struct TrainingTrace {
  var records: [EpochRecord]
  /// How many epochs there will be.
  var epochs: Int
  var segments: [TrainingSegment] = []

  /// A value for each epoch there will be, NaN where it has yet to come.
  func values(_ value: (EpochRecord) -> Double?) -> [Double] {
    var values = [Double](repeating: .nan, count: max(epochs, records.count))
    for (place, record) in records.enumerated() { values[place] = value(record) ?? .nan }
    return values
  }

  /// One axis for losses, from 0, as high as the first epochs of all lie.
  static func lossLimits(_ traces: [TrainingTrace]) -> ClosedRange<Double> {
    let losses: [Double] = traces.flatMap(\.records).flatMap { [$0.loss, $0.heldOutLoss ?? 0] }
    return 0...max(1e-6, losses.filter(\.isFinite).max() ?? 1)
  }

  /// One axis for accuracies, up to 1, from the tenth below the lowest.
  static func accuracyLimits(_ traces: [TrainingTrace]) -> ClosedRange<Double> {
    let found: [Double] = traces.flatMap(\.records).flatMap {
      [$0.accuracy, $0.heldOutAccuracy ?? 1]
    }
    let least = found.filter(\.isFinite).min() ?? 0
    return min(0.9, max(0, (least * 10).rounded(.down) / 10))...1
  }

  /// Losses by epoch: training as it trains, the same images with dropout off, held out.
  func lossChart(_ title: String, limits: ClosedRange<Double>) -> LineChart {
    chart(title, [values(\.loss), values(\.undroppedLoss), values(\.heldOutLoss)], limits) {
      NumberText.value(Float($0))
    }
  }

  /// The shares that are right, of the same.
  func accuracyChart(_ title: String, limits: ClosedRange<Double>) -> LineChart {
    chart(
      title, [values(\.accuracy), values(\.undroppedAccuracy), values(\.heldOutAccuracy)], limits
    ) { NumberText.fixed($0 * 100, 0) + "%" }
  }

  private func chart(
    _ title: String, _ values: [[Double]], _ limits: ClosedRange<Double>,
    label: @escaping @Sendable (Double) -> String
  ) -> LineChart {
    let first = records.first?.epoch ?? 1
    var chart = LineChart(
      title,
      [
        .init("training", values[0], color: Palette.training, mark: "*"),
        .init("clean", values[1], color: Palette.clean, mark: "."),
        .init("held out", values[2], color: Palette.heldOut, mark: "o"),
      ].filter { !records.isEmpty ? $0.values.contains(where: \.isFinite) : true },
      first: first, unit: "epoch ", label: label)
    chart.limits = limits
    chart.marks = segments.byEpoch.map { $0.epoch - first }
    return chart
  }
}

extension TrainingTrace {
  /// A training of a race.
  init(_ race: RaceWork, _ variant: Int) {
    self.init(
      records: race.records(of: variant), epochs: race.opened?.epochs ?? race.job.epochs ?? 1,
      segments: race.segments(of: variant))
  }
}
