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
      _ = try trained.observe(setting)
      (experiment, isStale) = (trained, true)
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
