import Insight
import Masks
import Studies
public import TerminalUI

/// Trainings beside each other: curves of the loss, what each has right of what it never saw, what its
/// units do, and in the end what may be said of the difference.
public struct RacePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.race, in: rect)
    let (theme, glyphs) = (state.theme, state.theme.glyphs)
    guard let race = state.race else {
      return page.draw([.init("there is nothing to learn from here", .dim)], of: &buffer, theme)
    }
    page.draw(
      RacePanel.title(race), right: RacePanel.progress(race, isRacing: state.isRacing),
      of: &buffer, theme)
    let text = RacePanel.sentence(race).wrapped(to: max(1, page.inside.width))
    let room = page.inside.height
    let lines = min(text.count, max(1, room / 4))
    let (lanes, below) = page.inside.splitTop(max(0, room - lines - (room > 12 ? 1 : 0)))
    let limits = RacePanel.limits(race)
    let count = race.job.variants.count
    let width = (lanes.width - 2 * (count - 1)) / max(1, count)
    for variant in race.job.variants.indices {
      let own = Rect(
        x: lanes.x + variant * (width + 2), y: lanes.y, width: width, height: lanes.height)
      RaceLane(race, variant, isMarked: variant == state.raceVariant, limits: limits)
        .draw(in: own, of: &buffer, theme)
    }
    var rest = below.splitTop(max(0, below.height - lines)).rest
    for line in text.prefix(lines) {
      let own: Rect
      (own, rest) = rest.splitTop(1)
      TextLine([.init(line, race.isDone ? .text : .dim)]).draw(in: own, of: &buffer, glyphs: glyphs)
    }
  }

  private static func title(_ race: RaceWork) -> [TextLine.Span] {
    guard let opened = race.opened else {
      return [.init(race.problem == nil ? "reading the images" : "not begun", .dim)]
    }
    return [
      .init(opened.model, .text),
      .init(
        "  \(NumberText.grouped(opened.images)) \(opened.data), seed \(race.job.seeds[0])", .dim),
    ]
  }

  private static func progress(_ race: RaceWork, isRacing: Bool) -> [TextLine.Span] {
    guard let opened = race.opened else { return [] }
    if race.isDone { return [.init("\(opened.epochs) epochs ", .dim)] }
    let epoch = race.job.variants.indices.map { race.epoch(of: $0) }.min() ?? 1
    var spans: [TextLine.Span] = [
      .init("epoch \(epoch)/\(opened.epochs) ", .text)
    ]
    guard isRacing else { return spans + [.init("paused ", .title)] }
    if let pace = race.pace, pace > 0 {
      let images = Double(opened.images) / Double(max(1, opened.batches))
      let left = Double(race.goal - race.count) * images / pace
      spans.append(.init("\(NumberText.grouped(Int(pace)))/s ", .dim))
      spans.append(.init("\(RacePanel.time(left)) left ", .dim))
    }
    return spans
  }

  /// `0:41`
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded(.up)), 359_999))
    let text = String(whole % 60)
    return "\(whole / 60):\(text.count < 2 ? "0" : "")\(text)"
  }

  /// One axis for all, from 0, as high as the first epochs of all lie.
  private static func limits(_ race: RaceWork) -> ClosedRange<Double> {
    let losses = race.job.variants.indices.flatMap { variant -> [Double] in
      race.records(of: variant).flatMap { [$0.loss, $0.heldOutLoss ?? 0] }
    }
    return 0...max(1e-6, losses.filter(\.isFinite).max() ?? 1)
  }

  /// What may be said by now.
  private static func sentence(_ race: RaceWork) -> String {
    if let problem = race.problem { return "It cannot go on: \(problem)" }
    if let verdict = race.report?.verdict { return "Verdict: \(verdict.sentence)." }
    if race.isDone { return "One training alone: there is nothing to compare it with." }
    let last = race.job.variants.indices.compactMap { variant in
      race.records(of: variant).last.map { (race.job.variants[variant].name, $0) }
    }
    if let (name, record) = last.last, let heldOut = record.heldOutLoss, record.loss > heldOut {
      return "Why does the training loss of \(name) lie above its held-out loss? Units are dropped "
        + "while it trains, and none when it is asked: clean is the same images without dropout."
    }
    return
      "They start from the same weights, see the same batches in the same order, and differ in "
      + "what stands above them. Held out: \(race.opened.map { "\($0.heldOut)" } ?? "") images that "
      + "neither is trained on."
  }
}

/// One of the trainings: its name and dropouts, curves, and numbers.
private struct RaceLane {
  private let race: RaceWork
  private let variant: Int
  private let isMarked: Bool
  private let limits: ClosedRange<Double>
  private let records: [EpochRecord]

