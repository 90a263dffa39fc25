import ArgumentParser
import Scope
import TerminalUI

/// `dropscope render`: the screen as a file.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw the view as a picture (PNG, SVG) or as text (TXT, ANSI).")

  @OptionGroup var options: ViewOptions

  @OptionGroup var budget: BudgetOptions

  @Option(
    help: ArgumentHelp(
      "Columns and rows (default: 80x24; text: as high as the maps).", valueName: "WxH"))
  var size: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to: .png, .svg, .txt or .ans; - for text on standard output.", valueName: "file"))
  var output: String

  func run() throws {
    try budget.apply()
    let kind = try OutputKind(output, among: OutputKind.frames, standardOutput: .txt)
    let size = try size.map(Render.size)
    let view = try options.open()
    view.warn()
    try OutputKind.write(Render.bytes(view, kind, size), to: output)
  }

  private static func bytes(
    _ view: OpenedView, _ kind: OutputKind, _ size: State.Size?
  ) throws -> [UInt8] {
    if kind == .txt {
      let frame = try size.map { try view.state(size: $0, theme: .text).frame() }
      return try kind.bytes(of: frame ?? view.textFrame())
    }
    let frame = try view.state(size: size ?? State.Size(width: 80, height: 24)).frame()
    return try kind.bytes(of: frame)
  }

  private static func size(_ text: String) throws -> State.Size {
    let parts = text.lowercased().split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, parts.allSatisfy({ (1...1000).contains($0) }) else {
      throw Failure(usage: "--size: expected columns and rows such as 120x40, found \(text)")
    }
    return State.Size(width: parts[0], height: parts[1])
  }
}
