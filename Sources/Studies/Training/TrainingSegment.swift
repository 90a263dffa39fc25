public import Masks

/// A stretch of a training with another rate than before: what a log says of it.
public struct TrainingSegment: Codable, Equatable, Sendable {
  /// The epoch in which it begins, from 1.
  public var epoch: Int
  /// Batches trained on before it begins.
  public var step: Int
  /// The rate of the dropouts before it.
  public var before: Rate
  /// Their rate in it.
  public var rate: Rate

  /// A stretch.
  public init(epoch: Int, step: Int, before: Rate, rate: Rate) {
    (self.epoch, self.step, self.before, self.rate) = (epoch, step, before, rate)
  }

  private enum CodingKeys: String, CodingKey {
    case epoch, step, rate
    case before = "rate_before"
  }
}

extension [TrainingSegment] {
  /// Adds one; where no batch was trained on since the last one began, the two are one.
  public mutating func add(_ segment: TrainingSegment) {
    var segment = segment
    if let last, last.step == segment.step {
      segment.before = last.before
      removeLast()
    }
    if segment.before != segment.rate { append(segment) }
  }

  /// The same with those that begin in one epoch as one: what a curve of epochs can show.
  public var byEpoch: [TrainingSegment] {
    reduce(into: []) { found, segment in
      if let last = found.last, last.epoch == segment.epoch {
        found[found.count - 1].rate = segment.rate
      } else {
        found.append(segment)
      }
    }
  }
}
