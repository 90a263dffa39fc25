import Glibc
import TerminalUI
import Testing

@testable import CursesBackend

/// curses has one screen a process, so these run one after another.
@Suite(.serialized) struct CursesScreenTests {
  private func frame(_ color: Color, _ text: String = "▀") -> Buffer {
    var buffer = Buffer(width: 80, height: 24)
    buffer.write(text, x: 3, y: 2, style: Style(color, on: Palette.background))
    return buffer
  }

  private func message(_ term: String) -> String? {
    do {
      _ = try FakeTerminal(term)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func refusesWhatCannotShowAScreen() {
    #expect(message("dumb")?.hasSuffix("one that can move its cursor, found none (cup)") == true)
    #expect(
      message("no-such-terminal")
        == "terminal no-such-terminal: expected an entry in terminfo, found none")
    #expect(message("")?.contains("found none") == true)
  }

  /// Names that no terminfo has, of families that there are.
  @Test(arguments: ["xterm-kitten", "foot-of-a-kind", "vt100-of-a-kind"])
  func anEntryNearbyStandsIn(_ term: String) throws {
    let terminal = try FakeTerminal(term)
    let name = term.hasPrefix("vt") ? "vt100" : "xterm-256color"
    #expect(
      terminal.screen.notice
        == "terminal \(term) has no entry in terminfo: \(name) stands in for it")
    terminal.screen.draw(frame(Palette.killed, "hello"))
    let written = terminal.written()
    #expect(written.contains("hello") && written.contains("\u{1B}[?2026h") == !term.hasPrefix("vt"))
    terminal.screen.restore()
    #expect(try FakeTerminal("xterm-256color").screen.notice == nil)
  }

  @Test func drawsOnlyWhatChanged() throws {
    let terminal = try FakeTerminal()
    #expect(terminal.screen.size == (80, 24))
    terminal.screen.draw(frame(Palette.killed, "hello"))
    #expect(terminal.written().contains("hello"))
    var start = terminal.count
    terminal.screen.draw(frame(Palette.killed, "hello"))
    #expect(terminal.count == start)
    terminal.screen.draw(frame(Palette.killed, "hallo"))
    let change = terminal.written(from: start)
    #expect(change.hasPrefix("\u{1B}[?2026h") && change.hasSuffix("\u{1B}[?2026l"))
    #expect(change.contains("a") && change.utf8.count < 80)
    start = terminal.count
    _ = terminal.screen.nextEvent(timeout: 0)
    #expect(terminal.count == start)
  }

  @Test func otherSizesAreCut() throws {
    let terminal = try FakeTerminal()
    terminal.screen.draw(Buffer(width: 0, height: 0))
    terminal.screen.draw(Buffer(width: 1, height: 1, filledWith: Cell("x")))
    terminal.screen.draw(Buffer(width: 500, height: 200, filledWith: Cell("y")))
    #expect(terminal.written().contains("yyyyyyyyyyyy"))
  }

  @Test(arguments: [
    (ColorChoice.truecolor, "38;2;213;94;0"), (.palette256, "38;5;166"), (.ansi16, "31m"),
  ])
  func colorsOfEachDepth(_ choice: ColorChoice, _ expected: String) throws {
    for term in ["xterm-256color", "xterm", "tmux-256color", "linux"] {
      let terminal = try FakeTerminal(term, color: choice)
      terminal.screen.draw(frame(Palette.killed))
      terminal.screen.restore()
      let written = terminal.written()
      #expect(written.contains(expected), "\(term)")
      #expect(written.contains("▀"))
      // Neither xterm's nor the console's way of resetting the palette.
      #expect(!written.contains("\u{1B}]104") && !written.contains("\u{1B}]R"))
    }
  }

  @Test func environmentDecidesTheDepth() throws {
    #expect(try FakeTerminal("xterm").screen.colorDepth == .ansi8)
    #expect(try FakeTerminal("vt100").screen.colorDepth == .none)
    let colorTerm = ["COLORTERM": "truecolor"]
    #expect(try FakeTerminal("xterm", environment: colorTerm).screen.colorDepth == .truecolor)
    let noColor = ["COLORTERM": "truecolor", "NO_COLOR": "1"]
    let terminal = try FakeTerminal("xterm", environment: noColor)
    terminal.screen.draw(frame(Palette.killed))
    #expect(!terminal.written().contains("38;") && !terminal.written().contains("[31"))
  }

  @Test func asciiTerminalsGetASCII() throws {
    for ascii in [false, true] {
      let terminal = try FakeTerminal(ascii: ascii, environment: ascii ? [:] : ["LANG": "C"])
      #expect(!terminal.screen.isUTF8)
      terminal.screen.draw(frame(Palette.text, "a ├─●┤ → …"))
      #expect(terminal.written().contains("a [-O] > ~"))
      terminal.screen.restore()
    }
  }

