import Masks
import Studies
import TerminalUI

/// What the Train tab says above its curves.
struct TrainHeading {
  private let state: State
  private let training: WatchedTraining

  init(_ state: State, _ training: WatchedTraining) {
    (self.state, self.training) = (state, training)
  }

  /// What is trained on what, or which log is followed.
  var subject: [TextLine.Span] {
    if let work = training.own { return TrainingWords.subject(work) }
    var spans: [TextLine.Span] = [.init(state.followedLog?.name ?? "log", .text)]
    if let name = training.followed?.name, !name.isEmpty {
      spans.append(.init("  \(name)", .title))
    }
    if case .followed(let work) = training.source, work.trainings.count > 1 {
      spans.append(.init("  Tab: \(work.trainings.count) trainings", .dim))
    }
    return spans
  }

  /// The epoch, the pace and the time left.
  var progress: [TextLine.Span] {
    if let work = training.own {
      return TrainingWords.progress(work, isRunning: training.isRunning)
    }
    guard let followed = training.followed, let last = followed.records.last else {
      return [.init("no epoch is over yet ", .dim)]
    }
    let of = followed.epochs.map { "/\($0)" } ?? ""
    var spans: [TextLine.Span] = [.init("epoch \(last.epoch)\(of) ", .text)]
    if last.imagesPerSecond > 0, last.imagesPerSecond < 1e12 {
      spans.append(.init("\(NumberText.grouped(Int(last.imagesPerSecond)))/s ", .dim))
    }
    if training.work.isOver { return spans + [.init("at its end ", .dim)] }
    guard training.isRunning else { return spans + [.init("paused ", .title)] }
    if let epochs = followed.epochs, last.seconds > 0, epochs > last.epoch {
      let left = Double(epochs - last.epoch) * last.seconds
      spans.append(.init("\(TrainingWords.time(left)) left ", .dim))
    }
    return spans
  }

  /// What drops, and what its rate was changed to.
  var dropouts: [TextLine.Span] {
    let segments = training.trace.segments
    let words = training.own.map {
      TrainingWords.dropouts($0.job.variants[0].changes, before: segments.first?.before)
    }
    let before = segments.first.map { "rate \(NumberText.probability($0.before.p))" } ?? ""
    return [.init(words ?? before, .text)]
      + TrainingWords.segments(segments, state.theme.glyphs)
  }

  /// What is right of what is held out and of what was trained on, and the gap.
  var numbers: [TextLine.Span] {
    guard let last = training.trace.records.last, let heldOut = last.heldOutAccuracy else {
      return []
    }
    var spans: [TextLine.Span] = [
      .init("held out ", .dim), .init(TrainingWords.percent(heldOut), .text),
    ]
    if let clean = last.undroppedAccuracy {
      spans += [
        .init("  clean ", .dim), .init(TrainingWords.percent(clean), .text),
        .init("  gap ", .dim),
        .init(TrainingWords.gap(clean, heldOut, state.theme.glyphs), .text),
      ]
    }
    return spans + [.init(" ")]
  }
}
