import Studies

extension Action {
  /// What actions are called in files of keys and in scripts: lower case, words joined by hyphens.
  /// An action that carries numbers or text has a name here only where a key stands for it, and a
  /// line in `forms` for all others.
  static var named: [(name: String, action: Action)] { builtIn + Page.added.flatMap(named) }

  private static let builtIn: [(name: String, action: Action)] =
    [
      ("rate-up", .changeRate(hundredths: 5)),
      ("rate-down", .changeRate(hundredths: -5)),
      ("rate-up-fine", .changeRate(hundredths: 1)),
      ("rate-down-fine", .changeRate(hundredths: -1)),
      ("spatial", .toggleSpatial),
      ("kind", .nextKind),
      ("resample", .resample),
      ("play", .toggleResampling),
      ("tick", .tick),
      ("scale", .nextScaling),
      ("mode", .toggleMode),
      ("up", .moveCursor(rows: -1, columns: 0)),
      ("down", .moveCursor(rows: 1, columns: 0)),
      ("left", .moveCursor(rows: 0, columns: -1)),
      ("right", .moveCursor(rows: 0, columns: 1)),
      ("channel-next", .changeChannel(by: 1)),
      ("channel-previous", .changeChannel(by: -1)),
      ("slice-next", .changeSlice(by: 1)),
      ("slice-previous", .changeSlice(by: -1)),
      ("axes-next", .nextAxes),
      ("layer-next", .changeLayer(by: 1)),
      ("layer-previous", .changeLayer(by: -1)),
      ("layers", .openLayers),
      ("rules", .toggleRules),
      ("spectrum", .toggleSpectrum),
      ("pane", .nextPane),
      ("compare", .toggleComparison),
      ("grid", .toggleGrid),
      ("enlarge", .toggleEnlarged),
      ("focus-next", .changeFocus(by: 1)),
      ("focus-previous", .changeFocus(by: -1)),
      ("palette", .togglePalette),
      ("ramp", .nextRamp),
      ("inspect", .openInspector),
      ("scroll-up", .scroll(by: -1)),
      ("scroll-down", .scroll(by: 1)),
      ("scroll-page-up", .scroll(by: -10)),
      ("scroll-page-down", .scroll(by: 10)),
      ("scroll-start", .scroll(by: -1000)),
      ("scroll-end", .scroll(by: 1000)),
      ("page-next", .changePage(by: 1)),
      ("page-previous", .changePage(by: -1)),
      ("find", .openFinder),
      ("model-dropout", .toggleModelDropout),
      ("dropout-add", .addDropout),
      ("dropout-remove", .removeDropout),
      ("dropout-next", .walkDropout(by: 1)),
      ("dropout-previous", .walkDropout(by: -1)),
      ("table-save", .openPrompt("table ")),
      ("copy-code", .nextCode),
      ("show-command", .showCommand),
      ("repaint", .repaint),
      ("save", .openPrompt("save ")),
      ("export", .openPrompt("export ")),
      ("undo", .undo),
      ("redo", .redo),
      ("copy-command", .copyCommand),
      ("block-rule", .nextBlockRule),
      ("block-size", .openPrompt("block ")),
      ("command", .openPrompt("")),
      ("erase", .erase),
      ("submit", .submit),
      ("paint", .paint),
      ("list-up", .moveSelection(by: -1)),
      ("list-down", .moveSelection(by: 1)),
      ("list-page-up", .moveSelection(by: -10)),
      ("list-page-down", .moveSelection(by: 10)),
      ("list-start", .moveSelection(by: -1_000_000)),
      ("list-end", .moveSelection(by: 1_000_000)),
      ("list-choose", .chooseSelection),
      ("list-show", .showSelection),
      ("filter", .openFilter),
      ("mouse", .toggleMouse),
      ("help", .toggleHelp),
      ("answer-yes", .answer(true)),
      ("answer-no", .answer(false)),
      ("close", .closeTop),
      ("lesson-next", .lesson(.turn(by: 1))),
      ("lesson-back", .lesson(.turn(by: -1))),
      ("quit", .quit),
      ("terminate", .terminate),
    ] + (0...9).map { ("rate-\($0)", .setRate(hundredths: 10 * $0)) }
    + Page.builtIn.flatMap(named)
    + PromptEdit.allCases.map { ("line-\($0.rawValue)", .edit($0)) }

  private static func named(_ page: Page) -> [(name: String, action: Action)] {
    [(page.name.text, .togglePage(page.name))] + page.actions.flatMap(\.named)
  }

