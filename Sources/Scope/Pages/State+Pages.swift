import NeuralNet
import Studies

/// Pages: which one is open, the row that is marked in it, and what lies on it.
extension State {
  /// The page that is open, also where the help or the command line lies on it; nil for the maps.
  public var page: Page? { openPage?.page }

  /// The same with its marked row.
  var openPage: (page: Page, mark: ListMark)? {
    for layer in [overlay].compactMap({ $0 }) + below.reversed() {
      if case .page(let page, let mark) = layer { return (page, mark) }
    }
    return nil
  }

  /// Opens a page in place of whatever is seen; nil for the maps.
  mutating func open(_ page: Page?) {
    below = []
    overlay = nil
    guard let page else { return }
    let selected = prepare(page)
    overlay = .page(page, selected: ListMark(selected))
  }

  /// Makes the state ready for a page and tells which row is marked first.
  private mutating func prepare(_ page: Page) -> Int {
    let selected = page.open(&self)
    // Of what the page shows now.
    if page.accumulates, ensemble == nil { ensemble = newEnsemble() }
    return selected
  }

  /// Opens a page with all the work done that it shows, where there is no keyboard to ask for it.
  public mutating func showWhole(_ page: Page) {
    _ = perform([.openPage(page.name)])
    if page.accumulates { sampling = .asked }
    page.beginWork(&self)
    finishWork()
    settle()
    renewTrainedMaps()
  }

  /// Opens a page on what is seen, or closes it.
  mutating func toggle(_ page: Page) {
    if case .page(page, _) = overlay { return uncover() }
    let selected = prepare(page)
    cover(with: .page(page, selected: ListMark(selected)))
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

  /// Lays a panel on what is seen, or closes it.
  mutating func toggle(_ panel: Overlay) {
    if overlay == panel { uncover() } else { cover(with: panel) }
  }

  /// Closes what lies on top and goes back to what it lay on.
  mutating func uncover() {
    overlay = below.popLast()
    // What it shows of all layers may be behind.
    if page?.wantsAll == true { isStale = true }
  }

  /// The value whose row is marked; nil where the open page marks none.
  var markedValue: String? {
    guard case .page(let page, _) = overlay, let row = markedRow else { return nil }
    return page.rows?.value(self, row)
  }

  /// Does what a script's `list-choose` means on the marked row, and shows its layer.
  mutating func chooseMarked() -> [Effect] {
    guard case .page(let page, _) = overlay, let row = markedRow else { return [] }
    guard let value = markedValue else {
      // Of rows that fold one without a value is opened or closed; scripts rely on others doing nothing.
      return page.rows?.seen == nil ? [] : page.rows?.act?(&self, row) ?? []
    }
    guard let layer = layerToShow(value) else { return [] }
    page.rows?.choose(&self, row, value)
    overlay = nil
    below = []
    show(layer)
    return []
  }

  /// Shows the marked layer and leaves dropout where it is.
  mutating func showMarked() -> [Effect] {
    if case .page(let page, _) = overlay, markedValue == nil, let row = markedRow,
      let act = page.rows?.act
    {
      return act(&self, row)
    }
    let value: String?
    if case .layers = overlay {
      value = markedRow.map { experiment.layers[$0].value }
    } else {
      value = markedValue
    }
    guard let value, let layer = layerToShow(value) else { return [] }
    overlay = nil
    below = []
    if setting.isPlaced, setting.pinnedSite == nil, setting.layer != value {
      setting.pinnedSite = experiment.site(of: setting)
    }
    if let other = comparison?.other, other.isPlaced, other.pinnedSite == nil, other.layer != value
    {
      comparison?.other.pinnedSite = experiment.site(of: other)
    }
    show(layer)
    return []
  }

  /// The layer of a value; where it has none, the message says so.
  mutating func layerToShow(_ value: String) -> Experiment.Layer? {
    if let layer = experiment.layers.first(where: { $0.value == value }) { return layer }
    guard experiment.subject.network.graph.value(named: value) == nil else {
      message = "\(experiment.name(of: value)) has no maps to show"
      return nil
    }
    do {
      return try reach(value)
    } catch {
      message = error.message
      return nil
    }
  }

  /// The layer a person calls `name`; from now on there is one of it where it lies inside a node.
  /// - Throws: `GraphError` as `Experiment.reaching(_:)` does.
  mutating func reach(_ name: String) throws(GraphError) -> Experiment.Layer {
    let reached = try experiment.reaching(name)
    experiment = reached.experiment
    return reached.layer
  }
}
