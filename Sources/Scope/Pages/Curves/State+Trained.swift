import NeuralNet
import Studies

extension State {
  /// Shows a network that has learnt in the maps, on the same input.
  /// - Parameters:
  ///   - model: what the maps call the network
  ///   - name: what the message calls it where it cannot be shown
  ///   - text: what is said where it can
  mutating func openInMaps(_ graph: Graph, _ model: String, called name: String, _ text: String) {
    do {
      let trained = try experiment(on: graph, named: model)
      var next = setting
      if !trained.layers.contains(where: { $0.value == next.layer }) {
        // Another network: its first layer, and the dropout that was chosen there alone.
        (next.layer, next.pinnedSite) = (trained.firstLayer.value, nil)
        (next.others, next.silenced, comparison) = ([], [], nil)
      }
      _ = try trained.observe(next)
      let isOther = next.layer != setting.layer
      (experiment, setting, isStale) = (trained, next, true)
      if isOther {
        channel = 0
        centreCursor()
      }
      open(nil)
      message = text
    } catch {
      message = "\(name) cannot be shown: \(error)"
    }
  }

  /// The input shown on another state of its network.
  func experiment(on graph: Graph, named model: String) throws -> Experiment {
    try Experiment(experiment.subject.moved(to: Network(graph), named: model))
      .naming(experiment.axisNames)
  }
}
