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
      let plans = try job.variants.map { try subject.plan(of: $0, seed: job.seeds[0], in: job) }
      let race = Race(job) { try subject.training(of: $1, seed: $2, in: job) }
      return OpenedRace(
        race, model: ViewOptions.baseName(request.model),
        data: data.map { "images of \(ViewOptions.baseName($0))" } ?? "synthetic digits",
        images: subject.data.training.count, heldOut: subject.data.heldOut.count,
        epochs: plans[0].epochs, batch: plans[0].batch
      ) { try subject.plan(of: $0, seed: job.seeds[0], in: job).dropoutTexts }
    }
  }
}
