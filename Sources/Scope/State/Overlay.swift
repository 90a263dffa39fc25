extension State {
  /// Panels that cover others.
  public enum Overlay: Hashable, Sendable {
    /// The keys, with so many lines scrolled out of view.
    case help(scroll: ListMark)
    /// The list of layers, with its marked row.
    case layers(selected: ListMark)
    /// The same field by the rules of other libraries.
    case rules
    /// The command line, with what is typed so far.
    case prompt(Prompt)
    /// The question whether a file may be written over.
    case overwriting(Saving, path: String)
    /// The question whether to leave with a painted mask that was not saved.
    case leaving
    /// The setting as a command or as code.
    case code(CodeForm)
    /// The power spectrum of the site.
    case spectrum
    /// The arithmetic of the cell under the cursor, with so many lines scrolled out of view.
    case inspector(scroll: Int)
    /// All channels, one of them marked.
    case grid(selected: Int)
    /// What colours and glyphs mean.
    case palette
    /// A page in place of the maps, one of its rows marked.
    case page(Page, selected: ListMark)
    /// Everything there is to do, by what is typed.
    case finder(Finder)
  }
}

extension State.Overlay {
  /// One of each.
  static var modes: [State.Overlay] {
    [
      .help(scroll: 0), .layers(selected: 0), .rules, .spectrum, .inspector(scroll: 0),
      .grid(selected: 0),
      .palette, .code(.command),
    ] + Page.all.map { .page($0, selected: 0) }
  }

  /// Whether it takes the place of all maps, between the header and the line of the rate.
  var isPage: Bool { if case .page = self { true } else { false } }
}

extension State.Overlay {
  /// The mark of the list that it is; nil for what is no list that can be narrowed down.
  var mark: ListMark? {
    get {
      switch self {
      case .help(let mark), .layers(let mark): mark
      case .page(let page, let mark): page.rows == nil ? nil : mark
      default: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .help: self = .help(scroll: newValue)
      case .layers: self = .layers(selected: newValue)
      case .page(let page, _): self = .page(page, selected: newValue)
      default: break
      }
    }
  }

  /// Whether it waits for yes or no.
  var isQuestion: Bool {
    switch self {
    case .overwriting, .leaving: true
    default: false
    }
  }

  /// Whether keys make letters in it.
  var takesText: Bool {
    switch self {
    case .prompt, .finder: true
    default: mark?.isFiltering == true
    }
  }
}
