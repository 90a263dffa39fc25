public import Studies

/// A sweep that is looked at, and how.
public struct SweepView: Sendable {
  /// Where its results are.
  public let source: SweepSource
  /// The results that were there when they were read last.
  public internal(set) var report: SweepReport
  /// What is compared.
  var score = SweepScore.heldOut
  /// Which of the parameters that are shown lies along the axis.
  var axis = 0
  /// Whether two parameters are shown as a heat map.
  public var isHeatMap = false
  /// What is being read.
  var reading: SweepReading?

  /// A sweep whose results were read.
  public init(_ report: SweepReport, from source: SweepSource) {
    (self.report, self.source) = (report, source)
  }

  /// The parameter along the axis; nil where settings differ in none.
  var parameter: Int? {
    report.axes.isEmpty ? nil : report.axes[axis % report.axes.count]
  }

  /// The parameter down a heat map; nil where settings differ in one alone.
  var otherParameter: Int? {
    report.axes.count < 2 ? nil : report.axes[(axis + 1) % report.axes.count]
  }

  /// The parameters that are shown and lie along no axis of `taken`.
  private func others(than taken: [Int?]) -> [Int] { report.axes.filter { !taken.contains($0) } }

  /// Settings that differ along the axis alone, in the plan's order.
  func groups(of settings: [Int]) -> [[Int]] {
    let others = others(than: [parameter])
    var order: [[RunValue?]] = []
    var groups: [[RunValue?]: [Int]] = [:]
    for setting in settings {
      let values = others.map { report.summary.settings[setting].values[$0] }
      if groups[values] == nil { order.append(values) }
      groups[values, default: []].append(setting)
    }
    return order.compactMap { groups[$0] }
  }

  /// What tells a group from the others: its values of the other parameters.
  func name(ofGroup group: [Int]) -> String {
    guard let first = group.first else { return "" }
    let others = others(than: [parameter])
    return others.map { other in
      let value = report.summary.settings[first].values[other]?.description ?? "own"
      return others.count == 1 ? value : "\(report.summary.parameters[other]) \(value)"
    }.joined(separator: ", ")
  }

  /// Whether a setting is, beside the two axes of a heat map, as another one is.
  func shares(_ setting: Int, with other: Int) -> Bool {
    others(than: [parameter, otherParameter]).allSatisfy {
      report.summary.settings[setting].values[$0] == report.summary.settings[other].values[$0]
    }
  }
}
