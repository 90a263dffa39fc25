import Scope
import Studies
import TerminalUI

/// Loss and accuracy by epoch, of the images trained on and of those held out.
struct TrainingCurves {
  var title: String
  var records: [EpochRecord]
  var background = Palette.background

  /// Both charts, side by side where there is room; the title above them.
  func draw(in rect: Rect, of buffer: inout Buffer, glyphs: Glyphs) {
    var area = rect
    if !title.isEmpty {
      let (line, rest) = rect.splitTop(2)
      TextLine([TextLine.Span(title, Style(Palette.text, on: background, .bold))])
        .draw(in: line, of: &buffer, glyphs: glyphs)
      area = rest
    }
    let (loss, accuracy): (Rect, Rect)
    if area.width >= 76 {
      let (left, right) = area.splitLeft((area.width - 3) / 2)
      (loss, accuracy) = (left, right.splitLeft(3).rest)
    } else {
      (loss, accuracy) = area.splitTop(area.height / 2)
    }
    chart("loss", \.loss, \.heldOutLoss) { NumberText.value(Float($0)) }
      .draw(in: loss, of: &buffer, glyphs: glyphs)
    chart("accuracy", \.accuracy, \.heldOutAccuracy) { TrainingText.percent($0) }
      .draw(in: accuracy, of: &buffer, glyphs: glyphs)
  }

  /// The curves as a picture of their own.
  func picture(width: Int, height: Int, glyphs: Glyphs) -> Buffer {
    var buffer = Buffer(
      width: width, height: height, filledWith: Cell(" ", Style(Palette.text, on: background)))
    let inner = Rect(
      x: min(1, width), y: min(1, height), width: width - 2, height: height - 2)
    draw(in: inner, of: &buffer, glyphs: glyphs)
    return buffer
  }

  private func chart(
    _ name: String, _ training: KeyPath<EpochRecord, Double>,
    _ heldOut: KeyPath<EpochRecord, Double?>, label: @escaping @Sendable (Double) -> String
  ) -> LineChart {
    var series = [
      LineChart.Series(
        "training", records.map { $0[keyPath: training] }, color: Palette.training,
        mark: "*")
    ]
    let held = records.map { $0[keyPath: heldOut] ?? .nan }
    if held.contains(where: \.isFinite) {
      series.append(
        LineChart.Series("held out", held, color: Palette.heldOut, mark: "o"))
    }
    return LineChart(
      name, series, first: records.first?.epoch ?? 1, unit: "epoch ", background: background,
      label: label)
  }
}
