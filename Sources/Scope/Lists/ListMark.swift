/// Where one is in a list: the marked row, or the first line seen, and what narrows the list down.
public struct ListMark: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// The number of the row in the whole list.
  public var row: Int
  /// What was typed after `/`; a row fits where it has each of its words.
  public var filter = ""
  /// Whether keys make letters of the filter.
  public var isFiltering = false

  /// A row of a whole list.
  public init(_ row: Int) { self.row = row }

  public init(integerLiteral row: Int) { self.init(row) }
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
