import Dispatch
import FoundationEssentials
import Scope
import Studies
import TerminalUI

/// Runs a state in a terminal: events become actions, actions a new state, the state a frame.
struct EventLoop<Screen: Backend> {
  var screen: Screen
  var state: State
  /// The script that is played; keys are the person's where there is none.
  var playback: Playback?
  /// What is said when it is over.
  var ending = "the recording has ended"
  /// What is kept of the session.
  private(set) var log: SessionLog
  /// What is kept of the training on the screen; nil for nothing.
  var trainingLog: WatchedTrainingLog?
  private var ticker: Ticker?
  /// What goes on in the background.
  let worker: Worker
  /// What writes files meanwhile.
  let saver: Saver
  /// Where states and frames are computed, so that keys can be read meanwhile.
  let computing = DispatchQueue(label: "frames", qos: .userInteractive)
  /// Called when something was computed: ends the wait for the next event.
  let wake: @Sendable () -> Void
  /// How long the keys wait for a computation, in milliseconds; most take a fraction of it.
  var patience = 150
  /// Events that came while something was computed.
  var waiting: [InputEvent] = []
  /// Whether the person left while something was computed, which still goes on.
  var hasLeft = false
  private let start = ContinuousClock.now

  /// Fields drawn by themselves, every so often.
  private struct Ticker {
    let interval: Duration
    var next: ContinuousClock.Instant
  }

  init(
    _ screen: Screen, _ state: State, log: SessionLog = .none, playback: Playback? = nil,
    wake: @escaping @Sendable () -> Void = {}
  ) {
    (worker, saver) = (Worker(wake: wake), Saver(wake: wake))
    self.wake = wake
    (self.screen, self.state) = (screen, state)
    (self.log, self.playback) = (log, playback)
    self.state.isMouseOn = screen.isMouseOn
  }

  /// Time since the loop was made.
  var elapsed: Duration { .now - start }
  private var milliseconds: Int { Int(elapsed / .milliseconds(1)) }

  /// Shows frames until the person quits or the terminal is gone.
  /// - Parameter first: what is done before the first frame
  mutating func run(_ first: [Action] = []) {
    var isOver = perform(first)
    if first.isEmpty { isOver = show() || isOver }
    while !isOver {
      let actions = playback == nil ? nextActions() : nextPlayedActions()
      isOver = perform(actions)
    }
    log.end(at: milliseconds)
  }

  /// Does what actions say and shows where that leads.
  /// - Returns: whether the session is over.
  mutating func perform(_ actions: [Action]) -> Bool {
    guard !actions.isEmpty else { return false }
    log.add(actions, at: milliseconds)
    let isPlayed = playback != nil
    guard let effects = compute({ $0.perform(actions) }) else { return true }
    if !isPlayed { keepTraining() }
    for effect in effects {
      // A script changes nothing but the screen, and its end is not the person's.
      if isPlayed {
        if effect == .quit, handOver(ending) { return true }
        continue
      }
      switch effect {
      case .quit: return true
      case .startTicking(let milliseconds): startTicking(.milliseconds(milliseconds))
      case .stopTicking: ticker = nil
      case .copy(let text): if perform([.inform(Terminal.copy(text))]) { return true }
      case .repaint: screen.forget()
      case .setMouse(let isOn): if setMouse(isOn) { return true }
      case .startWork: if let work = state.dueWork { worker.start(work) }
      case .stopWork: worker.stop()
      case .keepProgress:
        if let problem = LessonProgress.write(state.finishedLessons) {
          if perform([.inform(problem)]) { return true }
        }
      case .save(let what, let path, let overwrites):
        if save(what, to: path, overwrites: overwrites) { return true }
      }
    }
    return show()
  }

  /// Takes the mouse, or gives it back to the terminal, and says so where that cannot be.
  private mutating func setMouse(_ isOn: Bool) -> Bool {
    screen.setMouse(isOn)
    state.isMouseOn = screen.isMouseOn
    return screen.isMouseOn == isOn
      ? false : perform([.inform("this terminal is not known to have a mouse")])
  }

  /// Shows the state, and says on it where that could not be kept.
  /// - Returns: whether the session is over.
  private mutating func show() -> Bool {
    guard let frame = compute({ $0.frame() }) else { return true }
    screen.draw(frame)
    log.add(frame, at: milliseconds)
    return log.takeProblem().map { perform([.inform($0)]) } ?? false
  }

  /// Draws fields by itself from now on.
  mutating func startTicking(_ interval: Duration) {
    ticker = Ticker(interval: interval, next: .now + interval)
  }

  /// Waits for the next event or tick, and takes along whatever else has come by then, so that keys
  /// held down cost one computation a frame.
  private mutating func nextActions() -> [Action] {
    var actions: [Action] = []
    // What a key means depends on the state that the keys before it led to, and what a press means on
    // the frame: both end a batch.
    if let event = nextEvent(timeout: timeout) {
      append(event, to: &actions)
      while actions.count < 64, actions.last?.keepsKeys ?? true, let more = nextEvent(timeout: 0) {
        if case .mouse(.press, _, _) = more, !actions.isEmpty {
          waiting.insert(more, at: 0)
          break
        }
        append(more, to: &actions)
      }
    }
    // First, so that it is about the work that was due.
    if let work = worker.take(), work.id == state.dueWork?.id {
      state.receive(work)
      actions.insert(.reachWork(work.count), at: 0)
    }
    if var due = ticker, due.next <= .now {
      actions.append(.tick)
      // Kept in step, unless frames take longer than there is time for.
      due.next = max(due.next + due.interval, .now)
      ticker = due
    }
    // Last, so that no key before it answers what it asks.
    return actions + saver.take()
  }

  private func append(_ event: InputEvent, to actions: inout [Action]) {
    if let action = state.action(for: event) { actions.append(action) }
  }

  /// Milliseconds to the next tick, rounded up; nil waits for ever.
  private var timeout: Int? {
    guard let next = ticker?.next else { return nil }
    let parts = (next - .now).components
    return max(0, Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000) + 1)
  }
}
