import Studies
import TerminalUI

/// What the units of a hidden layer do and how long weights are, a line each with its own small curve.
struct TrainMeters {
  private let trace: TrainingTrace
  private let layer: String?
  private let glyphs: Glyphs

  /// - Parameter shown: the layer shown, which is told of where it is one of the hidden ones; else the last
  init(_ trace: TrainingTrace, shown: String, _ glyphs: Glyphs) {
    (self.trace, self.glyphs) = (trace, glyphs)
    let names = trace.records.last?.layers?.map(\.layer) ?? []
    layer = names.contains(shown) ? shown : names.last
  }

  private struct Line {
    let name: String
    let text: String
    let curve: [Double]
    let limits: ClosedRange<Double>
  }

  func draw(in rect: Rect, of buffer: inout Buffer) {
    var rest = rect
    func write(_ spans: [TextLine.Span]) {
      let line: Rect
      (line, rest) = rest.splitTop(1)
      TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
    }
    guard let record = trace.records.last else {
      return write([.init("no epoch is over yet", .dim)])
    }
    let lines = self.lines
    if lines.isEmpty {
      write([.init("units are not in this log: train --measure keeps them", .dim)])
    } else {
      let weights = weights(record).map { ", w of \($0.parameter)" } ?? ""
      write([.init("at \(layer ?? "")\(weights)", .dim)])
    }
    for line in lines.prefix(rest.height) {
      let head = "\(line.name.padded(to: 7))\(line.text.aligned(to: 7)) "
      let curve = Sparkline(line.curve, limits: line.limits)
        .text(width: max(0, rect.width - head.unicodeScalars.count), glyphs: glyphs)
      write([
        .init(String(head.prefix(7)), .dim), .init(String(head.dropFirst(7)), .text),
        .init(curve, .title),
      ])
    }
  }

  private var lines: [Line] {
    guard let record = trace.records.last else { return [] }
    var lines: [Line] = []
    if let units = units(record) {
      func share(_ value: Double?) -> String {
        value.map { NumberText.fixed($0, 2).withoutLeadingZero } ?? glyphs.minus
      }
      lines = [
        Line(
          name: "zeros", text: share(units.zeros), curve: trace.values { self.units($0)?.zeros },
          limits: 0...1),
        Line(
          name: "|corr|", text: share(units.correlation),
          curve: trace.values { self.units($0)?.correlation }, limits: 0...1),
        Line(
          name: "dead", text: "\(units.dead)/\(units.units)",
          curve: trace.values { self.units($0).map { Double($0.dead) } },
          limits: 0...Double(max(1, units.units))),
      ]
    }
    if let weights = weights(record) {
      let curve = trace.values { self.weights($0)?.largest }
      let top = max(weights.limit ?? 0, curve.filter(\.isFinite).max() ?? 1)
      let bound = weights.limit.map { "/\(NumberText.plain($0))" } ?? ""
      lines.append(
        Line(
          name: "max|w|", text: NumberText.fixed(weights.largest, 2) + bound, curve: curve,
          limits: 0...max(1e-9, top)))
    }
    if let shift = shift(record) {
      let curve = trace.values { self.shift($0)?.measured }
      lines.append(
        Line(
          name: "BN var", text: "\(glyphs.times)\(NumberText.fixed(shift.measured, 2))",
          curve: curve, limits: 0...max(1e-9, curve.filter(\.isFinite).max() ?? 1)))
    }
    return lines
  }

  /// The batch normalisation whose input varies most beyond what it is at evaluation.
  private func shift(_ record: EpochRecord) -> ShiftRecord? {
    record.shifts?.max { $0.measured < $1.measured }
  }

  private func units(_ record: EpochRecord) -> LayerRecord? {
    record.layers?.first { $0.layer == layer }
  }

  /// The weights that max-norm holds closest to its bound; where it bounds none, the last hidden layer's.
  private func weights(_ record: EpochRecord) -> WeightRecord? {
    let bounded = record.weights?.filter { $0.limit != nil } ?? []
    return bounded.max { $0.largest < $1.largest } ?? record.weights?.first
  }
}
