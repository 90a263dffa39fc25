import Studies

/// How the actions of one case are written in a script and read back: a name and what follows it.
struct ActionForm: Sendable {
  /// The name.
  let name: String
  /// What follows it, for messages: `ROW COLUMN`.
  let arguments: String
  /// What follows the name of an action; nil for actions of other cases.
  let write: @Sendable (Action) -> String?
  /// The action that text behind the name stands for; nil, or an error that says more, where it is not
  /// what `arguments` says.
  let read: @Sendable (String) throws(ScriptError) -> Action?

  /// Numbers in a script are at most this large either way, so that adding them never overflows.
  static let largest = 1_000_000
}

extension ActionForm {
  /// A case with one number.
  init(
    _ name: String, _ argument: String, _ make: @escaping @Sendable (Int) -> Action,
    _ get: @escaping @Sendable (Action) -> Int?
  ) {
    self.init(name: name, arguments: argument) {
      get($0).map { "\($0)" }
    } read: {
      ActionForm.numbers($0, count: 1).map { make($0[0]) }
    }
  }

  /// A case with two numbers.
  init(
    _ name: String, _ first: String, _ second: String,
    _ make: @escaping @Sendable (Int, Int) -> Action,
    _ get: @escaping @Sendable (Action) -> (Int, Int)?
  ) {
    self.init(name: name, arguments: "\(first) \(second)") {
      get($0).map { "\($0) \($1)" }
    } read: {
      ActionForm.numbers($0, count: 2).map { make($0[0], $0[1]) }
    }
  }

  /// A case with text.
  init(
    _ name: String, _ make: @escaping @Sendable (String) -> Action,
    _ get: @escaping @Sendable (Action) -> String?
  ) {
    self.init(name: name, arguments: "TEXT") {
      get($0).map(ScriptText.written)
    } read: {
      ScriptText.read($0).map(make)
    }
  }

  /// What was written: `saved mask`.
  static func saved(_ name: String) -> ActionForm {
    let kinds = Saving.allCases.map(\.rawValue)
    return ActionForm(name: name, arguments: kinds.joined(separator: "|")) {
      if case .saved(let what) = $0 { what.rawValue } else { nil }
    } read: {
      Saving(rawValue: FormerNames.current($0)).map { .saved($0) }
    }
  }

  /// A question about a file: `ask-to-overwrite graph lenet.onnx`.
  static func overwriting(_ name: String) -> ActionForm {
    let kinds = Saving.allCases.map(\.rawValue)
    return ActionForm(name: name, arguments: kinds.joined(separator: "|") + " FILE") {
      guard case .askToOverwrite(let what, let path) = $0 else { return nil }
      return "\(what.rawValue) \(ScriptText.written(path))"
    } read: { text in
      let words = text.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let what = Saving(rawValue: FormerNames.current(String(words[0]))),
        let path = ScriptText.read(String(words[1]))
      else { return nil }
      return .askToOverwrite(what, path: path)
    }
  }

  /// A page opened by its name, or the maps: `page network`.
  static func page(_ name: String) -> ActionForm {
    ActionForm(name: name, arguments: "maps|" + Page.all.map(\.name.text).joined(separator: "|")) {
      guard case .openPage(let page) = $0 else { return nil }
      return page?.text ?? "maps"
    } read: { text in
      text == "maps" ? .openPage(nil) : Page.named(text).map { .openPage($0.name) }
    }
  }

  /// A cell painted: `paint 3 4 drop`.
  static func stroke(_ name: String) -> ActionForm {
    ActionForm(name: name, arguments: "ROW COLUMN drop|keep") {
      guard case .paintCell(let row, let column, let keeps) = $0 else { return nil }
      return "\(row) \(column) \(keeps ? "keep" : "drop")"
    } read: { text in
      let words = text.split(separator: " ")
      guard words.count == 3, ["drop", "keep"].contains(words[2]),
        let place = numbers(words[..<2].joined(separator: " "), count: 2)
      else { return nil }
      return .paintCell(row: place[0], column: place[1], keeps: words[2] == "keep")
    }
  }

  /// The screen's size: `size 80 24`, of at most four million cells.
  static func size(_ name: String) -> ActionForm {
    ActionForm(name: name, arguments: "COLUMNS ROWS") {
      guard case .resize(let width, let height) = $0 else { return nil }
      return "\(width) \(height)"
    } read: { text in
      guard let size = numbers(text, count: 2), size[0] >= 0, size[1] >= 0,
        size[0] * size[1] <= 4_000_000
      else { return nil }
      return .resize(width: size[0], height: size[1])
    }
  }

  private static func numbers(_ text: String, count: Int) -> [Int]? {
    let words = text.split(separator: " ")
    let numbers = words.compactMap { Int($0) }.filter { (-largest...largest).contains($0) }
    return words.count == count && numbers.count == count ? numbers : nil
  }
}

extension Action {
  /// The action as a script says it: `rate-up`, `cursor 12 7`, `type rate .35`. Nil where it has
  /// neither a name nor a form.
  public var scriptText: String? {
    if let name { return name }
    for form in Action.forms {
      if let arguments = form.write(self) { return "\(form.name) \(arguments)" }
    }
    return nil
  }

  /// Reads what `scriptText` writes.
  /// - Throws: `ScriptError` where there is no such action or what follows its name makes no sense.
  public init(scriptText text: String) throws(ScriptError) {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(words.first ?? "")
    let rest = words.count > 1 ? String(words[1]) : ""
    let form = Action.forms.first { $0.name == FormerNames.current(name) }
    if rest.allSatisfy({ $0 == " " }), let action = Action.named(name) {
      self = action
    } else if let action = try form?.read(rest) {
      self = action
    } else if let form {
      throw ScriptError(expected: "\(name) \(form.arguments)", found: text)
    } else if Action.named(name) != nil {
      throw ScriptError(expected: "nothing after \(name)", found: rest)
    } else {
      let names = Action.named.map(\.name) + Action.forms.map(\.name)
      let nearest = nearestNames(to: name, among: names, limit: 3)
      throw ScriptError(
        expected: "an action, nearest: \(nearest.joined(separator: ", "))", found: name)
    }
  }
}
