public import Studies
import TerminalUI

extension PageName {
  /// See `Page.samples`.
  public static let samples = PageName("samples")
}

extension Page {
  /// Samples under many masks, accumulated.
  public static let samples = Page(
    name: .samples, formerName: "ensemble", title: "Samples", shortTitle: "MC",
    summary: "MC dropout: samples accumulated", letter: "E",
    bindings: { Bindings.samples }, actions: [.toggleSampling, .holdSampling],
    panel: { _ in EnsemblePanel() },
    accumulates: true)
}

extension Bindings {
  /// What works while samples are accumulated.
  public static let samples: [Binding] =
    [
      .accumulating,
      Binding("E", "close", hint: "close", [("E", .togglePage(.samples))]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "n N", ") (", "} {", "b B", "u Ctrl-R", "y Y", ":",
    ])
}

extension Binding {
  /// What a page on which samples accumulate has.
  static let accumulating = Binding(
    "Space", "accumulate samples, or hold", hint: "run, hold", [(" ", .ofPage(.holdSampling))])
}

extension PageAction {
  /// Adds masks up where nobody asked for it yet, else no more, or again.
  public static let toggleSampling = PageAction("sample") { state in
    state.sampling = state.sampling == .asked ? .held : .asked
    state.keepSampling()
  }
  /// Adds no more masks up, or again.
  public static let holdSampling = PageAction("sample-hold") { state in
    state.sampling = state.isSampling ? .held : .asked
    state.keepSampling()
  }
}

/// What the page keeps.
private struct SamplesState: PageState {
  var ensemble: Work?
  var sampling = State.Sampling.automatic
  var goal = Job.mostMasks
}

extension State {
  /// Whether samples are accumulated.
  enum Sampling: Sendable {
    /// Since the page opened: an empty one explains nothing.
    case automatic
    /// Since it was asked for.
    case asked
    /// Not now.
    case held
  }

  /// Masks of the setting that are added up; nil before they were asked for.
  public internal(set) var ensemble: Work? {
    get { self[SamplesState.self].ensemble }
    _modify { yield &self[SamplesState.self].ensemble }
  }
  /// Whether samples are accumulated while their page is seen, and whether anybody asked for it.
  var sampling: Sampling {
    get { self[SamplesState.self].sampling }
    _modify { yield &self[SamplesState.self].sampling }
  }
  /// Whether they are.
  public var isSampling: Bool { sampling != .held }
  /// How many samples end their work.
  var sampleGoal: Int {
    get { self[SamplesState.self].goal }
    _modify { yield &self[SamplesState.self].goal }
  }

  fileprivate mutating func keepSampling() {
    if ensemble == nil { ensemble = newEnsemble() }
    if isSampling, ensemble?.isOver == true {
      sampling = .held
      message = "\(NumberText.grouped(sampleGoal)) samples are the most; r begins again"
    }
  }
}
