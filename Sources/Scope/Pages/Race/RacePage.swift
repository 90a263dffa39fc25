import Masks
import NeuralNet
public import Studies
import TerminalUI

extension PageName {
  /// See `Page.race`.
  public static let race = PageName("race")
}

extension Page {
  /// Trainings from the same weights on the same batches, beside each other.
  public static let race = Page(
    name: .race, title: "Race", summary: "trainings side by side, and a verdict",
    letter: "C", bindings: { Bindings.race },
    actions: [.raceRun, .raceAgain, .raceNextVariant, .raceOpen, .raceAdd, .raceRate],
    panel: { _ in RacePanel() },
    open: { state in
      if state.race == nil { state.beginRace() }
      return 0
    }, beginWork: { $0.isRacing = true })
}

extension Bindings {
  /// What works while trainings race.
  public static let race: [Binding] = [
    Binding("Space", "pause, or go on", hint: "pause", [(" ", .ofPage(.raceRun))]),
    Binding(
      "Tab", "next variant: the one keys change", hint: "variant",
      [
        (.key(.tab), .ofPage(.raceNextVariant))
      ]),
    Binding(
      "+ -", "its rate, from the next batch on", hint: "rate",
      [
        ("+", .ofPage(.raceRate, by: 5)), ("-", .ofPage(.raceRate, by: -5)),
        ("=", .ofPage(.raceRate, by: 5)),
      ]),
    Binding(
      "a", "add a variant: the dropout shown", hint: "add",
      [
        ("a", .ofPage(.raceAdd))
      ]),
    Binding(
      "o", "open its network as it is in the maps", hint: "open",
      [
        ("o", .ofPage(.raceOpen))
      ]),
    Binding(
      "r", "race again, with the dropout and seed shown", hint: "again",
      [
        ("r", .ofPage(.raceAgain))
      ]),
    Binding(
      "e", "export: what it came to, as JSON", hint: "export", [("e", .openPrompt("export "))]),
    Binding("C", "close", hint: "close", [("C", .togglePage(.race))]),
  ]
}

extension PageAction {
  /// Pauses them, or lets them go on.
  public static let raceRun = PageAction("race-run") { $0.toggleRace() }
  /// Begins again with what is shown now.
  public static let raceAgain = PageAction("race-again") { $0.beginRace() }
  /// Goes on to the next variant.
  public static let raceNextVariant = PageAction("race-variant-next") { state in
    state.raceVariant = (state.raceVariant + 1) % max(1, state.race?.job.variants.count ?? 1)
  }
  /// Shows the variant's network, as far as it has learnt, in the maps.
  public static let raceOpen = PageAction("race-open") { $0.openVariant() }
  /// Adds a variant with the dropouts that are shown.
  public static let raceAdd = PageAction("race-add") { $0.addVariant() }
  /// Changes the rate of the variant's dropouts, from the next batch on.
  public static let raceRate = PageAction(
    "race-rate-by", "HUNDREDTHS", words: ["race-rate-up": 5, "race-rate-down": -5]
  ) { $0.changeRaceRate(by: $1) }
}

/// What the page keeps.
private struct RaceState: PageState {
  var work: RaceWork?
  var isRunning = false
  var variant = 0
  /// Which work of the session it began as.
  var run = 0
}

extension State {
  /// Trainings beside each other; nil before that was asked for.
  public internal(set) var race: RaceWork? {
    get { self[RaceState.self].work }
    _modify { yield &self[RaceState.self].work }
  }
  /// Whether they go on.
  var isRacing: Bool {
    get { self[RaceState.self].isRunning }
    _modify { yield &self[RaceState.self].isRunning }
  }
  /// The variant that keys change.
  var raceVariant: Int {
    get { self[RaceState.self].variant }
    _modify { yield &self[RaceState.self].variant }
  }

