import CursesBackend
import Glibc
import NeuralNet
import Scope
import TerminalUI

/// A view in the terminal, from taking the screen to giving it back.
struct ScreenSession {
  private let view: OpenedView
  private let options: ScreenOptions
  private let config: Config
  private let mask: String?
  private let lessons: @Sendable () -> [Lesson]
  private let page: Page?
  private let first: [Action]

  /// The size of screens that have none.
  static let plainSize = ScreenSize(width: 80, height: 24)

  /// A session to be.
  /// - Parameters:
  ///   - mask: the file of the mask, where the person brought one
  ///   - lessons: those that can be begun, read where they are looked for
  ///   - page: what is seen first; nil for the maps
  ///   - first: what is done before the first frame
  init(
    _ view: OpenedView, _ options: ScreenOptions, _ config: Config, mask: String? = nil,
    lessons: @escaping @Sendable () -> [Lesson] = { Lesson.all }, page: Page? = nil,
    first: [Action] = []
  ) {
    (self.view, self.options, self.config) = (view, options, config)
    (self.mask, self.lessons) = (mask, lessons)
    self.page = page
    self.first = (page.map { [.openPage($0.name)] } ?? []) + first
  }

  /// Shows it until the person leaves. A terminal that cannot place its cursor, or that nobody knows,
  /// gets one picture.
  func run() throws {
    try options.check()
    var log = try SessionLog(record: options.record, cast: options.cast)
    // Before the terminal is taken: what a first look computes can be interrupted as any program can.
    let plain = ScreenSession.plainSize
    let seen = TerminalFacts.currentSize ?? (plain.width, plain.height)
    var state = try view.state(size: ScreenSize(width: seen.width, height: seen.height))
    let screen: CursesScreen
    do {
      screen = try CursesScreen(
        color: options.color ?? config.color ?? .auto,
        ascii: options.ascii ?? config.ascii ?? false,
        mouse: options.mouse ?? config.mouse ?? true)
    } catch {
      // Behind the picture, where it is seen, why there is no more.
      try Terminal.write(
        frame: view.textFrame(of: page, theme: Theme(glyphs: .ascii, hasColor: false)))
      Terminal.writeError("dropscope: \(error)\n")
      return
    }
    defer { screen.restore() }
    state.theme = Theme(screen, ramp: options.ramp ?? config.ramp ?? .viridis)
    _ = state.perform([.resize(width: screen.size.width, height: screen.size.height)])
    state.keymap = config.keymap
    state.readLessons = lessons
    state.finishedLessons = LessonProgress.read()
    log.begin(ScriptHeader(state, mask: mask), timestamp: time(nil))
    let waker = screen.waker
    var loop = EventLoop(screen, state, log: log, wake: waker.wake)
    loop.trainingLog = options.log.map(WatchedTrainingLog.init)
    // On the screen for now, and on standard error for when the screen is gone.
    if let notice = screen.notice { Terminal.writeError("dropscope: \(notice)\n") }
    let words = ([screen.notice, config.summary].compactMap { $0 } + view.warnings)
      .joined(separator: "; ")
    loop.run(first + (words.isEmpty ? [] : [.inform(words)]))
    loop.leave()
  }
}
