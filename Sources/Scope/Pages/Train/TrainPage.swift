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
    letter: "F", bindings: { Bindings.train },
    actions: [.trainRun, .trainAgain, .trainRate, .trainEpoch, .trainNext, .trainOpen],
    panel: { _ in TrainPanel() },
    open: { state in
      if state.training == nil { state.beginTraining() }
      return 0
    }, beginWork: { $0.training?.isRunning = true })
}

extension Bindings {
  /// What works while a training is watched.
  public static let train: [Binding] =
    [
      Binding("Space", "pause, or go on", hint: "pause", [(" ", .ofPage(.trainRun))]),
      Binding(
        "+ -", "the rate, from the next batch on", hint: "rate",
        [
          ("+", .ofPage(.trainRate, by: 5)), ("-", .ofPage(.trainRate, by: -5)),
          ("=", .ofPage(.trainRate, by: 5)),
        ]),
      Binding(
        "← →", "maps and filters of an epoch before, after", hint: "epoch",
        [
          (.key(.left), .ofPage(.trainEpoch, by: -1)), (.key(.right), .ofPage(.trainEpoch, by: 1)),
          (.key(.home), .ofPage(.trainEpoch, by: -1_000_000)),
          (.key(.end), .ofPage(.trainEpoch, by: 1_000_000)),
        ]),
      Binding(
        "o", "open that epoch's network in the maps", hint: "open",
        [("o", .ofPage(.trainOpen))]),
      Binding(
        "r", "train again, with the dropout and seed shown", hint: "again",
        [("r", .ofPage(.trainAgain))]),
      Binding("Tab", "next training of a log", [(.key(.tab), .ofPage(.trainNext))]),
      Binding("F", "close", hint: "close", [("F", .togglePage(.train))]),
    ] + of(["} {"])
}

extension PageAction {
  /// Pauses it, or lets it go on.
  public static let trainRun = PageAction("train-run") { $0.toggleTraining() }
  /// Begins another with what is shown now.
  public static let trainAgain = PageAction("train-again") { $0.beginTraining() }
  /// Changes the rate of its dropouts, from the next batch on.
  public static let trainRate = PageAction(
    "train-rate-by", "HUNDREDTHS", words: ["train-rate-up": 5, "train-rate-down": -5]
  ) { $0.changeTrainingRate(by: $1) }
  /// Goes so many epochs back or on in what the network had learnt.
  public static let trainEpoch = PageAction(
    "train-epoch-by", "EPOCHS",
    words: [
      "train-epoch-before": -1, "train-epoch-after": 1, "train-epoch-first": -1_000_000,
      "train-epoch-last": 1_000_000,
    ]
  ) { $0.stepTraining(by: $1) }
  /// Goes on to the next training of a log.
  public static let trainNext = PageAction("train-next") { state in
    if let next = state.training?.next {
      state.training?.selected = next
    } else {
      state.message = "there is one training here"
    }
  }
  /// Shows the network, as far as it had learnt in the epoch looked at, in the maps.
  public static let trainOpen = PageAction("train-open") { $0.openTraining() }
}

/// What the page keeps.
private struct TrainState: PageState {
  var watched: WatchedTraining?
  var followedLog: FollowedLog?
}

extension State {
  /// The training that is watched; nil before that was asked for.
  public internal(set) var training: WatchedTraining? {
    get { self[TrainState.self].watched }
    _modify { yield &self[TrainState.self].watched }
  }
  /// The log that the Train tab follows, in place of a training of its own; nil for none.
  public var followedLog: FollowedLog? {
    get { self[TrainState.self].followedLog }
    _modify { yield &self[TrainState.self].followedLog }
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

  fileprivate mutating func toggleTraining() {
    guard let training else { return beginTraining() }
    if training.work.isOver {
      message = training.own == nil ? "the log is at its end" : "it is trained; r trains again"
    } else {
      self.training?.isRunning.toggle()
    }
  }

  fileprivate mutating func changeTrainingRate(by step: Int) {
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

  fileprivate mutating func stepTraining(by step: Int) {
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

  fileprivate mutating func openTraining() {
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
