import Insight
import Studies
public import TerminalUI

/// Trainings beside each other: curves of the loss, what each has right of what it never saw, what its
/// units do, and in the end what may be said of the difference. A column each where there is room, else a
/// row each above one chart.
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
      TrainingWords.subject(race),
      right: TrainingWords.progress(race, isRunning: state.isRacing), of: &buffer, theme)
    let text = RacePanel.sentence(race, state.raceVariant).wrapped(to: max(1, page.inside.width))
    let room = page.inside.height
    let lines = min(text.count, max(1, room / 4))
    let (lanes, below) = page.inside.splitTop(max(0, room - lines - (room > 12 ? 1 : 0)))
    if RacePanel.hasColumns(race.job.variants.count, width: lanes.width) {
      RacePanel.drawColumns(race, state, in: lanes, of: &buffer)
    } else {
      RaceList(race, marked: state.raceVariant).draw(in: lanes, of: &buffer, theme)
    }
    for (line, own) in zip(text, below.splitTop(below.height - lines).rest.rows) {
      TextLine([.init(line, race.isDone ? .text : .dim)]).draw(in: own, of: &buffer, glyphs: glyphs)
    }
  }

  /// Columns below which two variants stand closer than can be read.
  private static let leastWidth = 34

  /// Whether each variant has a column: two always do.
  static func hasColumns(_ count: Int, width: Int) -> Bool {
    count <= 2 || (width - 2 * (count - 1)) / count >= leastWidth
  }

  private static func drawColumns(
    _ race: RaceWork, _ state: State, in rect: Rect, of buffer: inout Buffer
  ) {
    let limits = TrainingTrace.lossLimits(
      race.job.variants.indices.map { TrainingTrace(race, $0) })
    let columns = rect.columns(race.job.variants.count, gap: 2)
    for (variant, own) in columns.enumerated() {
      RaceLane(race, variant, isMarked: variant == state.raceVariant, limits: limits)
        .draw(in: own, of: &buffer, state.theme)
    }
  }

  /// What a variant is called in a line of them.
  static func letter(_ variant: Int) -> String {
    "ABCDEFGH".map(String.init)[min(variant, State.mostVariants - 1)]
  }

  /// What may be said by now: at the end, of the marked variant beside the first.
  private static func sentence(_ race: RaceWork, _ marked: Int) -> String {
    if let problem = race.problem { return "It cannot go on: \(problem)" }
    if let verdicts = race.report?.verdicts, !verdicts.isEmpty {
      let verdict = verdicts[min(max(0, marked - 1), verdicts.count - 1)]
      return "Verdict: \(verdict.sentence)."
    }
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
