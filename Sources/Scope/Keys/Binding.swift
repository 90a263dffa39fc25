import Studies
public import TerminalUI

/// A key and what it does: the one table that keys, hints, help and documents are made from.
public struct Binding: Sendable {
  /// The keys, any of which does it.
  public let keys: [InputEvent]
  /// How the keys are written in help: `+ -`, `arrows hjkl`.
  public let label: String
  /// What they do, in a few words.
  public let help: String
  /// One or two words for the hint bar; nil keeps it out of there.
  public let hint: String?
  /// The action of each key, in the order of `keys`.
  public let actions: [Action]

  /// Keys and what each of them does.
  public init(
    _ label: String, _ help: String, hint: String? = nil, _ keys: [(InputEvent, Action)]
  ) {
    (self.label, self.help, self.hint) = (label, help, hint)
    self.keys = keys.map(\.0)
    actions = keys.map(\.1)
  }
}

/// The bindings of each mode of the screen.
public enum Bindings {
  /// What works whatever lies on top.
  public static let always: [Binding] = [
    Binding(
      "?", "this help", hint: "help", [("?", .toggleHelp), (.key(.function(1)), .toggleHelp)]),
    Binding("Ctrl-P", "everything, by name", hint: "all", [(.control("p"), .openFinder)]),
    Binding(
      "Ctrl-PgUp Ctrl-PgDn", "previous, next page",
      [(.key(.previousTab), .changePage(by: -1)), (.key(.nextTab), .changePage(by: 1))]),
    Binding("Ctrl-L", "draw the screen anew", [(.control("l"), .repaint)]),
    Binding("q", "quit", hint: "quit", [("q", .quit), (.control("c"), .quit)]),
    Binding("Esc", "close what lies on top", [(.key(.escape), .closeTop)]),
  ]

  /// Keys under a heading, for help.
  public struct Group: Sendable {
    /// The heading.
    public let title: String
    /// The keys.
    public let bindings: [Binding]
  }

  /// What works on the maps, in groups.
  public static var mapGroups: [Group] {
    Page.added.isEmpty ? groupsOfBuiltIns : mapGroups(Page.all)
  }

  private static let groupsOfBuiltIns = mapGroups(Page.builtIn)

  private static func mapGroups(_ pages: [Page]) -> [Group] {
    [dropout, look, show, Group(title: "Pages", bindings: pages.map(opening)), further]
  }

  private static func opening(_ page: Page) -> Binding {
    Binding(
      String(Character(page.letter)), page.summary, hint: page.name.text,
      [(.character(page.letter), .togglePage(page.name))])
  }

  private static let dropout = Group(
    title: "Dropout",
    bindings: [
      Binding(
        "+ -", "rate up and down by .05", hint: "rate",
        [
          ("+", .changeRate(hundredths: 5)), ("-", .changeRate(hundredths: -5)),
          ("=", .changeRate(hundredths: 5)),
        ]),
      Binding(
        "> <", "rate up and down by .01",
        [(">", .changeRate(hundredths: 1)), ("<", .changeRate(hundredths: -1))]),
      Binding(
        "0 … 9", "rate .0 to .9",
        (0...9).map {
          (InputEvent.character(Unicode.Scalar(UInt8(48 + $0))), .setRate(hundredths: 10 * $0))
        }),
      Binding("s", "element-wise or spatial", hint: "spatial", [("s", .toggleSpatial)]),
      Binding("m", "next kind of dropout", [("m", .nextKind)]),
      Binding(
        "b B", "blocks: size; next rule", [("b", .openPrompt("block ")), ("B", .nextBlockRule)]),
      Binding("r", "new mask", hint: "resample", [("r", .resample)]),
      Binding("Space", "keep resampling; again stops", [(" ", .toggleResampling)]),
      Binding("i", "inverted, none, weight", hint: "scale", [("i", .nextScaling)]),
      Binding("t", "training or evaluation", hint: "train/eval", [("t", .toggleMode)]),
      Binding("D", "model's own dropout on or off", [("D", .toggleModelDropout)]),
      Binding("R", "by other libraries' rules", [("R", .toggleRules)]),
    ])

