import NeuralNet
import Studies
import TerminalUI

extension PageName {
  /// See `Page.sequence`.
  public static let sequence = PageName("sequence")
}

extension Page {
  /// Words along time, what dropout takes of each, what is written and what it looks at.
  public static let sequence = Page(
    name: .sequence, title: "Sequence", shortTitle: "Seq",
    summary: "words along time, and attention between them", letter: "A",
    bindings: { Bindings.sequence }, panel: { _ in SequencePanel() },
    open: { state in
      // From an image's layer there is nothing to see: the first sequence there is.
      if SequenceMap(state.layer.layout) == nil,
        let first = state.experiment.layers.first(where: { SequenceMap($0.layout) != nil })
      {
        state.show(first)
      }
      // What is looked at is wanted now.
      state.isStale = true
      return 0
    }, wantsAll: true, accumulates: true)
}

extension Bindings {
  /// What works beside words along time.
  public static let sequence: [Binding] =
    [
      .accumulating,
      Binding("A", "close", hint: "close", [("A", .togglePage(.sequence))]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "t", "D", "n N", ") (", "} {", "b B", "u Ctrl-R",
      "y Y", ":",
    ])
}
