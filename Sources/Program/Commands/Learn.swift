import ArgumentParser
import CursesBackend
import Scope
import Studies

/// `dropscope learn`: the lessons, in the terminal or as text.
struct Learn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Learn what dropout does: short lessons with numbers measured on the spot.",
    discussion: """
      Space goes on, Backspace back, Esc leaves; every key of the page works meanwhile. Without a \
      lesson the list of them opens. Without a terminal a lesson is text on standard output.
      """)

  @Argument(help: "A lesson by its name or number.")
  var lesson: String?

  @Flag(help: "List the lessons, with which of them are done.")
  var list = false

  @Flag(help: "With --list: as JSON.")
  var json = false

  @OptionGroup var screen: ScreenOptions

  @OptionGroup var budget: BudgetOptions

  func run() throws {
    guard list || !json else {
      throw Failure(usage: "--json: expected --list beside it")
    }
    let chosen = try lesson.map(Learn.lesson)
    let facts = TerminalFacts.current()
    let hasScreen = facts.isInputTerminal && facts.isOutputTerminal && !facts.isDumb
    if list || (chosen == nil && !hasScreen) {
      return try Listing(lessons: Lesson.all, done: LessonProgress.read()).write(asJSON: json)
    }
    let config = Config.ofUser()
    try budget.apply(config)
    if let chosen, !hasScreen {
      screen.sayNothingIsKept()
      return try Terminal.write(lines: chosen.text())
    }
    for problem in config.problems { Terminal.writeError("dropscope: \(problem)\n") }
    let view = try ViewOptions.parse([]).open()
    let first: Action = chosen.map { .lesson(.begin($0.name)) } ?? .openPage(.learn)
    try ScreenSession(view, screen, config, first: [first]).run()
  }

  private static func lesson(_ name: String) throws -> Lesson {
    if let lesson = Lesson.find(name, among: Lesson.all) { return lesson }
    let names = Lesson.all.map(\.name)
    let nearest = nearestNames(to: name, among: names, limit: 3).joined(separator: ", ")
    throw Failure(
      usage: "learn: expected 1 to \(names.count) or a lesson's name, nearest: \(nearest); "
        + "found \(name)")
  }
}
