import Insight
import NeuralNet
import TensorCore

/// Panels over the maps: what opens them, and the row that is marked in them.
extension State {
  /// Opens the graph at the site of the dropout in hand, or closes it.
  mutating func toggleNetwork() {
    if case .network = overlay {
      overlay = nil
    } else {
      let site = setting.isPlaced ? experiment.site(of: setting) : setting.layer
      overlay = .network(selected: experiment.nodes.firstIndex { $0.value == site } ?? 0)
    }
  }

  /// Opens the ripple at its last layer but the output, or closes it.
  mutating func toggleRipple() {
    if case .ripple = overlay {
      overlay = nil
    } else {
      overlay = .ripple(selected: 0)
      // All layers are wanted now.
      isStale = true
    }
  }

  /// Opens the ladder, with a rung for the dropout in hand, or closes it.
  mutating func toggleLadder() {
    if case .ladder = overlay {
      overlay = nil
    } else {
      visit()
      overlay = .ladder(selected: 0)
      markVisited()
    }
  }

  /// Opens the ensemble, or closes it; masks are added up only while it is open.
  mutating func toggleEnsemble() {
    if overlay == .ensemble {
      overlay = nil
    } else {
      if ensemble == nil { ensemble = newEnsemble() }
      overlay = .ensemble
    }
  }

  /// Adds masks up, or holds.
  mutating func toggleSampling() {
    isSampling.toggle()
    if ensemble == nil { ensemble = newEnsemble() }
    if isSampling, ensemble?.isOver == true {
      isSampling = false
      message = "\(Work.mostMasks) masks are the most that are added up; r begins again"
    }
  }

  /// Moves the mark of the open panel.
  mutating func moveMark(by step: Int) {
    func moved(_ selected: Int, of count: Int) -> Int {
      min(max(0, selected + step), max(0, count - 1))
    }
    switch overlay {
    case .network(let selected):
      overlay = .network(selected: moved(selected, of: experiment.nodes.count))
    case .ripple(let selected):
      overlay = .ripple(selected: moved(selected, of: observation.ripple.layers.count))
    case .ladder(let selected):
      overlay = .ladder(selected: moved(selected, of: ladder.rungs.count))
    default: break
    }
  }

  /// The value whose row is marked; nil where the open panel marks none.
  var markedValue: String? {
    switch overlay {
    case .network(let selected):
      return experiment.nodes.indices.contains(selected) ? experiment.nodes[selected].value : nil
    case .ripple(let selected):
      let layers = observation.ripple.layers
      return layers.indices.contains(selected) ? layers[selected].value : nil
    case .ladder(let selected):
      let rungs = ladder.sorted
      return rungs.indices.contains(selected) ? rungs[selected].placed.site : nil
    default: return nil
    }
  }

  /// Shows the marked layer and takes the dropout there in hand; from the ladder, puts the rung's
  /// dropout back where it was measured.
  mutating func chooseMarked() -> [Effect] {
    guard let value = markedValue else { return [] }
    guard let layer = experiment.layers.first(where: { $0.value == value }) else {
      message = "\(experiment.name(of: value)) has no maps to show"
      return []
    }
    if case .ladder(let selected) = overlay {
      let placed = ladder.sorted[selected].placed
      setting.others.removeAll { $0.site == value }
      setting.takeInHand(placed)
      isStale = true
    } else {
      takeInHand(at: value)
    }
    overlay = nil
    show(layer)
    return []
  }

  /// A key that changes a dropout changes the one on the marked row of the graph.
  mutating func takeMarkedInHand(for action: Action) {
    guard case .network = overlay, action.changesDropout, let value = markedValue else { return }
    takeInHand(at: value)
  }

  /// Marks the rung of the dropout in hand.
  mutating func markVisited() {
    guard case .ladder = overlay else { return }
    let placed = setting.dropout(at: experiment.site(of: setting))
    overlay = .ladder(selected: ladder.sorted.firstIndex { $0.placed == placed } ?? 0)
  }

  /// Puts every sensible site where the dropout in hand can act on the ladder.
  mutating func visitAll() {
    let before = setting
    for site in experiment.sites {
      let next = before.dropout(at: site.value)
      guard experiment.canAct(next, seed: before.seed) else { continue }
      setting.takeInHand(next)
      visit()
    }
    setting = before
  }

  /// Opens the keys of what is seen, or closes them.
  mutating func toggleHelp() {
    if overlay == .help { uncover() } else { cover(with: .help) }
  }

  /// Lays the command line or the help on what is seen.
  mutating func cover(with top: Overlay) {
    if overlay?.isPage != false { covered = overlay }
    overlay = top
  }

  /// Closes what lies on top and goes back to what it lay on.
  mutating func uncover() {
    overlay = covered
    covered = nil
  }
}

extension Action {
  /// Whether it changes what a dropout is.
  var changesDropout: Bool {
    switch self {
    case .changeRate, .setRate, .toggleSpatial, .nextKind, .nextBlockRule, .nextScaling: true
    default: false
    }
  }

  /// Whether no person asked for it.
  public var comesByItself: Bool {
    switch self {
    case .tick, .reachWork: true
    default: false
    }
  }
}
