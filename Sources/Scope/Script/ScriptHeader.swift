import Studies
import TerminalUI

/// The first lines of a script: all it takes to show the frame that its actions begin on.
public struct ScriptHeader: Equatable, Sendable {
  /// The words of the command line that opened the view.
  public var arguments: [String]
  /// The size of the screen.
  public var size: ScreenSize
  /// Colours and glyphs.
  public var theme: Theme
  /// The keys in force, which hints and help name.
  public var keymap: Keymap
  /// What the script is as a lesson: its name and title.
  public var lesson: Title?
  /// The question that it answers, as people ask it.
  public var asks: String?

  /// What a lesson is called.
  public struct Title: Equatable, Sendable {
    /// In commands and scripts: one word.
    public var name: String
    /// On the screen.
    public var title: String
  }

  /// The version of scripts that is read and written.
  public static let version = 1
  static let firstLine = "dropscope script \(version)"

  /// A header; by default of the view that the program opens by itself, on 80×24 in full colour.
  public init(
    arguments: [String] = [], size: ScreenSize = ScreenSize(width: 80, height: 24),
    theme: Theme = Theme(), keymap: Keymap = Keymap()
  ) {
    self.arguments = arguments
    self.size = size
    self.theme = theme
    self.keymap = keymap
  }

  /// The lines, each with its end.
  public var text: String {
    let glyphs = theme.glyphs.isUnicode ? "unicode" : "ascii"
    var lines = [ScriptHeader.firstLine]
    if let lesson { lines.append("lesson \(lesson.name) \(ScriptText.written(lesson.title))") }
    if let asks { lines.append("asks \(ScriptText.written(asks))") }
    lines += [
      "open \(ShellWords.joined(arguments))",
      "size \(size.width) \(size.height)", "theme \(theme.ramp.rawValue) \(glyphs) \(theme.depth)",
    ]
    for (name, keys) in keymap.keys.sorted(by: { $0.key < $1.key }) {
      lines.append((["keys", name] + keys.compactMap(\.keyName)).joined(separator: " "))
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