  @Test func anUninstalledLocaleStillShowsBlocks() throws {
    let terminal = try FakeTerminal(environment: ["LANG": "xx_YY.UTF-8"])
    #expect(terminal.screen.isUTF8)
    terminal.screen.draw(frame(Palette.text))
    #expect(terminal.written().contains("▀"))
  }

  @Test func manyColourPairsNeverLeaveCellsBlank() throws {
    let terminal = try FakeTerminal(color: .truecolor)
    var start = 0
    // 40 frames of 1,920 colours are more than the 65,536 pairs there are.
    for number in 0..<40 {
      var buffer = Buffer(width: 80, height: 24)
      for y in 0..<24 {
        for x in 0..<80 {
          let color = Color(hex: UInt32(0x200000 + number * 4096 + y * 80 + x))
          buffer[x, y] = Cell("▀", Style(color, on: Palette.background))
        }
      }
      start = terminal.count
      terminal.screen.draw(buffer)
    }
    let last = terminal.written(from: start)
    // 0x200000 + 39·4096 = 0x227000
    #expect(last.contains("38;2;34;112;1") && last.contains("38;2;34;119;127m"))
    #expect(last.components(of: "▀") == 1920)
  }

  @Test func eightColoursRunOutWithoutHarm() throws {
    let terminal = try FakeTerminal("linux")
    var buffer = Buffer(width: 80, height: 24)
    for y in 0..<8 {
      for x in 0..<8 {
        let (ink, paper) = (UInt32(x), UInt32(y))
        func color(_ bits: UInt32) -> Color {
          Color(hex: (bits & 1) * 0xFF0000 | (bits >> 1 & 1) * 0xFF00 | (bits >> 2) * 0xFF)
        }
        buffer[x, y] = Cell("x", Style(color(ink), on: color(paper)))
      }
    }
    terminal.screen.draw(buffer)
    #expect(terminal.written().components(of: "x") >= 64)
  }

  @Test func leavesTheTerminalAsItWas() throws {
    let terminal = try FakeTerminal()
    let start = terminal.written()
    for mode in ["?1049h", "?25l", "?1002h", "?1006h", "?2004h"] {
      #expect(start.contains("\u{1B}[\(mode)"), "\(mode)")
    }
    let count = terminal.count
    terminal.screen.restore()
    let end = terminal.written(from: count)
    for mode in ["?1049l", "?25h", "?1002l", "?1006l", "?2004l"] {
      #expect(end.contains("\u{1B}[\(mode)"), "\(mode)")
    }
    let final = terminal.count
    terminal.screen.restore()
    terminal.screen.draw(frame(Palette.text))
    terminal.screen.setMouse(true)
    #expect(terminal.count == final)
    #expect(terminal.screen.nextEvent(timeout: nil) == .terminate)
  }

  @Test func unknownTerminalsAreSparedPrivateModes() throws {
    let terminal = try FakeTerminal("vt100")
    terminal.screen.draw(frame(Palette.text))
    terminal.screen.setMouse(true)
    terminal.screen.restore()
    for mode in ["?1002", "?1006", "?2004", "?2026"] {
      #expect(!terminal.written().contains(mode))
    }
  }

  @Test func theMouseCanBeLeftToTheTerminal() throws {
    let terminal = try FakeTerminal(mouse: false)
    #expect(!terminal.screen.isMouseOn)
    #expect(!terminal.written().contains("?1002h"))
    terminal.screen.setMouse(true)
    #expect(terminal.screen.isMouseOn)
    #expect(terminal.written().contains("?1002h"))
  }

  @Test func theMouseIsGivenBackAndTakenAgain() throws {
    let terminal = try FakeTerminal()
    for isOn in [false, true, false] {
      let start = terminal.count
      terminal.screen.setMouse(isOn)
      let bytes = isOn ? "\u{1B}[?1002h\u{1B}[?1006h" : "\u{1B}[?1006l\u{1B}[?1002l"
      #expect(terminal.written(from: start) == bytes)
      #expect(terminal.screen.isMouseOn == isOn)
      let again = terminal.count
      terminal.screen.setMouse(isOn)
      #expect(terminal.count == again)
    }
  }

