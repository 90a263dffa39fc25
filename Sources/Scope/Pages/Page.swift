import Studies
import TerminalUI

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
  let panel: @Sendable (_ mark: ListMark) -> any Panel
  /// What its rows are; nil where it has none.
  var rows: Rows?
  /// Makes the state ready for it and tells which row is marked first.
  var open: @Sendable (inout State) -> Int = { _ in 0 }
  /// Whether it shows every layer with dropout.
  var wantsAll = false
  /// Begins the work that it shows, where no key will be pressed to begin it.
  var beginWork: @Sendable (inout State) -> Void = { _ in }

  /// Rows: each stands for a value of the graph, or can be acted on.
  struct Rows: Sendable {
    /// How many there are.
    let count: @Sendable (State) -> Int
    /// The value of a row; nil where there is no such row.
    let value: @Sendable (State, Int) -> String?
    /// What a row says, for `/`.
    let text: @Sendable (State, Int) -> String
    /// Where they stand of the room under the page's title, one to a line.
    let area: @Sendable (Rect) -> Rect
    /// What choosing a row of that value does beside showing its layer.
    var choose: @Sendable (inout State, _ row: Int, _ value: String) -> Void = { _, _, _ in }

    /// Does what Enter means on a row that stands for no value; nil where rows stand for values.
    var act: (@Sendable (inout State, _ row: Int) -> [Effect])?

    /// Those that fit what narrows them down.
    func fitting(_ state: State, _ mark: ListMark) -> ListRows {
      ListRows(count: count(state), mark: mark) { text(state, $0) }
    }
  }

  /// All pages, in the order of their tabs.
  public static let all: [Page] = [.network, .effect, .placement, .samples, .pooling, .learn]

  /// The page of a name, a former one too.
  public static func named(_ name: String) -> Page? {
    all.first { $0.name == name } ?? all.first { $0.formerName == name }
  }
}

extension Page: Hashable {
  public static func == (a: Page, b: Page) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