  private static let look = Group(
    title: "Look",
    bindings: [
      Binding(
        "hjkl arrows", "move the cell cursor",
        [
          (.key(.left), .moveCursor(rows: 0, columns: -1)),
          (.key(.down), .moveCursor(rows: 1, columns: 0)),
          (.key(.up), .moveCursor(rows: -1, columns: 0)),
          (.key(.right), .moveCursor(rows: 0, columns: 1)),
          ("h", .moveCursor(rows: 0, columns: -1)), ("j", .moveCursor(rows: 1, columns: 0)),
          ("k", .moveCursor(rows: -1, columns: 0)), ("l", .moveCursor(rows: 0, columns: 1)),
        ]),
      Binding(
        "n N", "next, previous channel", hint: "channel",
        [("n", .changeChannel(by: 1)), ("N", .changeChannel(by: -1))]),
      Binding(
        ") (", "next, previous slice",
        [(")", .changeSlice(by: 1)), ("(", .changeSlice(by: -1))]),
      Binding(
        "} {", "next, previous layer", hint: "layer",
        [("}", .changeLayer(by: 1)), ("{", .changeLayer(by: -1))]),
      Binding("L", "list of layers", [("L", .openLayers)]),
      Binding("a", "other reading of the axes", [("a", .nextAxes)]),
      Binding(
        "Enter", "the cell's arithmetic", hint: "inspect", [(.key(.enter), .openInspector)]),
      Binding("g", "grid of all channels", hint: "grid", [("g", .toggleGrid)]),
      Binding("e", "enlarge the panel, or back", [("e", .toggleEnlarged)]),
      Binding(
        "Tab BackTab", "next, previous panel",
        [(.key(.tab), .changeFocus(by: 1)), (.key(.backTab), .changeFocus(by: -1))]),
    ])

  private static let show = Group(
    title: "Show",
    bindings: [
      Binding("f", "power by frequency", [("f", .toggleSpectrum)]),
      Binding("v", "what the third map shows", [("v", .nextPane)]),
      Binding("c", "compare two settings", hint: "compare", [("c", .toggleComparison)]),
      Binding(
        "p P", "the colours; the next ramp", [("p", .togglePalette), ("P", .nextRamp)]),
    ])

  private static let further = Group(
    title: "Do",
    bindings: [
      Binding("u Ctrl-R", "undo, redo", [("u", .undo), (.control("r"), .redo)]),
      Binding(
        "y Y", "copy the command; as code", [("y", .showCommand), ("Y", .nextCode)]),
      Binding("M", "mouse on or off", [("M", .toggleMouse)]),
      Binding(":", "any setting, as :rate .35", [(":", .openPrompt(""))]),
    ])

  /// What works on the maps.
  public static var maps: [Binding] {
    Page.added.isEmpty ? mapsOfBuiltIns : maps(Page.all)
  }

  private static let mapsOfBuiltIns = maps(Page.builtIn)

  static func maps(_ pages: [Page]) -> [Binding] { mapGroups(pages).flatMap(\.bindings) }

  /// The keys of the maps, a line each, for `--help` and the man page.
  public static var list: String {
    (maps + always).map { binding in
      let padding = String(repeating: " ", count: max(1, 14 - binding.label.unicodeScalars.count))
      return binding.label + padding + binding.help
    }.joined(separator: "\n")
  }

