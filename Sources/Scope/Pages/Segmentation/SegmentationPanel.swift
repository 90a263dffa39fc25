import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// A picture with what is true and what is found in it, the variance of each place over masks, and how far
/// what is found overlaps with what is true.
public struct SegmentationPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.segmentation, in: rect)
    let network = state.experiment.subject.network
    guard let clean = network.segmentation(state.experiment.clean) else {
      page.draw(
        [.init(state.experiment.subject.modelName, .text), .init(" finds no places", .dim)],
        of: &buffer, state.theme)
      return SegmentationPanel.howTo.draw(in: page.inside, of: &buffer, state.theme.glyphs)
    }
    page.draw(title(state, clean), of: &buffer, state.theme)
    let sums =
      (state.ensemble?.sum as? Ensemble)?.segmentation
      ?? SegmentationSums(clean: clean, truth: state.experiment.subject.truth)
    let masked = network.segmentation(state.observation.run) ?? clean
    let table = OverlapTable(sums, masked: masked)
    let (maps, below) = page.inside.splitTop(max(4, page.inside.height - table.rows))
    drawMaps(state, sums, masked, in: maps, of: &buffer)
    table.draw(in: below, of: &buffer, state.theme)
  }

  /// What makes one, where none is shown.
  private static let howTo = HowTo(
    "the places that a network finds in a picture, and where it is unsure under dropout",
    [
      ("dropscope discs --model unet --page segmentation", "discs and rings, and their truth"),
      ("dropscope train unet -o own.onnx", "three minutes: a network of your own"),
      ("dropscope photo.png --truth mask.png --model own.onnx", "your picture, and what is true"),
    ])

  private func title(_ state: State, _ clean: Segmentation) -> [TextLine.Span] {
    let size = "\(clean.rows)\(state.theme.glyphs.times)\(clean.columns)"
    guard let work = state.ensemble else { return [.init(size, .dim)] }
    if let problem = work.problem { return [.init(problem, .text)] }
    return [
      .init(size, .dim), .init("  T = ", .dim), .init(NumberText.grouped(work.count), .text),
      .init(work.count == 1 ? " mask" : " masks", .dim),
      .init(
        work.isOver
          ? "  the most there are"
          : state.isSampling ? "  Space pauses" : "  Space accumulates masks", .dim),
    ]
  }

  private func drawMaps(
    _ state: State, _ sums: SegmentationSums, _ masked: Segmentation, in rect: Rect,
    of buffer: inout Buffer
  ) {
    let variances = Tensor(Shape([sums.clean.rows, sums.clean.columns]), sums.variances)
    let count = NumberText.grouped(sums.count)
    let over = sums.count == 1 ? "1 mask" : "\(count) masks"
    let varies = sums.count > 1 ? ValueScale(variances).text(state.theme.glyphs) : ""
    let truth = sums.truth.map {
      Pane("truth", "", Tensor(variances.shape, $0.map { $0 ? 1 : 0 }))
    }
    let clean = Pane("without", "dropout", sums.clean.tensor)
    let mean = Pane("mean", "of \(over)", sums.mean.tensor)
    let variance = Pane("variance", varies, sums.count > 1 ? variances : nil, isShare: false)
    // Two lines of maps where they are larger than one line would be.
    let lines = rect.height >= 26 ? 2 : 1
    let with = Pane("with", "this mask", masked.tensor)
    let panes =
      lines == 1
      ? [truth ?? clean, mean, variance]
      : truth.map { [$0, clean, with, mean, variance] } ?? [clean, with, mean, variance]
    let (upper, lower) = rect.splitTop(rect.height / lines)
    let each = (panes.count + lines) / lines
    let places = [upper, lower].prefix(lines).flatMap { $0.columns(each) }
    let (line, room) = places[0].splitTop(1)
    drawInput(state, line, room, of: &buffer)
    // Where there is no truth its place is not left open: the lower line begins after its first.
    let own = places.count > panes.count + 1 ? places[1..<3] + places[4...] : places[1...]
    for (pane, place) in zip(panes, own) {
      let (line, room) = place.splitTop(1)
      TextLine([.init(pane.word, .title), .init(" " + pane.note, .dim)])
        .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
      guard let tensor = pane.tensor else { continue }
      let layout = Layout(tensor.shape, [Axis(.row), Axis(.column)])
      let plane = Plane(layout, channel: 0)
      let scale = pane.isShare ? ValueScale(low: 0, high: 1) : ValueScale(tensor)
      FittedMap(tensor, plane, scale).draw(in: room, of: &buffer, state.theme)
    }
  }

  private func drawInput(
    _ state: State, _ line: Rect, _ room: Rect, of buffer: inout Buffer
  ) {
    TextLine([.init("image", .title), .init(" " + state.experiment.subject.inputName, .dim)])
      .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    let picture = InputPicture(state)
    if picture.scale != nil {
      FittedMap(state.experiment.subject.input, picture.plane).draw(
        in: room, of: &buffer, state.theme)
    } else {
      picture.drawThumbnail(rows: min(room.height, room.width / 2), in: room, of: &buffer)
    }
  }

  /// A map with its title; nil in place of numbers that are not known yet.
  private struct Pane {
    let word: String
    let note: String
    let tensor: Tensor?
    let isShare: Bool

    init(_ word: String, _ note: String, _ tensor: Tensor?, isShare: Bool = true) {
      (self.word, self.note, self.tensor, self.isShare) = (word, note, tensor, isShare)
    }
  }
}

