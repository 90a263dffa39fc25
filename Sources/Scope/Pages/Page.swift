import Studies
public import TerminalUI

/// A page takes the place of all maps. Each has a folder with what it keeps, what it does, its keys, its
/// drawing and what its rows stand for, and a line in `all`: tabs, the palette, help, `--page` and scripts
/// find it there.
public struct Page: Sendable {
  /// What `--page` and scripts call it.
  public let name: PageName
  /// What scripts called it before; it goes on to be read.
  public let formerName: String
  /// The word of its tab.
  public let title: String
  /// The word of its tab where there is little room.
  public let shortTitle: String
  /// What it shows, in a few words, for help and the palette.
  public let summary: String
  /// The key that opens it from the maps.
  let letter: Unicode.Scalar
  /// What keys do on it. A function, for tables of keys name pages in their turn.
  public let bindings: @Sendable () -> [Binding]
  /// What it alone does.
  let actions: [PageAction]
  /// What draws it, with a row marked.
  let panel: @Sendable (_ mark: ListMark) -> any Panel
  /// What its rows are; nil where it has none.
  let rows: Rows?
  /// Makes the state ready for it and tells which row is marked first.
  let open: @Sendable (inout State) -> Int
  /// Whether it shows every layer with dropout.
  let wantsAll: Bool
  /// Begins the work that it shows, where no key will be pressed to begin it.
  let beginWork: @Sendable (inout State) -> Void
  /// Whether samples accumulate while it is seen.
  let accumulates: Bool

  /// A page.
  /// - Parameters:
  ///   - title: the word of its tab
  ///   - shortTitle: that where there is little room; by default the same
  ///   - summary: what it shows, in a few words
  ///   - letter: the key that opens it from the maps, which nothing else there may have
  ///   - actions: what it alone does, by names that no other action has
  ///   - panel: what draws it, with a row marked
  ///   - open: makes the state ready for it and tells which row is marked first
  ///   - beginWork: begins the work that it shows
  ///   - accumulates: whether samples accumulate while it is seen
  public init(
    name: PageName, formerName: String? = nil, title: String, shortTitle: String? = nil,
    summary: String,
    letter: Unicode.Scalar, bindings: @escaping @Sendable () -> [Binding],
    actions: [PageAction] = [],
    panel: @escaping @Sendable (_ mark: ListMark) -> any Panel, rows: Rows? = nil,
    open: @escaping @Sendable (inout State) -> Int = { _ in 0 }, wantsAll: Bool = false,
    beginWork: @escaping @Sendable (inout State) -> Void = { _ in }, accumulates: Bool = false
  ) {
    (self.name, self.formerName, self.title) = (name, formerName ?? name.text, title)
    self.shortTitle = shortTitle ?? title
    (self.summary, self.letter, self.bindings, self.panel) = (summary, letter, bindings, panel)
    self.actions = actions
    (self.rows, self.open, self.wantsAll, self.beginWork) = (rows, open, wantsAll, beginWork)
    self.accumulates = accumulates
  }

  /// Rows: each stands for a value of the graph, or can be acted on.
  public struct Rows: Sendable {
    /// How many there are.
    let count: @Sendable (State) -> Int
    /// The value of a row; nil where there is no such row.
    let value: @Sendable (State, Int) -> String?
    /// What a row says, for `/`.
    let text: @Sendable (State, Int) -> String
    /// Where they stand of the room under the page's title, one to a line.
    let area: @Sendable (Rect) -> Rect
    /// What choosing a row of that value does beside showing its layer.
    let choose: @Sendable (inout State, _ row: Int, _ value: String) -> Void
    /// Those that are not folded away; nil for all.
    let seen: (@Sendable (State) -> [Int])?
    /// Does what Enter means on a row that stands for no value; nil where rows stand for values.
    let act: (@Sendable (inout State, _ row: Int) -> [Effect])?

    /// Rows.
    /// - Parameters:
    ///   - area: where they stand of the room under the page's title
    ///   - seen: those that are not folded away, where some may be
    ///   - act: what Enter means on a row that stands for no value
    public init(
      count: @escaping @Sendable (State) -> Int,
      value: @escaping @Sendable (State, Int) -> String? = { _, _ in nil },
      text: @escaping @Sendable (State, Int) -> String, area: @escaping @Sendable (Rect) -> Rect,
      choose: @escaping @Sendable (inout State, _ row: Int, _ value: String) -> Void = { _, _, _ in
      },
      seen: (@Sendable (State) -> [Int])? = nil,
      act: (@Sendable (inout State, _ row: Int) -> [Effect])? = nil
    ) {
      (self.count, self.value, self.text, self.area) = (count, value, text, area)
      (self.choose, self.seen, self.act) = (choose, seen, act)
    }

    /// Those that fit what narrows them down.
    func fitting(_ state: State, _ mark: ListMark) -> ListRows {
      ListRows(count: count(state), mark: mark, seen: seen?(state)) { text(state, $0) }
    }
  }

  /// All pages, in the order of their tabs.
  public static var all: [Page] { builtIn + added }

  /// Pages of another target, after the built-in ones while a call lasts:
  /// `Page.$added.withValue([.mine]) { … }`.
  @TaskLocal public static var added: [Page] = []

  static let builtIn: [Page] = [
    .network, .effect, .placement, .samples, .pooling, .sequence, .segmentation, .train, .race,
    .sweep, .learn,
  ]

  /// The page of a name, a former one too.
  public static func named(_ name: String) -> Page? {
    all.first { $0.name.text == name } ?? all.first { $0.formerName == name }
  }
}

extension Page: Hashable {
  public static func == (a: Page, b: Page) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