  /// Going through a list.
  static let moving = Binding(
    "↑ ↓ j k", "move", hint: "move",
    [
      (.key(.up), .moveSelection(by: -1)), (.key(.down), .moveSelection(by: 1)),
      ("k", .moveSelection(by: -1)), ("j", .moveSelection(by: 1)),
      (.key(.pageUp), .moveSelection(by: -10)), (.key(.pageDown), .moveSelection(by: 10)),
      (.key(.home), .moveSelection(by: -1_000_000)), (.key(.end), .moveSelection(by: 1_000_000)),
      ("g", .moveSelection(by: -1_000_000)), ("G", .moveSelection(by: 1_000_000)),
    ])
  static let filter = Binding("/", "narrow the list down", hint: "filter", [("/", .openFilter)])
  static let showing = Binding(
    "Enter", "show this layer", hint: "show", [(.key(.enter), .showSelection)])
  static let walking = Binding(
    "p P", "move dropout to another site", hint: "move dropout",
    [("p", .walkDropout(by: 1)), ("P", .walkDropout(by: -1))])

  /// Bindings of the maps that mean the same elsewhere.
  static func of(_ labels: [String]) -> [Binding] { maps.filter { labels.contains($0.label) } }

  /// The bindings in force under what lies on top.
  public static func active(
    _ overlay: State.Overlay?, paints: Bool = false, compares: Bool = false
  ) -> [Binding] {
    if overlay == nil, compares {
      let labels = comparing.map(\.label)
      return comparing + active(nil, paints: paints).filter { !labels.contains($0.label) }
    }
    if overlay?.mark?.isFiltering == true { return filtering }
    return switch overlay {
    case nil:
      paints ? painting + maps.filter { $0.label != "Space" } + always : maps + always
    case .help: help + always
    case .layers: layers + always
    case .rules: [Binding("R", "close", hint: "close", [("R", .toggleRules)])] + always
    case .prompt: prompt
    case .overwriting, .leaving: question
    case .code: code + always
    // The chart follows every key of the maps.
    case .spectrum: maps + always
    case .inspector: inspector + always
    case .grid: grid + always
    case .palette: palette + always
    case .page(let page, _): page.bindings() + always
    case .finder: finder
    }
  }
}

extension State {
  /// The bindings in force.
  public var bindings: [Binding] {
    let bindings = Bindings.active(
      overlay, paints: setting.kind == "manual" && !isResampling, compares: comparison != nil)
    // While a command is typed, keys make letters; what edits it stays what it is.
    if isTyping { return bindings }
    // A question that is not seen is not answered.
    if overlay?.isQuestion == true {
      return isTooSmall ? keymap.applied(to: Bindings.always) : bindings
    }
    if overlay?.takesText == true { return keymap.applied(to: Bindings.always) }
    return keymap.applied(to: withLesson(bindings))
  }

  /// The action an event stands for in this state; nil for events that mean nothing.
  public func action(for event: InputEvent) -> Action? {
    switch event {
    case .resize(let width, let height): return .resize(width: width, height: height)
    case .terminate: return losesMask ? .terminate : .quit
    case .mouse(let action, let x, let y): return mouseAction(action, x: x, y: y)
    case .paste(let text):
      // A line longer than any path is no command's.
      if isTyping { return .type(String(text.lazy.filter { !$0.isNewline }.prefix(4096))) }
      return nil
    case .character, .control, .key:
      if isTyping, case .character(let scalar) = event {
        return .type(String(scalar))
      }
      for binding in bindings {
        if let index = binding.keys.firstIndex(of: event) { return binding.actions[index] }
      }
      return .unknownKey(event.label)
    }
  }
}

extension InputEvent: ExpressibleByUnicodeScalarLiteral {
  /// A key that makes a character.
  public init(unicodeScalarLiteral value: Unicode.Scalar) { self = .character(value) }

  /// How a key is called in a message.
  var label: String {
    switch self {
    case .character(let scalar): String(scalar)
    case .control(let letter): "Ctrl-\(letter)"
    case .key(.function(let number)): "F\(number)"
    case .key(let key): "\(key)"
    default: "this"
    }
  }
}
