import Scope
import TerminalUI

extension EventLoop {
  /// Waits for what is next in the script, or for one of the keys that steer it: Space pauses and goes
  /// on, Esc stops, `q` and Ctrl-C quit.
  mutating func nextPlayedActions() -> [Action] {
    guard var playback, !playback.isOver else {
      return handOver(ending) ? [.quit] : []
    }
    let event = nextEvent(timeout: playback.wait(at: elapsed))
    switch event {
    case .resize(let width, let height)?: return [.resize(width: width, height: height)]
    case .terminate?, "q"?, .control("c")?:
      self.playback = nil
      return [.quit]
    case .key(.escape)?:
      return handOver("the recording was stopped") ? [.quit] : []
    case " "?:
      playback.togglePause(at: elapsed)
      self.playback = playback
      return [.inform(playback.isPaused ? "paused: Space goes on, Esc stops, q quits" : "goes on")]
    default:
      let actions = playback.next(at: elapsed)
      self.playback = playback
      return actions
    }
  }

  /// Ends the playback: from here on the keys are the person's.
  /// - Returns: whether the session is over.
  mutating func handOver(_ reason: String) -> Bool {
    playback = nil
    // A command half typed would take every key for a letter.
    if state.isTyping, compute({ $0.perform([.closeTop]) }) == nil { return true }
    if let work = state.dueWork { worker.start(work) }
    if state.isResampling { startTicking(.milliseconds(State.tickMilliseconds)) }
    return perform([.inform("\(reason): go on by hand; q quits")])
  }
}
