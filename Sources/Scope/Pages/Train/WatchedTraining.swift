import NeuralNet
public import Studies

/// A training that is watched: one that goes on here, or the log of one elsewhere.
public struct WatchedTraining: Sendable {
  /// Where it comes from.
  enum Source: Sendable {
    case own(RaceWork)
    case followed(FollowWork)
  }

  var source: Source
  /// What tells it from those before it; a change of its rate does not.
  public let run: Int
  /// Whether it goes on.
  var isRunning = true
  /// The epoch whose network is looked at; nil for the newest.
  var epoch: Int?
  /// Which training of a log is looked at.
  var selected = 0
  /// What the network makes of the input in that epoch.
  var maps: TrainedMaps?

  init(_ source: Source, run: Int) { (self.source, self.run) = (source, run) }

  /// What goes on with it.
  var work: any ResumableWork {
    switch source {
    case .own(let work): work
    case .followed(let work): work
    }
  }

  /// The training that goes on here.
  var own: RaceWork? {
    if case .own(let work) = source { return work }
    return nil
  }

  /// The training of the log that is looked at.
  var followed: FollowedTraining? {
    guard case .followed(let work) = source, !work.trainings.isEmpty else { return nil }
    return work.trainings[selected % work.trainings.count]
  }

  /// The place of the next training of a log; nil where there is no other.
  var next: Int? {
    guard case .followed(let work) = source, work.trainings.count > 1 else { return nil }
    return (selected + 1) % work.trainings.count
  }

  /// Its curves. Where a log does not say how many epochs there will be, the axis has room for 10, 20, 50,
  /// 100 …, so that it holds still until it is full.
  var trace: TrainingTrace {
    if let own { return TrainingTrace(own, 0) }
    guard let followed else { return TrainingTrace(records: [], epochs: 10) }
    let last = followed.records.last?.epoch ?? 0
    return TrainingTrace(
      records: followed.records, epochs: followed.epochs ?? WatchedTraining.room(for: last),
      segments: followed.segments)
  }

  private static func room(for epochs: Int) -> Int {
    var unit = 10
    while unit < 1_000_000 {
      for factor in [1, 2, 5] where factor * unit >= epochs { return factor * unit }
      unit *= 10
    }
    return epochs
  }

  /// The network that is looked at; nil where none is kept.
  var moment: TrainingMoments.Moment? {
    guard let moments = own?.moments else { return nil }
    return epoch.map { moments.last(until: $0) } ?? moments.all.last
  }

  /// What a log keeps of it.
  public var log: [TrainingLogLine] { own?.log(of: 0, named: "") ?? [] }
}
