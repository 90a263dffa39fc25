import NeuralNet
import Studies
import TensorCore

extension ViewOptions {
  /// Opens races of the network that is looked at: of its recipe where it has one, else on from its
  /// weights. The data are read once a race.
  /// - Parameters:
  ///   - data: a folder of IDX files, or nil for digits drawn by the program
  ///   - normalize: what the network takes from pixels; nil for what is measured
  func raceOpener(data: String?, normalize: String?) -> RaceOpener {
    let request = TrainingSubject.Request(
      model: model, data: data ?? "synthetic", images: 1000, holdout: 500, normalize: normalize)
    return { job in
      let subject = try TrainingSubject(request)
      let make = { @Sendable (changes: TrainingChanges, seed: UInt64) throws -> TrainingPlan in
        try subject.plan(
          seed: seed, changes, epochs: job.epochs, batch: job.batch, shift: job.shift)
      }
      let plans = try job.variants.map { try make($0.changes, job.seeds[0]) }
      let race = Race(job) { _, variant, seed in
        try make(variant.changes, seed).run(
          on: subject.images, measures: TrainingMeasures(clean: true, layers: true))
      }
      return OpenedRace(
        race, model: ViewOptions.baseName(request.model),
        data: data.map { "images of \(ViewOptions.baseName($0))" } ?? "synthetic digits",
        images: subject.data.training.count, heldOut: subject.data.heldOut.count,
        epochs: plans[0].epochs, batch: plans[0].batch, dropouts: plans.map(\.dropoutTexts))
    }
  }
}