  /// The actions that carry something, with what follows their name in a script.
  static var forms: [ActionForm] {
    [.page("page")] + builtInForms + Page.added.flatMap(\.actions).compactMap(\.form)
  }

  private static let builtInForms: [ActionForm] =
    formsOfNoPage + Page.builtIn.flatMap(\.actions).compactMap(\.form)

  private static let formsOfNoPage: [ActionForm] = [
    ActionForm("rate-by", "HUNDREDTHS", Action.changeRate) {
      if case .changeRate(let step) = $0 { step } else { nil }
    },
    ActionForm("rate-to", "HUNDREDTHS", Action.setRate) {
      if case .setRate(let hundredths) = $0 { hundredths } else { nil }
    },
    ActionForm("move", "ROWS", "COLUMNS", Action.moveCursor) {
      if case .moveCursor(let rows, let columns) = $0 { (rows, columns) } else { nil }
    },
    ActionForm("cursor", "ROW", "COLUMN", Action.placeCursor) {
      if case .placeCursor(let row, let column) = $0 { (row, column) } else { nil }
    },
    ActionForm("channel-by", "N", Action.changeChannel) {
      if case .changeChannel(let step) = $0 { step } else { nil }
    },
    ActionForm("slice-by", "N", Action.changeSlice) {
      if case .changeSlice(let step) = $0 { step } else { nil }
    },
    ActionForm("axes", Action.nameAxes) {
      if case .nameAxes(let text) = $0 { text } else { nil }
    },
    ActionForm("layer-by", "N", Action.changeLayer) {
      if case .changeLayer(let step) = $0 { step } else { nil }
    },
    ActionForm("focus-by", "N", Action.changeFocus) {
      if case .changeFocus(let step) = $0 { step } else { nil }
    },
    ActionForm("list-by", "N", Action.moveSelection) {
      if case .moveSelection(let step) = $0 { step } else { nil }
    },
    ActionForm("list-select", "ROW", Action.selectRow) {
      if case .selectRow(let row) = $0 { row } else { nil }
    },
    ActionForm("scroll-by", "LINES", Action.scroll) {
      if case .scroll(let step) = $0 { step } else { nil }
    },
    ActionForm("dropout-by", "SITES", Action.walkDropout) {
      if case .walkDropout(let step) = $0 { step } else { nil }
    },
    ActionForm("masks-added", "COUNT", Action.reachWork) {
      if case .reachWork(let count) = $0 { count } else { nil }
    },
    ActionForm("prompt", Action.openPrompt) {
      if case .openPrompt(let text) = $0 { text } else { nil }
    },
    ActionForm("type", Action.type) { if case .type(let text) = $0 { text } else { nil } },
    ActionForm("inform", Action.inform) { if case .inform(let text) = $0 { text } else { nil } },
    ActionForm("unknown-key", Action.unknownKey) {
      if case .unknownKey(let key) = $0 { key } else { nil }
    },
    .overwriting("ask-to-overwrite"),
    .saved("saved"),
    .caption, .highlight, .ask, .pytorch, .wait, .beginLesson, .answerLesson,
    .stroke("paint"),
    .size("size"),
  ]

  /// What the action is called in a file of keys. Nil for what no single key stands for.
  public var name: String? {
    Action.nameOf[self] ?? Page.added.flatMap(Action.named).first { $0.action == self }?.name
  }

  /// The action of a name without anything behind it.
  static func named(_ name: String) -> Action? {
    Action.actionOf[FormerNames.current(name)] ?? Page.named(name).map { .togglePage($0.name) }
      ?? Page.added.flatMap(Action.named).first { $0.name == name }?.action
  }

  private static let nameOf = Dictionary(uniqueKeysWithValues: builtIn.map { ($1, $0) })
  private static let actionOf = Dictionary(uniqueKeysWithValues: builtIn.map { ($0, $1) })
}

extension PageAction {
  /// The actions that have a name without anything behind it.
  fileprivate var named: [(name: String, action: Action)] {
    number == nil ? [(name, .ofPage(self))] : words.map { ($0, .ofPage(self, by: $1)) }
  }

  /// How it is written in a script with any number; nil where it takes none.
  fileprivate var form: ActionForm? {
    number.map { number in
      ActionForm(name, number, { Action.ofPage(self, by: $0) }) {
        if case .ofPage(self, let number) = $0 { number } else { nil }
      }
    }
  }
}
