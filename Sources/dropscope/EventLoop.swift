import Formats
import FoundationEssentials
import Masks
import Scope
import TensorCore
import TerminalUI

/// Runs a state in a terminal: events become actions, actions a new state, the state a frame.
struct EventLoop<Screen: Backend> {
  private var screen: Screen
  private var state: State
  private var ticker: Ticker?

  /// Fields drawn by themselves, every so often.
  private struct Ticker {
    let interval: Duration
    var next: ContinuousClock.Instant
  }

  init(_ screen: Screen, _ state: State) { (self.screen, self.state) = (screen, state) }

  /// Shows frames until the person quits or the terminal is gone.
  mutating func run() {
    screen.draw(state.frame())
    while true {
      let actions = nextActions()
      let effects = state.perform(actions)
      for effect in effects {
        switch effect {
        case .quit: return
        case .startTicking(let milliseconds):
          let interval = Duration.milliseconds(milliseconds)
          ticker = Ticker(interval: interval, next: .now + interval)
        case .stopTicking: ticker = nil
        case .copy(let text): Terminal.write(EventLoop.clipboard(text))
        case .saveMask(let path): _ = state.perform([.inform(saveMask(to: path))])
        }
      }
      if !actions.isEmpty { screen.draw(state.frame()) }
    }
  }

  /// OSC 52: the terminal puts text on the clipboard, if it is allowed to.
  private static func clipboard(_ text: String) -> String {
    "\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}"
  }

  /// Writes the mask shown and says so, or why it cannot be.
  private func saveMask(to path: String) -> String {
    do {
      let mask = state.observation.mask
      let maps = Shape([mask.layout.c, mask.layout.h, mask.layout.w])
      let numbers = try mask.numbers.reshaped(to: maps)
      try FileBytes.write(
        path.hasSuffix(".npy") ? NPY.bytes(numbers) : CSV.bytes(numbers), to: path)
      return "mask saved: dropscope --mask \(path)"
    } catch {
      return "\(error)"
    }
  }

  /// Waits for the next event or tick, and takes along whatever else has come by then, so that keys
  /// held down cost one computation a frame.
  private mutating func nextActions() -> [Action] {
    var actions: [Action] = []
    // What a key means depends on the state that the keys before it led to, so overlays end a batch.
    if let event = screen.nextEvent(timeout: timeout) {
      append(event, to: &actions)
      while actions.count < 64, !(actions.last?.opensOrCloses ?? false),
        let more = screen.nextEvent(timeout: 0)
      {
        append(more, to: &actions)
      }
    }
    if var due = ticker, due.next <= .now {
      actions.append(.tick)
      // Kept in step, unless frames take longer than there is time for.
      due.next = max(due.next + due.interval, .now)
      ticker = due
    }
    return actions
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

extension Action {
  /// Whether keys mean something else after this.
  fileprivate var opensOrCloses: Bool {
    switch self {
    case .toggleHelp, .openLayers, .openPrompt, .chooseSelection, .closeTop, .submit, .quit: true
    default: false
    }
  }
}