  @Test func keys() throws {
    let terminal = try FakeTerminal()
    terminal.type(
      "a+é→ \t\r\u{7F}\u{01}\u{1B}OA\u{1B}[B\u{1B}[1;5C\u{1B}OP\u{1B}[3~\u{1B}[Z\u{1B}[5~")
    #expect(
      terminal.events() == [
        .character("a"), .character("+"), .character("é"), .character("→"), .character(" "),
        .key(.tab), .key(.enter), .key(.backspace), .control("a"), .key(.up), .key(.down),
        .key(.right), .key(.function(1)), .key(.delete), .key(.backTab), .key(.pageUp),
      ])
  }

  @Test func escapeIsAKeyOfItsOwn() throws {
    let terminal = try FakeTerminal()
    terminal.type("\u{1B}")
    let start = ContinuousClock.now
    #expect(terminal.screen.nextEvent(timeout: 10_000) == .key(.escape))
    #expect(ContinuousClock.now - start < .seconds(5))
    terminal.type("\u{1B}q")
    #expect(terminal.events() == [.key(.escape), .character("q")])
  }

  @Test func unknownSequencesTypeNothing() throws {
    let terminal = try FakeTerminal()
    terminal.type("\u{1B}[?62;22c\u{1B}[99~\u{1B}[200;300;400;5u1")
    #expect(terminal.events() == [.character("1")])
  }

  @Test func mouseAndPaste() throws {
    let terminal = try FakeTerminal()
    terminal.type("\u{1B}[<0;5;6M\u{1B}[<32;6;6M\u{1B}[<0;6;6m\u{1B}[<64;1;1M\u{1B}[<65;1;1M")
    terminal.type("\u{1B}[<2;1;1M\u{1B}[<\(String(repeating: "9", count: 60));1;1Mx")
    terminal.type("\u{1B}[200~a\rq\u{1B}[A\u{1B}[201~y")
    #expect(
      terminal.events() == [
        .mouse(.press, x: 4, y: 5), .mouse(.drag, x: 5, y: 5), .mouse(.release, x: 5, y: 5),
        .mouse(.wheelUp, x: 0, y: 0), .mouse(.wheelDown, x: 0, y: 0), .character("x"),
        .paste("a\nq[A"), .character("y"),
      ])
  }

  @Test func waitingEnds() throws {
    let terminal = try FakeTerminal()
    let start = ContinuousClock.now
    #expect(terminal.screen.nextEvent(timeout: 0) == nil)
    #expect(terminal.screen.nextEvent(timeout: 30) == nil)
    #expect(ContinuousClock.now - start >= .milliseconds(30))
    terminal.screen.wake()
    #expect(terminal.screen.nextEvent(timeout: nil) == nil)
    let waker = terminal.screen.waker
    var thread = pthread_t()
    let box = Unmanaged.passRetained(WakerBox(waker))
    pthread_create(
      &thread, nil,
      { box in
        usleep(20_000)
        Unmanaged<WakerBox>.fromOpaque(box!).takeRetainedValue().waker.wake()
        return nil
      }, box.toOpaque())
    #expect(terminal.screen.nextEvent(timeout: nil) == nil)
    pthread_join(thread, nil)
  }

  @Test func aTerminalThatGoesAwayEndsTheProgram() throws {
    let terminal = try FakeTerminal()
    terminal.type("a")
    terminal.hangUp()
    #expect(terminal.screen.nextEvent(timeout: nil) == .character("a"))
    #expect(terminal.screen.nextEvent(timeout: nil) == .terminate)
    #expect(terminal.screen.terminationSignal == SIGHUP)
  }

  @Test func signalsBecomeEvents() throws {
    let handlerBefore = handler(of: SIGTERM)
    let terminal = try FakeTerminal()
    // The test runner's threads may block signals.
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGWINCH] { sigaddset(&set, number) }
    var before = sigset_t()
    pthread_sigmask(SIG_UNBLOCK, &set, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    raise(SIGWINCH)
    #expect(terminal.screen.nextEvent(timeout: 20) == .resize(width: 80, height: 24))
    raise(SIGINT)
    #expect(terminal.screen.nextEvent(timeout: 1000) == .control("c"))
    #expect(terminal.screen.terminationSignal == nil)
    raise(SIGTERM)
    #expect(terminal.screen.nextEvent(timeout: 1000) == .terminate)
    #expect(terminal.screen.terminationSignal == SIGTERM)
    terminal.screen.restore()
    #expect(handler(of: SIGTERM) == handlerBefore)
  }

  private func handler(of number: Int32) -> Int {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
  }

  @Test func oneScreenAtATime() throws {
    let terminal = try FakeTerminal()
    #expect(
      message("xterm") == "terminal xterm: expected no screen open yet, found one")
    terminal.screen.draw(frame(Palette.text, "still here"))
    #expect(terminal.written().contains("still here"))
    terminal.screen.restore()
    #expect(message("xterm") == nil)
  }
}

private final class WakerBox: Sendable {
  let waker: Waker
  init(_ waker: Waker) { self.waker = waker }
}

extension String {
  /// How often a scalar occurs.
  fileprivate func components(of scalar: Unicode.Scalar) -> Int {
    unicodeScalars.reduce(0) { $0 + ($1 == scalar ? 1 : 0) }
  }
}
