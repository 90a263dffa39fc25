import NeuralNet
import Studies

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
