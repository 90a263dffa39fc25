import Studies
public import TerminalUI

/// A training as it goes on: loss and accuracy, what its units and weights do, the maps of the layer shown
/// and the filters after an epoch.
public struct TrainPanel: Panel {
  /// The panel.
  public init() {}

  /// Columns from which two things stand beside each other.
  private static let leastForTwo = 70

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.train, in: rect)
    guard let training = state.training else {
      return page.draw(
        [.init("there is nothing to learn from here", .dim)], of: &buffer, state.theme)
    }
    let heading = TrainHeading(state, training)
    page.draw(heading.subject, right: heading.progress, of: &buffer, state.theme)
    if let problem = training.work.problem {
      return TrainPanel.write("It cannot go on: \(problem)", in: page.inside, of: &buffer)
    }
    let (line, rest) = page.inside.splitTop(1)
    TextLine(heading.dropouts, right: heading.numbers)
      .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
    let isWide = page.inside.width >= TrainPanel.leastForTwo
    // What is below the curves grows with the screen, and goes first where it is low.
    let below = isWide ? min(20, max(0, (rest.height - 2) / 2)) : min(5, max(0, rest.height - 6))
    let (charts, foot) = rest.splitTop(rest.height - below)
    drawCurves(training.trace, in: charts, isWide: isWide, of: &buffer, state.theme.glyphs)
    drawFoot(state, training, in: foot, isWide: isWide, of: &buffer)
  }

  private func drawCurves(
    _ trace: TrainingTrace, in rect: Rect, isWide: Bool, of buffer: inout Buffer, _ glyphs: Glyphs
  ) {
    let losses = TrainingTrace.lossLimits([trace])
    guard isWide else {
      return trace.lossChart("", limits: losses).draw(in: rect, of: &buffer, glyphs: glyphs)
    }
    let (left, right) = TrainPanel.halves(rect)
    let isShort = left.width < 44
    trace.lossChart(isShort ? "" : "loss", limits: losses)
      .draw(in: left, of: &buffer, glyphs: glyphs)
    var accuracy = trace.accuracyChart(
      "accuracy", limits: TrainingTrace.accuracyLimits([trace]))
    // The names stand beside the other one already.
    accuracy.hasNames = false
    accuracy.draw(in: right, of: &buffer, glyphs: glyphs)
  }

  private func drawFoot(
    _ state: State, _ training: WatchedTraining, in rect: Rect, isWide: Bool,
    of buffer: inout Buffer
  ) {
    guard rect.height > 1 else { return }
    let meters = TrainMeters(
      training.trace, shown: state.experiment.name(of: state.setting.layer), state.theme.glyphs)
    let room = rect.splitTop(1).rest
    guard isWide, let maps = training.maps else { return meters.draw(in: room, of: &buffer) }
    let (left, right) = TrainPanel.halves(room)
    meters.draw(in: left, of: &buffer)
    TrainedPicture(state, maps, isNewest: training.epoch == nil).draw(in: right, of: &buffer)
  }

  private static func halves(_ rect: Rect) -> (Rect, Rect) {
    let (left, rest) = rect.splitLeft((rect.width - 2) / 2)
    return (left, rest.splitLeft(2).rest)
  }

  private static func write(_ text: String, in rect: Rect, of buffer: inout Buffer) {
    for (words, line) in zip(text.wrapped(to: max(1, rect.width)), rect.rows) {
      TextLine([.init(words, .text)]).draw(in: line, of: &buffer)
    }
  }
}
