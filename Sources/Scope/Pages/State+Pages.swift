import NeuralNet
import Studies

/// Pages: which one is open, the row that is marked in it, and what lies on it.
extension State {
  /// The page that is open, also where the help or the command line lies on it; nil for the maps.
  public var page: Page? { openPage?.page }

  /// The same with its marked row.
  var openPage: (page: Page, selected: Int)? {
    for layer in [overlay].compactMap({ $0 }) + below.reversed() {
      if case .page(let page, let selected) = layer { return (page, selected) }
    }
    return nil
  }

  /// Opens a page in place of whatever is seen; nil for the maps.
  mutating func open(_ page: Page?) {
    below = []
    overlay = nil
    guard let page else { return }
    let selected = page.open(&self)
    overlay = .page(page, selected: selected)
  }

  /// Opens a page with all the work done that it shows, where there is no keyboard to ask for it.
  public mutating func showWhole(_ page: Page) {
    _ = perform([.openPage(page)])
    page.beginWork(&self)
    finishWork()
    settle()
  }

  /// Opens a page on what is seen, or closes it.
  mutating func toggle(_ page: Page) {
    if case .page(page, _) = overlay { return uncover() }
    let selected = page.open(&self)
    cover(with: .page(page, selected: selected))
  }

  /// Goes so many tabs on; wraps around.
  mutating func openPage(by step: Int) {
    let tabs: [Page?] = [nil] + Page.all
    let index = tabs.firstIndex(of: page) ?? 0
    open(tabs[((index + step) % tabs.count + tabs.count) % tabs.count])
  }

  /// Lays a panel on what is seen.
  mutating func cover(with top: Overlay) {
    if let overlay { below.append(overlay) }
    overlay = top
  }

  /// Closes what lies on top and goes back to what it lay on.
  mutating func uncover() {
    overlay = below.popLast()
    // What it shows of all layers may be behind.
    if page?.wantsAll == true { isStale = true }
  }

  /// Moves the mark of the open page.
  mutating func moveMark(by step: Int) {
    guard case .page(let page, let selected) = overlay, let rows = page.rows else { return }
    let last = max(0, rows.count(self) - 1)
    overlay = .page(page, selected: min(max(0, selected + step), last))
  }

  /// The value whose row is marked; nil where the open page marks none.
  var markedValue: String? {
    guard case .page(let page, let selected) = overlay else { return nil }
    return page.rows?.value(self, selected)
  }

  /// Does what Enter means on the marked row, and shows its layer.
  mutating func chooseMarked() -> [Effect] {
    guard case .page(let page, let selected) = overlay, let value = markedValue else { return [] }
    guard let layer = experiment.layers.first(where: { $0.value == value }) else {
      message = "\(experiment.name(of: value)) has no maps to show"
      return []
    }
    page.rows?.choose(&self, selected, value)
    below = []
    show(layer)
    return []
  }
}
