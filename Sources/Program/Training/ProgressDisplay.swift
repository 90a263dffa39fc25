import CursesBackend
import Formats
import Scope
import TerminalUI

/// What a person sees while a network trains: on a terminal a line that is rewritten in place, and
/// on everything else a line an epoch.
struct ProgressDisplay {
  private let facts: TerminalFacts
  private let isLive: Bool
  private let glyphs: Glyphs
  private let depth: ColorDepth
  private var lastDrawn: ContinuousClock.Instant?
  private var isShown = false
  /// Why something could not be shown, the first time it could not: training goes on, and tells it at
  /// its end.
  private(set) var problem: FormatError?

  /// The state of an epoch under way.
  struct Moment {
    var epoch: Int
    var epochs: Int
    /// How far the epoch is, 0…1.
    var fraction: Double
    var loss: Double
    var accuracy: Double
    var imagesPerSecond: Double
    var secondsLeft: Double
  }

  init(_ facts: TerminalFacts = .current()) {
    self.facts = facts
    isLive = facts.isOutputTerminal && !facts.isDumb
    glyphs = facts.isOutputTerminal && facts.isUTF8 ? .unicode : .ascii
    depth = facts.colorDepth(.auto)
  }

  private var width: Int { max(1, TerminalFacts.currentSize?.width ?? 80) }

  /// Rewrites the line, ten times a second at most.
  mutating func show(_ moment: Moment) {
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    guard isLive else { return }
    lastDrawn = now
    isShown = true
    // The last column stays free: some terminals go to the next line after it.
    let line = ProgressDisplay.line(moment, width: width - 1, glyphs: glyphs)
    send { [self] () throws(FormatError) in
      try Terminal.rewriteLine(line, depth: depth, ascii: !glyphs.isUnicode)
    }
  }

  /// Takes the line away, so that other lines can be written.
  mutating func clear() {
    guard isShown else { return }
    send(Terminal.clearLine)
    (isShown, lastDrawn) = (false, nil)
  }

  /// A line that stays.
  mutating func write(_ line: String) {
    clear()
    send { () throws(FormatError) in try Terminal.write(lines: [line]) }
  }

  private mutating func send(_ body: () throws(FormatError) -> Void) {
    do { try body() } catch { problem = problem ?? error }
  }

  /// The curves, in the terminal itself; nothing where output is no terminal.
  mutating func draw(_ curves: TrainingCurves) {
    guard isLive, !curves.records.isEmpty else { return }
    clear()
    var curves = curves
    (curves.background, curves.title) = (.terminal, "")
    let width = min(100, width - 1)
    let picture = curves.picture(width: width, height: width >= 78 ? 14 : 24, glyphs: glyphs)
    send { [self] () throws(FormatError) in
      try Terminal.write(picture, depth: depth, ascii: !glyphs.isUnicode)
    }
  }

  /// The line of a moment: what matters least is left out where there is no room.
  static func line(_ moment: Moment, width: Int, glyphs: Glyphs) -> Buffer {
    var buffer = Buffer(width: width, height: 1)
    let (plain, accent) = (Style(), Style(Palette.accent))
    let percent = NumberText.fixed(moment.fraction * 100, 0)
    let left = TextLine.Span("epoch \(moment.epoch)/\(moment.epochs) ", plain)
    var parts = [
      TextLine.Span(" \(percent) %", accent),
      TextLine.Span("  loss \(TrainingText.loss(moment.loss))", plain),
      TextLine.Span("  accuracy \(NumberText.fixed(moment.accuracy * 100, 1)) %", plain),
      TextLine.Span("  \(TrainingText.time(moment.secondsLeft)) left", plain),
      TextLine.Span("  \(TrainingText.rate(moment.imagesPerSecond))", plain),
    ]
    let least = 8
    while parts.count > 1, left.width + least + parts.reduce(0, { $0 + $1.width }) > width {
      parts.removeLast()
    }
    let taken = left.width + parts.reduce(0) { $0 + $1.width }
    var x = buffer.write(left.text, x: 0, y: 0, style: left.style)
    if width - taken >= least {
      let bar = Rect(x: x, y: 0, width: min(40, width - taken), height: 1)
      Gauge(
        moment.fraction, filled: accent, empty: Style(Palette.dim), knob: Style()
      ).draw(in: bar, of: &buffer, glyphs: glyphs)
      x = bar.right
    }
    for part in parts { x = buffer.write(part.text, x: x, y: 0, style: part.style) }
    return buffer
  }
}
