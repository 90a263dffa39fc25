import CNcurses
import CTerminal
import Glibc
public import TerminalUI

/// The terminal as a screen of cells, through ncurses. A process has one at a time.
///
/// Everything but `waker` belongs to the thread that made it, which should be the process's first:
/// signals interrupt its wait.
public final class CursesScreen: Backend {
  /// The size of the screen in cells.
  public internal(set) var size: (width: Int, height: Int)
  /// The colours drawn.
  public let colorDepth: ColorDepth
  /// Whether glyphs beyond ASCII are drawn; where not, `draw` replaces them by what resembles them.
  public let isUTF8: Bool
  /// Whether the mouse reports clicks, drags and the wheel; the terminal's own selection is off
  /// meanwhile.
  public private(set) var isMouseOn = false
  /// What is worth saying of the terminal before the first frame: that terminfo does not know it, and
  /// which entry stands in. Nil where it does.
  public let notice: String?
  /// The signal that asked the program to end, after `.terminate`: SIGHUP where the terminal went
  /// away.
  public internal(set) var terminationSignal: Int32?

  let streams: Streams
  let output: FrameStream
  var styles = StyleFilter()
  let hasPrivateModes: Bool
  let input: UnsafeMutablePointer<WINDOW>?
  let wakeDescriptor: Int32
  var isOpen = true
  var queue: [InputEvent] = []
  /// A key that was read and not used.
  var unreadCode: Read?
  /// Bytes that were read with a paste and belong to what follows it.
  var behindPaste: ArraySlice<UInt8> = []
  private var pairs: PairTable
  private var shown: Buffer?
  private var looks: [Style: Look] = [:]
  private var line: [cchar_t] = []
  private let terminal: OpaquePointer
  private let wantsMouse: Bool

  private struct Look {
    var attributes: attr_t
    var pair: Int32
  }

  /// Where the terminal is.
  struct Streams {
    var input: UnsafeMutablePointer<FILE>
    var output: UnsafeMutablePointer<FILE>
    var inputDescriptor: Int32 { fileno(input) }
    var outputDescriptor: Int32 { fileno(output) }
  }

  /// Starts the screen on standard input and output.
  /// - Parameters:
  ///   - color: what the user asked for
  ///   - ascii: whether the user asked for nothing but ASCII
  ///   - mouse: whether the mouse reports
  /// - Throws: `TerminalError` where the terminal is unknown or cannot move its cursor, or a screen
  ///   is open already.
  public convenience init(
    color: ColorChoice = .auto, ascii: Bool = false, mouse: Bool = true
  ) throws(TerminalError) {
    try self.init(
      environment: TerminalFacts.currentEnvironment(),
      streams: Streams(input: curses_input(), output: curses_output()),
      color: color, ascii: ascii, mouse: mouse)
  }

  init(
    environment: [String: String], streams: Streams, color: ColorChoice, ascii: Bool, mouse: Bool
  ) throws(TerminalError) {
    let term = environment["TERM"] ?? ""
    guard !terminal_is_armed() else {
      throw TerminalError(description: "terminal \(term): expected no screen open yet, found one")
    }
    isUTF8 = TerminalLocale.adopt(environment, asksForASCII: ascii)
    guard let output = FrameStream(terminal: streams.outputDescriptor) else {
      throw TerminalError(description: "terminal \(term): no descriptor for it (errno \(errno))")
    }
    self.output = output
    let entry = try TerminalEntry(
      term: term, choice: color, environment: environment, output: streams.outputDescriptor)
    colorDepth = color.depth(environment: environment, terminfoColors: entry.ownColors)
    // With these set curses would not look at the terminal's size again.
    unsetenv("LINES")
    unsetenv("COLUMNS")
    wakeDescriptor = terminal_prepare(streams.inputDescriptor)
    guard wakeDescriptor >= 0 else {
      throw TerminalError(description: "terminal \(term): no pipe for signals (errno \(errno))")
    }
    guard let terminal = CursesScreen.open(term, entry, output.stream, streams.input) else {
      terminal_disarm()
      throw TerminalError(description: "terminal \(term): curses does not start on it")
    }
    self.terminal = terminal
    notice =
      entry.name == term
      ? nil : "terminal \(term) has no entry in terminfo: \(entry.name) stands in for it"
    self.streams = streams
    wantsMouse = mouse
    hasPrivateModes = TerminalFacts.hasPrivateModes(term: term)
    size = (Int(curses_columns()), Int(curses_lines()))
    // Before curses sends anything, so that no signal comes between what is switched on and what would
    // switch it off.
    CursesScreen.arm(streams, height: size.height, hasPrivateModes)

    // Without start_color the first pair asked for crashes, on terminals without colour too.
    start_color()
    use_default_colors()
    pairs = PairTable(capacity: colorDepth == .none ? 1 : Int(curses_pairs()))
    set_escdelay(25)
    cbreak()
    noecho()
    nonl()
    intrflush(curses_screen(), false)
    leaveok(curses_screen(), true)
    // A frame is made whole, whatever is typed meanwhile.
    typeahead(-1)
    // Keys are read through a pad: reading through the screen's window would refresh it.
    input = newpad(1, 1)
    keypad(input, true)
    nodelay(input, true)
    KeyCode.define()
    curses_free_keys(streams.inputDescriptor)
    begin()
  }

