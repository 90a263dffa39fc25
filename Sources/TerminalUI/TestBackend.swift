/// A backend without a terminal: it shows what tests drew and plays the events they queued.
public struct TestBackend: Backend {
  public var size: (width: Int, height: Int)
  /// What was drawn last.
  public private(set) var shown: Buffer
  /// How many frames were drawn.
  public private(set) var frames = 0
  public private(set) var isMouseOn = false
  /// What will happen next.
  public var events: [InputEvent]

  /// A screen of a size, with events to play.
  public init(width: Int, height: Int, events: [InputEvent] = []) {
    size = (width, height)
    shown = Buffer(width: width, height: height)
    self.events = events
  }

  public mutating func draw(_ buffer: Buffer) {
    shown = buffer
    frames += 1
  }

  public mutating func setMouse(_ isOn: Bool) { isMouseOn = isOn }

  public mutating func nextEvent(timeout: Int?) -> InputEvent? {
    guard !events.isEmpty else { return nil }
    let event = events.removeFirst()
    if case .resize(let width, let height) = event { size = (width, height) }
    return event
  }
}
