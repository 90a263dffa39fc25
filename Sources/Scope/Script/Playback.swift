/// A script being played in time: what is due when. It has no clock; whoever plays tells the time.
public struct Playback: Sendable {
  /// Whether it stands still.
  public private(set) var isPaused = false
  private var rest: ArraySlice<Script.Moment>
  private let speed: Double
  /// How far the script is, in its own milliseconds, and when that was.
  private var position = 0.0
  private var last: Duration

  /// Plays moments from `now` on, so many times as fast as they were. The size of the screen is
  /// the business of the screen it is played on.
  public init(_ moments: [Script.Moment], speed: Double, now: Duration) {
    let kept = moments.map { moment in
      var moment = moment
      moment.actions.removeAll { if case .resize = $0 { true } else { false } }
      return moment
    }
    rest = kept[...]
    self.speed = speed
    last = now
  }

  /// Whether nothing is left.
  public var isOver: Bool { rest.isEmpty }

  /// What is due at a time: the actions of one moment, none where nothing is.
  public mutating func next(at now: Duration) -> [Action] {
    advance(to: now)
    guard !isPaused, let moment = rest.first, Double(moment.milliseconds) <= position else {
      return []
    }
    rest.removeFirst()
    return moment.actions
  }

  /// Milliseconds from a time until more is due, rounded up, or a minute if it is longer than that;
  /// nil while nothing will be.
  public mutating func wait(at now: Duration) -> Int? {
    advance(to: now)
    guard !isPaused, let moment = rest.first else { return nil }
    let wait = (Double(moment.milliseconds) - position) / speed
    return Int(min(max(0, wait.rounded(.up)), 60_000))
  }

  /// Stands still, or goes on.
  public mutating func togglePause(at now: Duration) {
    advance(to: now)
    isPaused.toggle()
  }

  private mutating func advance(to now: Duration) {
    if !isPaused { position += (now - last) / .milliseconds(1) * speed }
    last = now
  }
}
