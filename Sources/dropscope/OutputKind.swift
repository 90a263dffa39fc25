import Formats

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

  /// Writes a whole file, or to standard output for `-`.
  static func write(_ bytes: [UInt8], to path: String) throws {
    try FileBytes.write(bytes, to: path == "-" ? "/dev/stdout" : path)
  }
}