  deinit { restore() }

  /// Ends `nextEvent` from another thread.
  public var waker: Waker { Waker() }

  /// Makes `nextEvent` return nil soon.
  public func wake() { terminal_wake() }

  /// Shows `buffer`, sending only what differs from what is shown; nothing where nothing does.
  public func draw(_ buffer: Buffer) {
    guard isOpen else { return }
    let diff = BufferDiff(from: shown, to: buffer, joining: 8)
    guard !diff.isEmpty else { return }
    if !put(diff, of: buffer) {
      // The pairs of earlier frames are in the way: begin again with this frame's alone.
      pairs.removeAll()
      looks.removeAll(keepingCapacity: true)
      _ = put(BufferDiff(from: nil, to: buffer), of: buffer)
    }
    shown = buffer
    sendFrame()
  }

  /// Turns the mouse's reports on or off.
  public func setMouse(_ isOn: Bool) {
    guard isOpen, hasPrivateModes, isOn != isMouseOn else { return }
    isMouseOn = isOn
    write(isOn ? CursesScreen.mouseOn : CursesScreen.mouseOff)
  }

  /// Leaves the terminal as it was found, and prints what was written to standard error meanwhile.
  /// Later calls do nothing.
  public func restore() {
    guard isOpen else { return }
    end()
    isOpen = false
    if let input { delwin(input) }
    delscreen(terminal)
  }

  /// Has the next frame drawn anew, whatever is on the screen.
  public func forget() {
    shown = nil
    styles.forget()
    clearok(curses_screen(), true)
  }

  /// Takes the terminal: modes, signals, mouse.
  func begin() {
    CursesScreen.arm(streams, height: size.height, hasPrivateModes)
    curs_set(0)
    wrefresh(curses_screen())
    // What comes with the next frame, if anything, makes true what a new filter takes for granted.
    vid_attr(0, 0, nil)
    styles = StyleFilter()
    guard hasPrivateModes else { return }
    write("\u{1B}[?2004h")
    setMouse(isMouseWanted)
  }

  /// Gives the terminal back.
  func end() {
    if hasPrivateModes {
      isMouseWanted = isMouseOn
      setMouse(false)
      write("\u{1B}[?2004l")
    }
    if curses_capability("rmcup") == nil {
      // Without an alternate screen the shell goes on below the last frame, on a blank line.
      wmove(curses_screen(), Int32(size.height - 1), 0)
      wclrtoeol(curses_screen())
      wrefresh(curses_screen())
    }
    endwin()
    terminal_disarm()
  }

  /// Whether the mouse is on when the terminal is taken next.
  private lazy var isMouseWanted = wantsMouse

  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"

  private static func open(
    _ term: String, _ entry: TerminalEntry, _ output: UnsafeMutablePointer<FILE>,
    _ input: UnsafeMutablePointer<FILE>
  ) -> OpaquePointer? {
    let own = getenv("TERMINFO").map { String(cString: $0) }
    setenv("TERMINFO", "b64:\(entry.base64)", 1)
    let made = newterm(term, output, input)
    // Programs started from here shall find the terminal's own entry.
    if let own { setenv("TERMINFO", own, 1) } else { unsetenv("TERMINFO") }
    return made ?? newterm(entry.name, output, input)
  }

  /// Puts runs of cells where curses keeps the next frame.
  /// - Returns: false where the terminal ran out of colour pairs.
  private func put(_ diff: BufferDiff, of buffer: Buffer) -> Bool {
    let screen = curses_screen()
    for run in diff.runs where run.y < size.height && run.columns.lowerBound < size.width {
      line.removeAll(keepingCapacity: true)
      for x in run.columns.lowerBound..<min(run.columns.upperBound, size.width) {
        let cell = buffer[x, run.y]
        let look = look(of: cell.style)
        let glyph = isUTF8 ? cell.glyph : Glyphs.ascii(for: cell.glyph)
        var made = cchar_t()
        curses_cell(&made, wchar_t(glyph.value), look.attributes, look.pair)
        line.append(made)
      }
      wmove(screen, Int32(run.y), Int32(run.columns.lowerBound))
      wadd_wchnstr(screen, line, Int32(line.count))
    }
    return !pairs.isFull
  }

  private func look(of style: Style) -> Look {
    if let look = looks[style] { return look }
    if looks.count > 1 << 16 { looks.removeAll() }
    let (foreground, background, wanted) = colorDepth.reduce(style)
    var attributes: attr_t = 0
    if wanted.contains(.bold) { attributes |= curses_bold() }
    if wanted.contains(.dim) { attributes |= curses_dim() }
    if wanted.contains(.underline) { attributes |= curses_underline() }
    if wanted.contains(.reverse) { attributes |= curses_reverse() }
    let look = Look(attributes: attributes, pair: pairs.pair(foreground, background))
    looks[style] = look
    return look
  }
}
