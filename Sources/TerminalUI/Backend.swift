/// What shows buffers: a terminal, or a test.
public protocol Backend {
  /// The size of the screen in cells.
  var size: (width: Int, height: Int) { get }
  /// Shows `buffer`, sending only what differs from what is shown.
  mutating func draw(_ buffer: Buffer)
  /// Has the next frame drawn whole, whatever the terminal shows.
  mutating func forget()
  /// Whether the mouse reports.
  var isMouseOn: Bool { get }
  /// Takes the mouse's reports, or leaves the mouse to the terminal; nothing where it has none.
  mutating func setMouse(_ isOn: Bool)
  /// The next event; waits at most `timeout` milliseconds, for ever if nil. Nil when time is up.
  mutating func nextEvent(timeout: Int?) -> InputEvent?
}

extension Backend {
  /// Most draw whole frames.
  public mutating func forget() {}
}

/// Something the user or the terminal did.
public enum InputEvent: Hashable, Sendable {
  /// A key that makes a character: `a`, `+`, ` `.
  case character(Unicode.Scalar)
  /// A key held with Ctrl, by its lower-case letter.
  case control(Unicode.Scalar)
  /// A key with a name.
  case key(NamedKey)
  /// The mouse, at a cell.
  case mouse(MouseAction, x: Int, y: Int)
  /// Text pasted.
  case paste(String)
  /// The terminal has another size now.
  case resize(width: Int, height: Int)
  /// The program should end: a signal, or the terminal is gone.
  case terminate

  /// Keys that make no character.
  public enum NamedKey: Hashable, Sendable {
    case up, down, left, right, home, end, pageUp, pageDown
    /// Ctrl with Page Up, Page Down: what goes through tabs in most programs.
    case previousTab, nextTab
    case enter, escape, tab, backTab, backspace, delete
    case function(Int)
  }

  /// What the mouse did.
  public enum MouseAction: Hashable, Sendable {
    case press, drag, release, wheelUp, wheelDown
  }
}