  init(_ race: RaceWork, _ variant: Int, isMarked: Bool, limits: ClosedRange<Double>) {
    (self.race, self.variant, self.isMarked, self.limits) = (race, variant, isMarked, limits)
    records = race.records(of: variant)
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let glyphs = theme.glyphs
    let numbers = self.numbers(glyphs, width: rect.width)
    let shown = min(numbers.count, max(1, rect.height - 6))
    let (name, rest) = rect.splitTop(1)
    let letter = "ABCDEFGH".map(String.init)[min(variant, 7)]
    TextLine(
      [.init(" \(letter) ", isMarked ? .badge(Palette.accent) : .dim), .init(" ")]
        + dropouts(glyphs)
    ).draw(in: name, of: &buffer, glyphs: glyphs)
    let (chart, below) = rest.splitTop(max(0, min(16, rest.height - shown)))
    curves(glyphs, width: rect.width).draw(in: chart, of: &buffer, glyphs: glyphs)
    var lines = below
    for spans in numbers.prefix(shown) {
      let line: Rect
      (line, lines) = lines.splitTop(1)
      TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
    }
  }

  /// What acts, and what it was changed to.
  private func dropouts(_ glyphs: Glyphs) -> [TextLine.Span] {
    let changes = race.job.variants[variant].changes
    let segments = race.segments.filter { $0.variant == variant }
    let arrow = glyphs.isUnicode ? "→" : "->"
    var words = changes.sites.map { site in
      let rate = segments.first?.before ?? site.rate
      return "\(site.site) \(site.kind ?? "element")"
        + (rate.map { " \(NumberText.probability($0.p))" } ?? "")
    }
    if changes.ownDropout { words.append("the model's own") }
    guard !words.isEmpty else { return [.init("no dropout", .text)] }
    return [.init(words.joined(separator: ", "), .text)]
      + segments.suffix(3).map {
        .init(" \(arrow) \(NumberText.probability($0.rate.p)) from \($0.epoch)", .title)
      }
  }

  /// The losses over all epochs there will be, so that axes hold still while points arrive.
  private func curves(_ glyphs: Glyphs, width: Int) -> LineChart {
    let epochs = race.opened?.epochs ?? race.job.epochs ?? 1
    func values(_ value: (EpochRecord) -> Double?) -> [Double] {
      (0..<epochs).map { $0 < records.count ? value(records[$0]) ?? .nan : .nan }
    }
    var chart = LineChart(
      width < 44 ? "" : "loss",
      [
        .init("training", values(\.loss), color: Palette.removed, mark: "*"),
        .init("clean", values(\.undroppedLoss), color: Palette.kept, mark: "."),
        .init("held out", values(\.heldOutLoss), color: Palette.added, mark: "o"),
      ], unit: "epoch "
    ) { NumberText.value(Float($0)) }
    chart.limits = limits
    return chart
  }

  private func numbers(_ glyphs: Glyphs, width: Int) -> [[TextLine.Span]] {
    guard let last = records.last else { return [[.init("no epoch is over yet", .dim)]] }
    var lines: [[TextLine.Span]] = []
    if let share = last.heldOutAccuracy {
      let room = max(0, width - 17)
      let filled = Int((share * Double(room)).rounded(.down))
      lines.append([
        .init("held out ", .dim), .init(RaceLane.percent(share).aligned(to: 6), .text),
        .init(" "), .init(String(repeating: glyphs.isUnicode ? "━" : "=", count: filled), .title),
      ])
      if let clean = last.undroppedAccuracy {
        let gap = NumberText.fixed(abs(clean - share) * 100, 1)
        let sign = clean < share ? glyphs.minus : "+"
        lines.append([
          .init("clean    ", .dim), .init(RaceLane.percent(clean).aligned(to: 6), .text),
          .init("  gap ", .dim), .init("\(sign)\(gap)", .text),
        ])
      }
    }
    if let layer = last.layers?.last {
      let correlation = layer.correlation.map { NumberText.fixed($0, 2).withoutLeadingZero }
      lines.append([
        .init("zeros ", .dim),
        .init(NumberText.fixed(layer.zeros, 2).withoutLeadingZero, .text),
        .init("  |corr| ", .dim), .init(correlation ?? glyphs.minus, .text),
        .init("  dead ", .dim), .init("\(layer.dead)/\(layer.units)", .text),
        .init("  at \(layer.layer)", .dim),
      ])
    }
    if let weights = last.weights?.last {
      var spans: [TextLine.Span] = [
        .init("|w| ", .dim), .init(NumberText.fixed(weights.mean, 2), .text),
        .init("  largest ", .dim), .init(NumberText.fixed(weights.largest, 2), .text),
      ]
      if let limit = weights.limit {
        spans.append(.init("  bound \(NumberText.plain(limit))", .dim))
      }
      lines.append(spans)
    }
    return lines
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 1) + "%" }
}
