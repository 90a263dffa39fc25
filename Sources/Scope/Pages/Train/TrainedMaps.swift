import NeuralNet
import Studies
import TensorCore

/// What a network that has learnt for some epochs makes of the input at the layer shown, and the filters it
/// reads it with.
struct TrainedMaps: Sendable {
  /// Which training, epoch and layer it is of.
  let key: Key
  /// The layer's maps; nil where they cannot be computed.
  let layer: (layout: Layout, values: Tensor)?
  let filters: Filters?

  struct Key: Equatable {
    let run: Int
    let epoch: Int
    let layer: String
  }
}

extension State {
  /// Computes the maps of the training that is looked at, where they are of another epoch or layer.
  mutating func renewTrainedMaps() {
    guard page == .train, let training, let moment = training.moment else { return }
    let key = TrainedMaps.Key(run: training.run, epoch: moment.epoch, layer: setting.layer)
    guard training.maps?.key != key else { return }
    let trained = try? experiment(on: moment.graph, named: "")
    let layer = trained?.layers.first { $0.value == setting.layer }
    self.training?.maps = TrainedMaps(
      key: key,
      layer: layer.flatMap { layer in
        trained?.clean.tensor(layer.value).map { (layer.layout, $0) }
      },
      filters: Filters(of: moment.graph))
  }
}
