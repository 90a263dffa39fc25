import CNcurses
import CTerminal
import Glibc
public import TerminalUI

extension CursesScreen {
  /// The next event; waits at most `timeout` milliseconds, for ever if nil. Nil when time is up, or
  /// when `wake` was called.
  public func nextEvent(timeout: Int?) -> InputEvent? {
    let end = timeout.map { monotonicMilliseconds() + max(0, $0) }
    while isOpen {
      let signals = terminal_take_signals()
      handle(signals)
      if !queue.isEmpty { return queue.removeFirst() }
      if let event = readEvent() { return event }
      if signals & terminal_woken.rawValue != 0 { return nil }
      let left = end.map { max(0, $0 - monotonicMilliseconds()) }
      var waiting = [
        pollfd(fd: streams.inputDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&waiting, 2, left.map { Int32(min($0, 1 << 30)) } ?? -1)
      if count == 0 { return nil }
      let state = Int32(waiting[0].revents)
      let isGone =
        state & (POLLHUP | POLLERR | POLLNVAL) != 0
        || state & POLLIN != 0 && !curses_has_input(streams.inputDescriptor)
      if count > 0, isGone, waiting[1].revents == 0 {
        terminationSignal = terminationSignal ?? SIGHUP
        return .terminate
      }
    }
    return .terminate
  }

  /// Does what signals ask for, and queues what the program has to know of them.
  private func handle(_ signals: UInt32) {
    func has(_ signal: terminal_signal) -> Bool { signals & signal.rawValue != 0 }
    let endings = [
      (terminal_terminate, SIGTERM), (terminal_hangup, SIGHUP), (terminal_quit, SIGQUIT),
    ]
    for (bit, number) in endings where has(bit) {
      terminationSignal = terminationSignal ?? number
      queue.append(.terminate)
      return
    }
    if has(terminal_interrupt) { queue.append(.control("c")) }
    if has(terminal_suspend) { suspend() }
    // Where it was stopped from outside, without a chance to give the terminal back, the terminal
    // may show anything.
    if has(terminal_continue) { resume() }
    if has(terminal_suspend) || has(terminal_continue) || has(terminal_resize) {
      adoptSize()
    }
  }

  /// Gives the terminal back, stops the process group as Ctrl-Z does, and takes it again. Where the
  /// process leads its session there is no shell that could continue it.
  private func suspend() {
    guard getpgrp() != getsid(0) else { return }
    end()
    kill(0, SIGSTOP)
    begin()
    resume()
  }

  private func resume() {
    reset_prog_mode()
    curses_free_keys(streams.inputDescriptor)
    forget()
  }

  /// Takes the terminal's size over, and has the program draw anew even where it is the same: a
  /// terminal that was made smaller and larger again before this was read has lost cells.
  private func adoptSize() {
    let now = TerminalFacts.screenSize(of: streams.outputDescriptor) ?? size
    if now != size {
      resizeterm(Int32(now.height), Int32(now.width))
      size = now
    }
    forget()
    queue.append(.resize(width: size.width, height: size.height))
  }

  /// The next event of what was typed; nil where nothing was, or nothing the program has a use for.
  private func readEvent() -> InputEvent? {
    while let read = readCode() {
      let event: InputEvent?
      switch read {
      case .code(KeyCode.mouse): event = readMouse()
      case .code(KeyCode.pasteStart): event = readPaste()
      case .code(let code): event = KeyCode.event(code: code)
      case .character(27): event = readEscape()
      case .character(let character): event = KeyCode.event(character: character)
      }
      if let event { return event }
    }
    return nil
  }

  /// A key as curses tells it.
  enum Read {
    case code(Int32)
    case character(UInt32)
  }

  private func readCode() -> Read? {
    if let read = unreadCode {
      unreadCode = nil
      return read
    }
    if let read = readBehindPaste() { return read }
    var value: wint_t = 0
    switch wget_wch(input, &value) {
    case KEY_CODE_YES: return .code(Int32(value))
    case OK: return .character(value)
    default: return nil
    }
  }

  /// As `readCode`, waiting a little for what a sequence begun must still bring.
  private func readCode(within milliseconds: Int) -> Read? {
    if let read = readCode() { return read }
    var waiting = pollfd(fd: streams.inputDescriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, Int32(milliseconds)) > 0 ? readCode() : nil
  }

  private func readMouse() -> InputEvent? {
    var parameters = ""
    while let read = readCode(within: 50) {
      guard case .character(let value) = read, let scalar = Unicode.Scalar(value),
        (0x30...0x3B).contains(value) || scalar == "M" || scalar == "m"
      else {
        unreadCode = read
        return nil
      }
      if scalar == "M" || scalar == "m" {
        return EscapeSequence.mouse(parameters, isRelease: scalar == "m")
      }
      parameters.unicodeScalars.append(scalar)
    }
    return nil
  }

  /// Escape, or a key that curses does not know: what follows at once belongs to it.
  private func readEscape() -> InputEvent? {
    guard let next = readCode() else { return .key(.escape) }
    guard case .character(let introducer) = next, introducer == 0x5B || introducer == 0x4F else {
      // Escape and another key pressed together, or Alt held.
      unreadCode = next
      return .key(.escape)
    }
    var parameters = ""
    while parameters.utf8.count < 32, case .character(let value)? = readCode(within: 25),
      let scalar = Unicode.Scalar(value)
    {
      switch value {
      case 0x40...0x7E: return EscapeSequence.key(parameters: parameters, final: scalar)
      case 0x20...0x3F: parameters.unicodeScalars.append(scalar)
      default: return nil
      }
    }
    return nil
  }

  private func monotonicMilliseconds() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
  }
}
