import NeuralNet
public import Studies
import TensorCore

/// Where dropout sits: put on edges, taken away, walked from one to the next.
extension State {
  /// What sits at a value: the selected dropout or another; nil where none does.
  public func placed(at value: String) -> PlacedDropout? {
    experiment.dropouts(of: setting).first { $0.site == value }
  }

  /// Puts a dropout like the selected one on an edge and selects it; the one that was there
  /// before stays where it is.
  mutating func addDropout(at value: String) -> [Effect] {
    if setting.silenced.contains(value) { return change { $0.silenced.remove(value) } }
    let isInside = experiment.subject.network.graph.value(named: value) == nil
    if isInside, layerToShow(value) == nil { return [] }
    let name = experiment.name(of: value)
    guard placed(at: value) == nil else {
      takeInHand(at: value)
      message = "dropout is at \(name) already; keys change it, D removes it"
      return []
    }
    guard setting.kind != "manual" || !setting.isPlaced else {
      message = "a mask of your own has the shape of its site; m chooses another kind"
      return []
    }
    let next = setting.dropout(at: value)
    guard experiment.canAct(next, seed: setting.seed) else {
      message = "\(next.kind) dropout cannot act at \(name); m chooses another kind"
      return []
    }
    layDown()
    return change { $0.takeInHand(next) }
  }

  /// Takes the dropout away from an edge. Where it is the selected one, the next one is selected.
  mutating func removeDropout(at value: String) -> [Effect] {
    guard placed(at: value) != nil else {
      let isOwn = experiment.ownDropouts.contains { $0.output == value }
      if isOwn, !setting.isModelDropoutActive, !setting.silenced.contains(value) {
        message = "the model's own dropout is off already"
        return []
      }
      if isOwn, !setting.silenced.contains(value) {
        message = "the model's own dropout is removed: d adds it again"
        return change { $0.silenced.insert(value) }
      }
      message = "no dropout at \(experiment.name(of: value)); d adds one"
      return []
    }
    return change { setting in
      if let index = setting.others.firstIndex(where: { $0.site == value }) {
        setting.others.remove(at: index)
      } else if setting.others.isEmpty {
        setting.isPlaced = false
      } else {
        setting.takeInHand(setting.others.removeFirst())
      }
    }
  }

  /// Selects another dropout, the one that sits at a value; nothing where none does.
  mutating func takeInHand(at value: String) {
    guard let index = setting.others.firstIndex(where: { $0.site == value }) else { return }
    let next = setting.others.remove(at: index)
    layDown()
    setting.takeInHand(next)
    isStale = true
  }

  /// Leaves the selected dropout where it sits, among the others in the graph's order.
  private mutating func layDown() {
    guard setting.isPlaced else { return }
    let experiment = experiment
    setting.others.append(setting.dropout(at: experiment.site(of: setting)))
    setting.others.sort { experiment.index(of: $0.site) < experiment.index(of: $1.site) }
  }

  /// Moves the selected dropout to a layer by name, to no layer (`none`) or, for no name, to the layer
  /// shown.
  /// - Throws: `GraphError` where there is no such layer.
  mutating func putInHand(at name: String) throws(GraphError) {
    if experiment.isNowhere(name) {
      setting.isPlaced = false
    } else {
      setting.pinnedSite = name.isEmpty ? nil : try reach(name).value
      setting.isPlaced = true
    }
    isStale = true
  }

  /// Walks the selected dropout so many sensible sites on, past those where it cannot act or another
  /// sits, and round at the end. Where it was and where it comes to are put on the table.
  mutating func walkDropout(by step: Int) -> [Effect] {
    let sites = experiment.sites
    let order = Dictionary(
      uniqueKeysWithValues: experiment.layers.enumerated().map { ($1.value, $0) })
    let current = order[experiment.site(of: setting)] ?? -1
    // From a site that is none of these on to the next of them.
    let start =
      sites.lastIndex { (order[$0.value] ?? 0) <= current } ?? (step > 0 ? -1 : sites.count)
    let isThere =
      sites.indices.contains(start) && sites[start].value == experiment.site(of: setting)
    visit()
    var index = step < 0 && !isThere ? start + 1 : start
    for _ in sites.indices {
      index = ((index + step.signum()) % sites.count + sites.count) % sites.count
      let next = setting.dropout(at: sites[index].value)
      guard !setting.others.contains(where: { $0.site == next.site }),
        experiment.canAct(next, seed: setting.seed)
      else { continue }
      setting.takeInHand(next)
      isStale = true
      visit()
      let places = sites[index].places.map(\.rawValue).joined(separator: ", ")
      message = "\(sites[index].name): \(places)  (site \(index + 1) of \(sites.count))"
      return []
    }
    message = "\(setting.kind) dropout can act at no other site"
    return []
  }
}

extension Experiment {
  /// Where a value stands among the layers.
  func index(of value: String) -> Int { layers.firstIndex { $0.value == value } ?? layers.count }
}