  /// What a log keeps of the trainings on the screen, those of the race or the one that is watched, whichever
  /// began last: a list each, and the number of that beginning.
  public var logOfTrainings: (run: Int, lists: [[TrainingLogLine]])? {
    let run = self[RaceState.self].run
    if let race, run > training?.run ?? -1 {
      let variants = race.job.variants.enumerated()
      return (run, variants.map { race.log(of: $0, named: $1.name) })
    }
    return training.map { ($0.run, [$0.log]) }
  }

  fileprivate mutating func toggleRace() {
    guard let race else { return beginRace() }
    if race.isOver { message = "the race is over; r begins another" } else { isRacing.toggle() }
  }

  /// Begins trainings of the network shown: one without dropout, one with the dropouts shown.
  mutating func beginRace() {
    guard let openRace else {
      message = "there is nothing to learn from here"
      return
    }
    let changes = shownChanges
    var without = TrainingChanges()
    without.ownDropout = false
    var variants = [RaceVariant(name: "no dropout", changes: without)]
    if changes.ownDropout || !changes.sites.isEmpty {
      variants.append(RaceVariant(name: "dropout", changes: changes))
    }
    var job = RaceJob(variants: variants, seeds: [setting.seed])
    job.epochs = State.raceEpochs
    race = RaceWork(id: nextWorkID(), job, open: openRace)
    (isRacing, raceVariant) = (true, variants.count - 1)
    self[RaceState.self].run = lastWork
  }

  /// Long enough for curves to part, short enough to be waited for.
  static let raceEpochs = 12
  /// As many as have a letter and a colour.
  static let mostVariants = 8

  /// Adds a training with the dropouts shown to those that race.
  fileprivate mutating func addVariant() {
    guard let race else { return beginRace() }
    guard race.problem == nil else {
      message = "the race cannot go on; r begins another"
      return
    }
    guard race.job.variants.count < State.mostVariants else {
      message = "there are \(State.mostVariants) variants: no room for another"
      return
    }
    let changes = shownChanges
    if let same = race.job.variants.firstIndex(where: { $0.changes == changes }) {
      message =
        "variant \(RacePanel.letter(same)) is just that: change the dropout in the maps first"
      return
    }
    let count = race.job.variants.count
    let name = count == 1 ? "dropout" : "dropout \(count)"
    // News of the trainings from before are of another race.
    var changed = race.renumbered(nextWorkID())
    do {
      try changed.add(RaceVariant(name: name, changes: changes))
      (self.race, isRacing, raceVariant) = (changed, true, count)
    } catch {
      message = "\(error)"
    }
  }

  /// The dropouts shown, as a training takes them.
  var shownChanges: TrainingChanges {
    var changes = TrainingChanges()
    changes.ownDropout = setting.isModelDropoutActive
    let own = setting.isPlaced ? [setting.dropout(at: experiment.site(of: setting))] : []
    changes.sites = (own + setting.others).map {
      TrainingChanges.SiteChange($0, called: experiment.name(of: $0.site))
    }
    return changes
  }

  fileprivate mutating func changeRaceRate(by step: Int) {
    guard let race else { return }
    let name = race.job.variants[raceVariant].name
    guard !race.isOver, let rate = race.rate(of: raceVariant) else {
      message =
        race.isOver ? "the race is over; r begins another" : "\(name) drops nothing; Tab goes on"
      return
    }
    // News of the trainings from before are of another race.
    var changed = race.renumbered(nextWorkID())
    let next = Rate(clamping: ((rate.p * 100).rounded() + Double(step)) / 100)
    do {
      if try changed.setRate(next, of: raceVariant) { self.race = changed }
    } catch {
      message = "\(error)"
    }
  }

  fileprivate mutating func openVariant() {
    guard let race else { return }
    let name = race.job.variants[raceVariant].name
    do {
      guard let graph = try race.graph(of: raceVariant) else {
        message = "\(name) has not begun"
        return
      }
      let epochs = race.records(of: raceVariant).count
      openInMaps(
        graph, "\(race.opened?.model ?? "network"), \(name)", called: name,
        "\(name) after \(epochs) of \(race.opened?.epochs ?? 0) epochs; C goes back to the race")
    } catch {
      message = "\(name) cannot be shown: \(error)"
    }
  }
}
