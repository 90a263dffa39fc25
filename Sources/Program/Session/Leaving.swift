import CursesBackend
import Glibc
import Scope
import TerminalUI

extension Theme {
  /// What a terminal can show, with a ramp.
  init(_ screen: CursesScreen, ramp: Ramp) {
    self.init(
      glyphs: screen.isUTF8 ? .unicode : .ascii, ramp: ramp,
      hasColor: screen.colorDepth >= .ansi8, depth: screen.colorDepth)
  }
}

extension EventLoop<CursesScreen> {
  /// Gives the terminal back, tells what could not be kept of the session, and ends as a signal would
  /// have ended the program where one came, so that a shell sees why. What is being saved is waited for;
  /// Ctrl-C ends that too, and what was there before is there still.
  func leave() {
    screen.restore()
    for problem in log.problems { Terminal.writeError("dropscope: \(problem)\n") }
    if let signal = screen.terminationSignal {
      Glibc.signal(signal, SIG_DFL)
      raise(signal)
    }
    worker.stop()
    finishSaving()
    // A run under way may take a second. Nobody waits for it, and what libraries clean up at the end
    // of a program must not go from under it.
    if worker.isBusy || hasLeft {
      fflush(nil)
      _exit(0)
    }
  }
  /// Waits until everything is written, and tells what nobody saw on the screen.
  private func finishSaving() {
    if !saver.wait(milliseconds: patience) {
      Terminal.writeError("dropscope: saving; Ctrl-C ends it without\n")
      saver.wait()
    }
    for answer in saver.take() {
      switch answer {
      case .inform(let text): Terminal.writeError("dropscope: \(text)\n")
      case .askToOverwrite(_, let path):
        Terminal.writeError("dropscope: \(path): not saved, for there is a file of that name\n")
      default: break
      }
    }
  }
}
