import TerminalUI

/// What keys mean in the panels of placement: the graph, the ripple, the ladder, the ensemble.
extension Bindings {
  /// What works in the list of the graph; the rest is done to the dropout on the marked row.
  public static let network: [Binding] =
    [
      moving,
      Binding("Enter", "show this layer", hint: "show", [(.key(.enter), .chooseSelection)]),
      Binding("d", "put dropout on this edge", hint: "put", [("d", .addDropout)]),
      Binding("D", "take it away", hint: "take", [("D", .removeDropout)]),
      Binding(
        "p P", "walk to another site", hint: "walk",
        [("p", .walkDropout(by: 1)), ("P", .walkDropout(by: -1))]),
      Binding("S", "save the graph as ONNX", hint: "save", [("S", .openPrompt("save "))]),
      Binding("w", "close", hint: "close", [("w", .toggleNetwork)]),
    ] + of(["+ -", "> <", "0 … 9", "s", "m", "r", "i", "b B", "u Ctrl-R", "y", ":"])

  /// What works beside the bars of the ripple.
  public static let ripple: [Binding] =
    [
      moving,
      Binding("x", "count labels over masks", hint: "count labels", [("x", .countVotes)]),
      Binding(
        "p P", "walk to another site", hint: "walk",
        [("p", .walkDropout(by: 1)), ("P", .walkDropout(by: -1))]),
      Binding("Enter", "show this layer", hint: "show", [(.key(.enter), .chooseSelection)]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "n N", ") (", "b B", "u Ctrl-R", "y", ":",
    ])

  /// What works on the ladder.
  public static let ladder: [Binding] =
    [
      moving,
      Binding(
        "p P", "walk to another site", hint: "walk",
        [("p", .walkDropout(by: 1)), ("P", .walkDropout(by: -1))]),
      Binding("a", "visit all sites", hint: "all", [("a", .visitAll)]),
      Binding(
        "← →", "sort by another column", hint: "sort",
        [(.key(.left), .sortLadder(by: -1)), (.key(.right), .sortLadder(by: 1))]),
      Binding("R", "sort the other way round", hint: "reverse", [("R", .reverseLadder)]),
      Binding("Enter", "put the dropout there", hint: "put", [(.key(.enter), .chooseSelection)]),
      Binding("o", "before or after the pool", [("o", .togglePoolOrder)]),
      Binding("S", "save as CSV", hint: "save", [("S", .openPrompt("ladder "))]),
      Binding("W", "close", hint: "close", [("W", .toggleLadder)]),
    ] + of(["+ -", "> <", "0 … 9", "s", "m", "r", "i", "b B", "u Ctrl-R", "y", ":"])

  /// What works while masks are added up.
  public static let ensemble: [Binding] =
    [
      Binding("Space", "add masks up, or hold", hint: "run, hold", [(" ", .toggleSampling)]),
      Binding("E", "close", hint: "close", [("E", .toggleEnsemble)]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "n N", ") (", "} {", "b B", "u Ctrl-R", "y", ":",
    ])

  /// What works beside dropout before and after a pool.
  public static let poolOrder: [Binding] =
    [Binding("o", "close", hint: "close", [("o", .togglePoolOrder)])]
    + of(["+ -", "> <", "0 … 9", "s", "m", "r", "n N", ") (", "} {", "b B", "u Ctrl-R", "y", ":"])

  private static let moving = Binding(
    "↑ ↓ j k", "move", hint: "move",
    [
      (.key(.up), .moveSelection(by: -1)), (.key(.down), .moveSelection(by: 1)),
      ("k", .moveSelection(by: -1)), ("j", .moveSelection(by: 1)),
      (.key(.pageUp), .moveSelection(by: -10)), (.key(.pageDown), .moveSelection(by: 10)),
    ])

  /// Bindings of the maps that mean the same in a panel.
  private static func of(_ labels: [String]) -> [Binding] {
    maps.filter { labels.contains($0.label) }
  }
}
