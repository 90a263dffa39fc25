import ArgumentParser
import Scope
import TerminalUI

/// `dropscope render`: the screen as a file.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw the view as a picture (PNG, SVG) or as text (TXT, ANSI).")

  @OptionGroup var options: ViewOptions

  @OptionGroup var page: PageOption

  @OptionGroup var budget: BudgetOptions

  @Option(
    help: ArgumentHelp(
      """
      Columns and rows (default: 80x24; text: as high as the maps; with --panel the most there are).
      """, valueName: "WxH"))
  var size: String?

  @Option(
    help:
      "One panel alone, as large as it is: \(Panel.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var panel: Panel?

  /// What can be drawn alone.
  enum Panel: String, CaseIterable, ExpressibleByArgument {
    case clean, mask, dropped, channels, input, meters

    /// The panel of the screen.
    var focus: State.Focus {
      switch self {
      case .clean: .clean
      case .mask: .mask
      case .dropped: .result
      case .channels: .channels
      case .input: .input
      case .meters: .meters
      }
    }
  }

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to: .png, .svg, .txt or .ans; - for text on standard output.", valueName: "file"))
  var output: String

  func run() throws {
    try budget.apply()
    let kind = try OutputKind(output, among: OutputKind.frames, standardOutput: .txt)
    let size = try size.map(Render.size)
    let page = try page.chosen
    guard page == nil || panel == nil else {
      throw Failure(usage: "--panel: expected the maps, found --page \(page?.name.text ?? "")")
    }
    let view = try options.open()
    Lasting.keep(view)
    view.warn()
    let frame = try panel.map { try Render.frame(of: $0, view, kind, size) }
    try OutputKind.write(
      kind.bytes(of: frame ?? Render.frame(of: page, view, kind, size)), to: output)
  }

  private static func frame(
    of page: Page?, _ view: OpenedView, _ kind: OutputKind, _ size: ScreenSize?
  ) throws -> Buffer {
    guard kind == .txt else { return try view.headless(of: page, size: size ?? usual).frame() }
    guard let size else { return try view.textFrame(of: page) }
    return try view.headless(of: page, size: size, theme: .text).frame()
  }

  /// One panel; where no size is given, a map is seen whole and large enough to be looked at.
  private static func frame(
    of panel: Panel, _ view: OpenedView, _ kind: OutputKind, _ size: ScreenSize?
  ) throws -> Buffer {
    let state = try view.headless(size: size ?? usual, theme: kind == .txt ? .text : Theme())
    let room = size ?? state.room(for: panel.focus, atLeast: ScreenSize(width: 80, height: 40))
    return state.frame(of: panel.focus, within: room)
  }

  /// The size of a screen that nobody chose.
  private static let usual = ScreenSize(width: 80, height: 24)

  private static func size(_ text: String) throws -> ScreenSize {
    let parts = text.lowercased().split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, parts.allSatisfy({ (1...1000).contains($0) }) else {
      throw Failure(usage: "--size: expected columns and rows such as 120x40, found \(text)")
    }
    return ScreenSize(width: parts[0], height: parts[1])
  }
}
