import TerminalUI

extension PageName {
  /// See `Page.pooling`.
  public static let pooling = PageName("pooling")
}

extension Page {
  /// Dropout before a pool beside dropout after it.
  public static let pooling = Page(
    name: .pooling, formerName: "pool-order", title: "Pooling", shortTitle: "Pool",
    summary: "dropout before the pool, or after it", letter: "o",
    bindings: { Bindings.pooling }, panel: { _ in PoolOrderPanel() })
}

extension Bindings {
  /// What works beside dropout before and after a pool.
  public static let pooling: [Binding] =
    [Binding("o", "close", hint: "close", [("o", .togglePage(.pooling))])]
    + of(["+ -", "> <", "0 … 9", "s", "m", "r", "n N", ") (", "} {", "b B", "u Ctrl-R", "y Y", ":"])
}
