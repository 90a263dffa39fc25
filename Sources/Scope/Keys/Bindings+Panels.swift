import TerminalUI

/// What keys mean while a mask is painted or settings are compared, and in the panels over the maps.
extension Bindings {
  /// What Space does while the mask is one's own.
  public static let painting: [Binding] = [
    Binding(
      "Space", "drop the cell under the cursor, or keep it again", hint: "paint", [(" ", .paint)])
  ]

  /// What works while a command is typed; all else goes into the line.
  public static let prompt: [Binding] = [
    Binding("Enter", "do it", hint: "do it", [(.key(.enter), .submit)]),
    Binding(
      "Tab", "complete; again for the next word", hint: "complete",
      [(.key(.tab), .edit(.complete)), (.key(.backTab), .edit(.completeBack))]),
    Binding("Esc", "leave it", hint: "leave", [(.key(.escape), .closeTop)]),
    Binding(
      "↑ ↓", "earlier and later lines",
      [
        (.key(.up), .edit(.older)), (.key(.down), .edit(.newer)),
        (.control("p"), .edit(.older)), (.control("n"), .edit(.newer)),
      ]),
    Binding(
      "← → Home End", "move in the line",
      [
        (.key(.left), .edit(.left)), (.key(.right), .edit(.right)),
        (.key(.home), .edit(.start)), (.key(.end), .edit(.end)),
        (.control("a"), .edit(.start)), (.control("e"), .edit(.end)),
      ]),
    Binding("Backspace", "take back", [(.key(.backspace), .erase), (.control("h"), .erase)]),
    Binding(
      "Delete Ctrl-W Ctrl-U", "delete a character, a word, all before the cursor",
      [
        (.key(.delete), .edit(.deleteAfter)), (.control("w"), .edit(.deleteWord)),
        (.control("u"), .edit(.deleteToStart)),
      ]),
    Binding("Ctrl-C", "quit", [(.control("c"), .quit)]),
  ]

  /// What works in the inspector of a cell.
  public static let inspector: [Binding] = [
    Binding(
      "↑ ↓ j k", "scroll", hint: "scroll",
      [
        (.key(.up), .scroll(by: -1)), (.key(.down), .scroll(by: 1)),
        ("k", .scroll(by: -1)), ("j", .scroll(by: 1)),
        (.key(.pageUp), .scroll(by: -10)), (.key(.pageDown), .scroll(by: 10)),
        (.key(.home), .scroll(by: -1000)), (.key(.end), .scroll(by: 1000)),
        ("g", .scroll(by: -1000)), ("G", .scroll(by: 1000)),
      ]),
    Binding("Enter", "close", hint: "close", [(.key(.enter), .closeTop)]),
    Binding(
      "+ -", "rate up and down by .05", hint: "rate",
      [("+", .changeRate(hundredths: 5)), ("-", .changeRate(hundredths: -5))]),
    Binding("r", "new mask", hint: "resample", [("r", .resample)]),
  ]

  /// What works in the list of layers.
  public static let layers: [Binding] = [
    moving, showing, filter, Binding("L", "close", [("L", .closeTop)]),
  ]

  /// What works in the grid of channels: choosing one, and what changes masks.
  public static let grid: [Binding] =
    [
      Binding(
        "hjkl arrows", "mark another channel", hint: "move",
        maps.first { $0.actions.contains(.moveCursor(rows: 1, columns: 0)) }.map {
          Array(zip($0.keys, $0.actions))
        } ?? []),
      Binding(
        "PageUp PageDown", "ten channels back, on",
        [(.key(.pageUp), .moveSelection(by: -10)), (.key(.pageDown), .moveSelection(by: 10))]),
      Binding(
        "Home End g G", "first, last channel",
        [
          (.key(.home), .moveSelection(by: -1_000_000)), ("g", .moveSelection(by: -1_000_000)),
          (.key(.end), .moveSelection(by: 1_000_000)), ("G", .moveSelection(by: 1_000_000)),
        ]),
      Binding("Enter", "show this channel", hint: "show", [(.key(.enter), .chooseSelection)]),
    ] + maps.filter { ["+ -", "> <", "0 … 9", "s", "m", "r", "Space"].contains($0.label) }

  /// What keys of the maps mean while two settings are compared.
  public static let comparing: [Binding] = [
    Binding(
      "Tab BackTab", "the other side", hint: "other side",
      [(.key(.tab), .changeFocus(by: 1)), (.key(.backTab), .changeFocus(by: -1))]),
    Binding("c", "keep the side in focus", hint: "keep this", [("c", .toggleComparison)]),
  ]

  /// What works on the legend of colours.
  public static let palette: [Binding] = [
    Binding("P", "next ramp of colours", hint: "ramp", [("P", .nextRamp)]),
    Binding("p", "close", hint: "close", [("p", .togglePalette)]),
  ]
}
