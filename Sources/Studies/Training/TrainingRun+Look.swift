public import Insight
import Masks
import NeuralNet
import TensorCore

/// What is inside a network in training, beside the numbers of its records.
public struct TrainingLook: Sendable {
  /// What hidden layers make of images held out, dropout off.
  public var activations: [(layer: String, histogram: Histogram)]
  /// The masks of one pass over the same images with dropout acting: 1 kept, 0 dropped. Of dropouts of the
  /// network's own the cells that were not 0 anyway: in the others it is not seen.
  public var masks: [(site: String, histogram: Histogram)]
  /// The first layer's filters.
  public var filters: Filters?
}

extension TrainingRun {
  /// Looks at the first images held out, or where none are, the first trained on: nothing of it changes a
  /// weight.
  /// - Throws: `TrainingProblem` where they do not fit the network, `GraphError` where the network cannot
  ///   be told.
  public func look() throws -> TrainingLook {
    var look = TrainingLook(activations: [], masks: [], filters: Filters(of: try trainer.graph))
    let (set, indices) = measured
    let hidden = trainer.hiddenLayers
    guard !indices.isEmpty else { return look }
    try misfitting(indices.count) {
      let inputs = trainer.named(try set.batch(indices).inputs)
      if !hidden.isEmpty {
        let made = try trainer.plan(for: hidden.map(\.value)).run(inputs)
        look.activations = hidden.compactMap { layer in
          made.tensor(layer.value).map { (layer.name, Histogram($0.elements)) }
        }
      }
      let own = trainer.ownDropouts
      let dropped = try trainer.plan(
        for: [trainer.trainedOutput] + own.flatMap { [$0.input, $0.output] }, masksFrom: lookStream
      ).run(inputs, step: lookStep)
      look.masks = dropped.masks.sorted { $0.key < $1.key }.map { site, mask in
        (site, Histogram(mask.kept.elements.lazy.map { $0 ? 1 : 0 }))
      }
      for own in own {
        guard let before = dropped.tensor(own.input), let after = dropped.tensor(own.output) else {
          continue
        }
        let kept = zip(before.elements, after.elements).lazy.filter { $0.0 != 0 }
          .map { $0.1 != 0 ? Float(1) : 0 }
        look.masks.append((own.name, Histogram(kept)))
      }
    }
    return look
  }
}
