import Masks
import NeuralNet
package import Studies
package import TensorCore

/// A bar in one of three places: what a small network learns in a moment.
package struct Bars: LabelledImages {
  package let count = 30
  package let imageShape: Shape = [1, 8, 8]
  package init() {}
  package func label(_ index: Int) -> Int { index % 3 }
  package func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>) {
    for i in out.indices { out[i] = i % 8 / 3 == index % 3 ? 1 : Float(index) / 100 }
  }

  /// Most trained on, the rest held out.
  package static let images = TrainingSamples(
    PreparedImages(Bars()), training: Array(0..<24), heldOutSet: PreparedImages(Bars()),
    heldOut: Array(24..<30))

  /// A clock that goes on by a second whenever it is read.
  package static func clock() -> () -> Double {
    var now = 0.0
    return {
      now += 1
      return now
    }
  }

  /// The small network learning bars, changed as recipes are.
  package static func training(
    _ changes: TrainingChanges, seed: UInt64, epochs: Int = 2
  ) throws -> TrainingRun {
    var plan = TrainingPlan(
      name: "small", graph: try SmallNetwork.trainable(seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: Adam(learningRate: 0.01), scaling: .inverted, maxNorm: nil, epochs: epochs,
      batch: 8, seed: seed)
    try plan.apply(changes, isRecipe: false)
    return try plan.run(on: images, measures: TrainingMeasures(clean: true, layers: true))
  }

  /// Opens races of it.
  package static let openRace: RaceOpener = { job in
    let epochs = job.epochs ?? 2
    let race = Race(job) { try training($1.changes, seed: $2, epochs: epochs) }
    return OpenedRace(
      race, model: "small", data: "bars", images: 24, heldOut: 6, epochs: epochs, batch: 8,
      describe: { _ in [] })
  }
}
