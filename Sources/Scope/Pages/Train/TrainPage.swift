import Masks
import NeuralNet
import Studies
import TerminalUI

extension PageName {
  /// See `Page.train`.
  public static let train = PageName("train")
}

extension Page {
  /// A training of what is shown, or the log of one elsewhere, as it goes on.
  public static let train = Page(
    name: .train, title: "Train", summary: "see it train: curves, maps and filters",
    letter: "F", bindings: { Bindings.train }, panel: { _ in TrainPanel() },
    open: { state in
      if state.training == nil { state.beginTraining() }
      return 0
    }, beginWork: { $0.training?.isRunning = true })
}

extension Bindings {
  /// What works while a training is watched.
  public static let train: [Binding] =
    [
      Binding("Space", "pause, or go on", hint: "pause", [(" ", .train(.toggle))]),
      Binding(
        "+ -", "the rate, from the next batch on", hint: "rate",
        [
          ("+", .train(.changeRate(hundredths: 5))), ("-", .train(.changeRate(hundredths: -5))),
          ("=", .train(.changeRate(hundredths: 5))),
        ]),
      Binding(
        "← →", "maps and filters of an epoch before, after", hint: "epoch",
        [
          (.key(.left), .train(.step(by: -1))), (.key(.right), .train(.step(by: 1))),
          (.key(.home), .train(.step(by: -1_000_000))), (.key(.end), .train(.step(by: 1_000_000))),
        ]),
      Binding(
        "o", "open that epoch's network in the maps", hint: "open",
        [("o", .train(.openInMaps))]),
      Binding(
        "r", "train again, with the dropout and seed shown", hint: "again",
        [("r", .train(.again))]),
      Binding("Tab", "next training of a log", [(.key(.tab), .train(.nextTraining))]),
      Binding("F", "close", hint: "close", [("F", .togglePage(.train))]),
    ] + of(["} {"])
}

extension State {
  mutating func update(_ action: TrainAction) {
    switch action {
    case .toggle: toggleTraining()
    case .again: followedLog == nil ? beginTraining() : follow()
    case .changeRate(let step): changeTrainingRate(by: step)
    case .step(let epochs): stepTraining(by: epochs)
    case .nextTraining:
      guard let next = training?.next else {
        message = "there is one training here"
        return
      }
      training?.selected = next
    case .openInMaps: openTraining()
    }
  }

  /// Begins a training of the network and the dropouts shown, or follows the log that was given.
  mutating func beginTraining() {
    if followedLog != nil { return follow() }
    guard let openRace else {
      message = "there is nothing to learn from here"
      return
    }
    let changes = shownChanges
    var job = RaceJob(
      variants: [
        RaceVariant(
          name: changes.ownDropout || !changes.sites.isEmpty ? "dropout" : "no dropout",
          changes: changes)
      ], seeds: [setting.seed])
    job.epochs = State.raceEpochs
    training = WatchedTraining(
      .own(RaceWork(id: nextWorkID(), job, keepsMoments: true, open: openRace)), run: lastWork)
  }

  /// Reads the log from its start.
  private mutating func follow() {
    guard let followedLog else { return }
    training = WatchedTraining(
      .followed(FollowWork(id: nextWorkID(), read: followedLog.read)), run: lastWork)
  }

  private mutating func toggleTraining() {
    guard let training else { return beginTraining() }
    if training.work.isOver {
      message = training.own == nil ? "the log is at its end" : "it is trained; r trains again"
    } else {
      self.training?.isRunning.toggle()
    }
  }

  private mutating func changeTrainingRate(by step: Int) {
    guard let training else { return }
    guard let work = training.own else {
      message = "what trains elsewhere is not changed from here"
      return
    }
    guard !work.isOver, let rate = work.rate(of: 0) else {
      message =
        work.isOver
        ? "it is trained; r trains again" : "nothing drops here: add dropout in the maps, then r"
      return
    }
    // News of the training from before are of another one.
    var changed = work.renumbered(nextWorkID())
    let next = Rate(clamping: ((rate.p * 100).rounded() + Double(step)) / 100)
    do {
      if try changed.setRate(next, of: 0) { self.training?.source = .own(changed) }
    } catch {
      message = "\(error)"
    }
  }

  private mutating func stepTraining(by step: Int) {
    guard let training, let moments = training.own?.moments?.all, !moments.isEmpty else {
      message =
        training?.own == nil ? "a log has no maps to go back to" : "no epoch is over yet"
      return
    }
    let place = moments.firstIndex { $0.epoch == training.moment?.epoch } ?? moments.count - 1
    let next = min(
      max(0, step > 0 ? place + min(step, moments.count) : place + max(step, -moments.count)),
      moments.count - 1)
    // At the newest one goes on with it.
    self.training?.epoch = next == moments.count - 1 ? nil : moments[next].epoch
  }

  private mutating func openTraining() {
    guard let training, let moment = training.moment, let work = training.own else {
      message =
        self.training?.own == nil
        ? "a log has no network: dropscope --model opens the one it wrote" : "it has not begun"
      return
    }
    openInMaps(
      moment.graph, "\(work.opened?.model ?? "network"), trained", called: "the network",
      "after \(moment.epoch) of \(work.opened?.epochs ?? 0) epochs; F goes back to the training")
  }
}
