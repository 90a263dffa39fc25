import Insight
import NeuralNet
import Studies
import TerminalUI

/// Three means of many masks, class by class: the weight-scaling pass, the arithmetic and the geometric
/// mean, with deviation and standard error; classes are columns, the likeliest where not all have room.
struct MeansTable {
  private let classes: [Int]
  private let lines: [(name: String, note: String, style: Style, values: [Double])]
  private let marked: Int?
  private static let (nameWidth, cellWidth) = (17, 6)

  init(_ state: State, _ ensemble: Ensemble?, width: Int) {
    let network = state.experiment.subject.network
    guard let pass = ensemble?.weightScaling ?? network.classification(state.experiment.clean)
    else {
      (classes, lines, marked) = ([], [], nil)
      return
    }
    marked = pass.label
    let once = pass.probabilities
    let sums = ensemble?.classes
    let mean = sums?.meanProbabilities ?? once.map { _ in 0 }
    let most = max(1, (width - MeansTable.nameWidth - 1) / MeansTable.cellWidth)
    let order = once.indices.sorted { a, b in
      let (x, y) = (max(once[a], mean[a]), max(once[b], mean[b]))
      return x == y ? a < b : x > y
    }
    classes = order.prefix(most).sorted()
    var lines: [(name: String, note: String, style: Style, values: [Double])] = [
      ("weight scaling", "", .text, once)
    ]
    if let sums, sums.count > 0 {
      lines += [
        ("arithmetic mean", "", .title, mean), ("geometric mean", "", .text, sums.geometricMean),
        ("deviation", "", .dim, sums.deviations), ("SE", "", .dim, sums.standardErrors),
      ]
    }
    self.lines = lines
  }

  /// Rows it takes: the heading and five lines, the same before the first mask.
  var rows: Int { classes.isEmpty ? 0 : 6 }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    guard !classes.isEmpty else { return }
    var (line, rest) = rect.splitTop(1)
    write(
      "class", .dim, classes.map { ("\($0)", $0 == marked ? .title : .dim) }, line, &buffer, theme)
    for own in lines {
      (line, rest) = rest.splitTop(1)
      write(
        own.name, own.style,
        classes.map { (ShareText.probability(own.values[$0]), own.style) }, line, &buffer, theme)
    }
  }

  private func write(
    _ name: String, _ style: Style, _ cells: [(String, Style)], _ line: Rect,
    _ buffer: inout Buffer, _ theme: Theme
  ) {
    var spans = [TextLine.Span((" " + name).padded(to: MeansTable.nameWidth), style)]
    for (text, style) in cells {
      spans.append(.init(text.aligned(to: MeansTable.cellWidth), style))
    }
    TextLine(spans).draw(in: line, of: &buffer, glyphs: theme.glyphs)
  }
}
