import Formats
import TerminalUI

/// What a file is to hold, by its name's end.
enum OutputKind: String {
  case npy, csv, json, png, svg, txt, ans

  /// The kind for a path; `-` is standard output.
  /// - Throws: `Failure` where the name ends in none of `kinds`.
  init(_ path: String, among kinds: [OutputKind], standardOutput: OutputKind) throws {
    if path == "-" {
      self = standardOutput
      return
    }
    let end = path.split(separator: "/").last?.split(separator: ".").last.map { $0.lowercased() }
    guard let kind = kinds.first(where: { $0.rawValue == end }) else {
      let names = kinds.map { ".\($0.rawValue)" }.joined(separator: ", ")
      throw Failure(usage: "--output: expected a name ending in \(names), found \(path)")
    }
    self = kind
  }

  /// The kind that an option names for a path; without it, that of the path.
  /// - Parameter format: one of `kinds`; its name is the option's value
  /// - Throws: `Failure` where the path's name ends in another of `kinds`, and as without a format.
  init(
    _ path: String, format: OutputKind?, among kinds: [OutputKind], standardOutput: OutputKind
  ) throws {
    guard let format else {
      try self.init(path, among: kinds, standardOutput: standardOutput)
      return
    }
    let named = try? OutputKind(path, among: kinds, standardOutput: format)
    guard named == nil || named == format else {
      throw Failure(
        usage: "--format \(format): expected a name ending in .\(format), found \(path)")
    }
    self = format
  }

  /// The kinds that hold a frame.
  static let frames: [OutputKind] = [.png, .svg, .txt, .ans]

  /// A frame as a file of this kind: a picture, or text with or without colours.
  func bytes(of frame: Buffer) throws -> [UInt8] {
    switch self {
    case .txt: return Array((TextExport.text(frame) + "\n").utf8)
    case .svg: return Array(SVGExport.string(frame).utf8)
    case .ans: return Array(ANSIExport.string(frame, depth: .truecolor).utf8)
    case .png, .npy, .csv, .json:
      precondition(self == .png, "\(self) holds no frame")
      let picture = RasterExport.pixels(
        frame, font: try BitmapFont(bytes: BuiltIns.bytes("font-10x20.bin")))
      return try PNG.bytes(rgb: picture.rgb, width: picture.width, height: picture.height)
    }
  }

  /// Writes a whole file, or to standard output for `-`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try FileBytes.write(bytes, to: path)
  }
}
