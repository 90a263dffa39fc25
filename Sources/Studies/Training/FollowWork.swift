/// A line of a training's log, as far as it can be followed.
public enum TrainingLogLine: Equatable, Sendable {
  /// An epoch of a training by its name, which is empty where the log is of one alone.
  case epoch(of: String, EpochRecord)
  /// A stretch with another rate.
  case segment(of: String, TrainingSegment)
  /// No epoch follows.
  case end
}

/// A training that goes on elsewhere, as far as its log says.
public struct FollowedTraining: Equatable, Sendable {
  /// What the log calls it; empty where it is alone.
  public let name: String
  /// The epochs that are over.
  public fileprivate(set) var records: [EpochRecord] = []
  /// What was changed while it went on.
  public fileprivate(set) var segments: [TrainingSegment] = []

  /// How many epochs there are to be; nil where the log does not say.
  public var epochs: Int? { records.last?.epochs }
  /// Whether the last of them is over.
  var isOver: Bool { epochs.map { records.last?.epoch ?? 0 >= $0 } ?? false }
}

/// The log of trainings that go on elsewhere, followed while it grows.
public struct FollowWork: ResumableWork {
  /// What tells one work from another.
  public let id: Int
  /// The trainings it is of, in the order in which they are met.
  public private(set) var trainings: [FollowedTraining] = []
  /// Lines read.
  public private(set) var count = 0
  /// Why it cannot be followed any further; nil while it can.
  public private(set) var problem: String?
  public private(set) var isWaiting = false
  private var place: Place?
  private var hasEnded = false
  private let read: Reader

  /// Where reading goes on: a file that takes the place of another is read from its start.
  public struct Place: Equatable, Sendable {
    /// What tells a file from one that takes its name later.
    public var file: UInt64
    /// Bytes of whole lines so far.
    public var offset: Int

    /// A place in a file.
    public init(file: UInt64, offset: Int) { (self.file, self.offset) = (file, offset) }
  }

  /// Reads the whole lines that came since a place, all of them where the file is another one by now.
  public typealias Reader =
    @Sendable (Place?) throws -> (lines: [TrainingLogLine], place: Place, isAnew: Bool)

  /// A log that nothing was read of yet.
  public init(id: Int, read: @escaping Reader) { (self.id, self.read) = (id, read) }

  /// Nobody knows how long it will be.
  public var goal: Int { .max }
  public var isOver: Bool { problem != nil || isFinished }
  public var isUnbegun: Bool { place == nil }

  /// Whether all trainings that the log is of are at their end.
  public var isFinished: Bool {
    hasEnded || (trainings.count == 1 && trainings[0].isOver)
  }

  /// Reads what is there by now, however many lines are asked for.
  public mutating func advance(to count: Int, while shouldContinue: @Sendable () -> Bool) {
    guard !isOver, shouldContinue() else { return }
    do {
      let part = try read(place)
      if part.isAnew { (trainings, self.count) = ([], 0) }
      (place, isWaiting) = (part.place, part.lines.isEmpty)
      self.count += part.lines.count
      for line in part.lines { add(line) }
    } catch {
      problem = "\(error)"
    }
  }

  private mutating func add(_ line: TrainingLogLine) {
    switch line {
    case .epoch(let name, let record): change(name) { $0.records.append(record) }
    case .segment(let name, let segment): change(name) { $0.segments.append(segment) }
    case .end: hasEnded = true
    }
  }

  private mutating func change(_ name: String, _ edit: (inout FollowedTraining) -> Void) {
    let place = trainings.firstIndex { $0.name == name } ?? trainings.count
    if place == trainings.count { trainings.append(FollowedTraining(name: name)) }
    edit(&trainings[place])
  }
}
