import Studies
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
    bindings: { Bindings.samples }, panel: { _ in EnsemblePanel() },
    open: { state in
      if state.ensemble == nil { state.ensemble = state.newEnsemble() }
      return 0
    }, beginWork: { $0.sampling = .asked })
}

extension Bindings {
  /// What works while samples are accumulated.
  public static let samples: [Binding] =
    [
      Binding("Space", "accumulate samples, or hold", hint: "run, hold", [(" ", .holdSampling)]),
      Binding("E", "close", hint: "close", [("E", .togglePage(.samples))]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "n N", ") (", "} {", "b B", "u Ctrl-R", "y Y", ":",
    ])
}

extension State {
  /// Begins where nobody had asked for samples yet, else holds or goes on: what scripts call `sample`.
  mutating func toggleSampling() {
    sampling = sampling == .asked ? .held : .asked
    keepSampling()
  }

  /// Holds, or goes on.
  mutating func holdSampling() {
    sampling = isSampling ? .held : .asked
    keepSampling()
  }

  private mutating func keepSampling() {
    if ensemble == nil { ensemble = newEnsemble() }
    if isSampling, ensemble?.isOver == true {
      sampling = .held
      message = "\(NumberText.grouped(sampleGoal)) samples are the most; r begins again"
    }
  }
}
