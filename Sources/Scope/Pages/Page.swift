import Studies

/// A page takes the place of all maps. Each has a folder with its drawing, its keys and what its rows
/// stand for, and a line in `all`: tabs, the palette, help, `--page` and scripts find it there.
public struct Page: Sendable {
  /// What `--page` and scripts call it.
  public let name: String
  /// What scripts called it before; it goes on to be read.
  public let formerName: String
  /// The word of its tab.
  public let title: String
  /// What it shows, in a few words, for help and the palette.
  public let summary: String
  /// The key that opens it from the maps.
  let letter: Unicode.Scalar
  /// What keys do on it. A function, for tables of keys name pages in their turn.
  public let bindings: @Sendable () -> [Binding]
  /// What draws it, with a row marked.
  let panel: @Sendable (_ selected: Int) -> any Panel
  /// What its rows are; nil where it has none.
  var rows: Rows?
  /// Makes the state ready for it and tells which row is marked first.
  var open: @Sendable (inout State) -> Int = { _ in 0 }
  /// Whether it shows every layer with dropout.
  var wantsAll = false
  /// Begins the work that it shows, where no key will be pressed to begin it.
  var beginWork: @Sendable (inout State) -> Void = { _ in }

  /// Rows that stand for values of the graph.
  struct Rows: Sendable {
    /// How many there are.
    let count: @Sendable (State) -> Int
    /// The value of a row; nil where there is no such row.
    let value: @Sendable (State, Int) -> String?
    /// Rows of text above and below them on the page, where they stand one to a line.
    var margins: (top: Int, bottom: Int)?
    /// Does what Enter means on a row of that value.
    var choose: @Sendable (inout State, _ row: Int, _ value: String) -> Void = { state, _, _ in
      state.overlay = nil
    }
  }

  /// All pages, in the order of their tabs.
  public static let all: [Page] = [.network, .effect, .placement, .samples, .pooling]

  /// The page of a name, a former one too.
  public static func named(_ name: String) -> Page? {
    all.first { $0.name == name } ?? all.first { $0.formerName == name }
  }
}

extension Page: Hashable {
  public static func == (a: Page, b: Page) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