/// How far what is found overlaps with what is true: without dropout, under the mask shown, over all masks
/// and for the mean of them.
struct OverlapTable {
  private let sums: SegmentationSums
  private let masked: Segmentation

  init(_ sums: SegmentationSums, masked: Segmentation) { (self.sums, self.masked) = (sums, masked) }

  /// Rows it takes.
  var rows: Int { sums.truth == nil ? 1 : 6 }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    for (spans, line) in zip(lines(theme.glyphs), rect.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: theme.glyphs)
    }
  }

  private func lines(_ glyphs: Glyphs) -> [[TextLine.Span]] {
    guard let truth = sums.truth else {
      return [[.init("what is true is not known: ", .dim), .init("--truth FILE", .text)]]
    }
    func row(_ name: String, _ map: Segmentation) -> [TextLine.Span] {
      let found = map.found
      let missed = truth.indices.count { truth[$0] && !found[$0] }
      let wrong = truth.indices.count { !truth[$0] && found[$0] }
      return [
        .init(name.padded(to: 18), .text),
        .init(sums.dice(map).map(ShareText.probability) ?? "", .title),
        .init(
          "".padded(to: 10) + NumberText.grouped(missed).aligned(to: 8)
            + NumberText.grouped(wrong).aligned(to: 8), .dim),
      ]
    }
    let masks = sums.count == 1 ? "1 mask" : "\(NumberText.grouped(sums.count)) masks"
    let each: [TextLine.Span] =
      sums.meanDice.map { mean, error in
        let margin = ShareText.probability(1.96 * error)
        return [
          .init(ShareText.probability(mean), .title),
          .init(" \(glyphs.plusMinus) \(margin)", .dim),
        ]
      } ?? [.init(glyphs.minus, .dim)]
    let uncertain: [TextLine.Span] =
      sums.errorsWhereUncertain.map {
        [.init("\($0.count) of \($0.total)", .text)]
      } ?? [.init(glyphs.minus, .dim)]
    return [
      [.init("".padded(to: 18) + "Dice".padded(to: 14) + "  missed   wrong", .dim)],
      row("without dropout", sums.clean), row("this mask", masked),
      [.init("each of \(masks)".padded(to: 18), .text)] + each,
      row("their mean", sums.mean),
      [.init("errors of the mean where the variance is in its highest tenth  ", .dim)] + uncertain,
    ]
  }
}
