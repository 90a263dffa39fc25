/// Frames as lines of an asciicast v2 file, which asciinema and other players show: a header, then
/// events `[seconds, kind, data]`, each a line of JSON.
/// (https://docs.asciinema.org/manual/asciicast/v2)
public struct Cast: Sendable {
  private let depth: ColorDepth
  private var shown: Buffer?

  /// A cast in so many colours.
  public init(depth: ColorDepth) { self.depth = depth }

  /// The first line.
  /// - Parameter timestamp: when the session began, in seconds since 1970; nil leaves it out
  public func header(width: Int, height: Int, timestamp: Int? = nil) -> String {
    let when = timestamp.map { #","timestamp":\#($0)"# } ?? ""
    return #"{"version":2,"width":\#(max(1, width)),"height":\#(max(1, height))\#(when),"#
      + #""title":"dropscope","env":{"TERM":"xterm-256color"}}"#
  }

  /// The lines that turn what was shown into a frame: none where nothing changed. A frame of another
  /// size brings a resize along and is drawn whole.
  public mutating func frame(_ buffer: Buffer, milliseconds: Int) -> [String] {
    var lines: [String] = []
    var output = ""
    if let shown {
      if shown.area != buffer.area {
        let size = "\(buffer.width)x\(buffer.height)"
        lines.append(Cast.event(milliseconds, "r", size))
        output = Cast.clear
      }
    } else {
      output = Cast.hideCursor + Cast.clear
    }
    output += ANSIExport.update(from: shown, to: buffer, depth: depth)
    shown = buffer
    if !output.isEmpty { lines.append(Cast.event(milliseconds, "o", output)) }
    return lines
  }

  /// The last line: the cursor comes back below the last frame.
  public func end(milliseconds: Int) -> String {
    Cast.event(milliseconds, "o", "\u{1B}[\(max(1, shown?.height ?? 1));1H\u{1B}[?25h")
  }

  private static let hideCursor = "\u{1B}[?25l"
  private static let clear = "\u{1B}[0m\u{1B}[2J"

  private static func event(_ milliseconds: Int, _ kind: String, _ data: String) -> String {
    let fraction = "\(milliseconds % 1000)"
    let zeros = String(repeating: "0", count: 3 - fraction.count)
    return #"[\#(milliseconds / 1000).\#(zeros)\#(fraction),"\#(kind)",\#(quoted(data))]"#
  }

  /// A JSON string (RFC 8259 §7).
  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
