import ArgumentParser
import CursesBackend
import Formats
import Scope
import TerminalUI

/// `dropscope play`: a recorded session again, in the terminal or as its last frame.
struct Play: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Play what view --record kept: in the terminal, or headless to a frame or a cast.",
    discussion: """
      In a terminal Space pauses, Esc stops and hands over the keys, q quits. Without one, or with \
      -o, the last frame is written. A script that waits for a key is a lesson, and goes on with \
      Space. A recording cut in its last line is played up to there. A \
      script changes nothing but the screen.
      """)

  @Argument(help: "A recording, or a script written by hand.")
  var file: String

  @Option(help: "How many times as fast, .001 to 1000.")
  var speed: Double = 1

  @Option(help: ArgumentHelp("Only the first N actions (default: all).", valueName: "n"))
  var until: Int?

  @OptionGroup var budget: BudgetOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the last frame goes: .png, .svg, .txt or .ans; - for text on standard output.",
      valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Keep what is seen, as an asciicast.", valueName: "file"))
  var cast: String?

  func run() throws {
    try budget.apply()
    guard (0.001...1000).contains(speed) else {
      throw Failure(usage: "--speed: expected .001 to 1000, found \(speed)")
    }
    _ = try NumberRange.until.checked(until)
    guard cast != file || cast == nil || cast == "-" else {
      throw Failure(usage: "--cast: expected another file than the recording, found \(file)")
    }
    let kind = try output.map {
      try OutputKind($0, among: OutputKind.frames, standardOutput: .txt)
    }
    guard cast != "-" || output != "-" else {
      throw Failure(usage: "--cast: expected a file beside --output -, found - too")
    }
    let script = try Script.read(file)
    let facts = TerminalFacts.current()
    if kind == nil, cast != "-", facts.canShowScreen, !facts.isDumb {
      try script.isLesson && until == nil ? teach(script) : playInTerminal(script)
    } else {
      try playHeadless(script, kind)
    }
  }

  /// Plays to the last frame without waiting; a cast has the times of the script, over the speed.
  private func playHeadless(_ script: Script, _ kind: OutputKind?) throws {
    var state = try script.header.open(from: file)
    var log = try SessionLog(cast: cast)
    log.begin(script.header)
    if cast != nil { log.add(state.frame(), at: 0) }
    var milliseconds = 0
    let moments = script.moments(until: until)
    if cast == nil { _ = state.playUnseen(moments) }
    for moment in cast == nil ? [] : moments {
      milliseconds = Int(Double(moment.milliseconds) / speed)
      // The last frame is the last that was seen: ending the session shows none.
      var next = state
      if next.play(moment) { break }
      state = next
      if cast != nil { log.add(state.frame(), at: milliseconds) }
    }
    // A script by hand does not say how far the work came that it asks for: it is waited for.
    if state.dueWork != nil,
      !moments.contains(where: { $0.actions.contains(where: \.isNewsOfWork) })
    {
      state.finishWork()
      if cast != nil { log.add(state.frame(), at: milliseconds) }
    }
    log.end(at: milliseconds)
    // Plain text has no colour to tell the halves of a block apart.
    if kind ?? .txt == .txt { state.theme.hasColor = false }
    if let path = output ?? (cast == "-" ? nil : "-") {
      try OutputKind.write((kind ?? .txt).bytes(of: state.frame()), to: path)
    }
    if let problem = log.problems.first {
      throw Failure(cast == "-" ? .inputOutput : .cannotWrite, problem)
    }
  }

  /// Goes through a lesson with the person, at their pace.
  private func teach(_ script: Script) throws {
    let config = Config.ofUser()
    try budget.apply(config)
    let lesson = Lesson(script, name: file)
    var options = try ScreenOptions.parse([])
    options.cast = cast
    let view = try ViewOptions.parse([]).open()
    try ScreenSession(
      view, options, config, lessons: { [lesson] }, first: [.lesson(.begin(lesson.name))]
    ).run()
  }

  /// Plays in time on the screen there is, in its size and colours.
  private func playInTerminal(_ script: Script) throws {
    let config = Config.ofUser()
    try budget.apply(config)
    var state = try script.header.open(from: file)
    var log = try SessionLog(cast: cast)
    guard
      let screen = try? CursesScreen(
        color: config.color ?? .auto, ascii: config.ascii ?? false, mouse: config.mouse ?? true)
    else { return try playHeadless(script, nil) }
    defer { screen.restore() }
    state.theme = Theme(screen, ramp: script.header.theme.ramp)
    state.keymap = config.keymap
    let (width, height) = screen.size
    _ = state.perform([.resize(width: width, height: height)])
    let size = ScreenSize(width: width, height: height)
    log.begin(ScriptHeader(size: size, theme: state.theme))
    if let notice = screen.notice { Terminal.writeError("dropscope: \(notice)\n") }
    let waker = screen.waker
    var loop = EventLoop(screen, state, log: log, wake: waker.wake)
    loop.playback = Playback(script.moments(until: until), speed: speed, now: loop.elapsed)
    if let line = script.cutLine { loop.ending = "the recording was cut at line \(line)" }
    loop.run()
    loop.leave()
  }
}
