import Formats
import FoundationEssentials
import Glibc
import Scope

/// Which lessons are done, in a file of a person's own: a name a line. What cannot be read is as if there
/// were nothing.
package enum LessonProgress {
  /// The largest file that is read.
  private static let limit = 1 << 16

  /// `dropscope/lessons` in `$XDG_STATE_HOME`, else in `~/.local/state`; nil without either. A path that
  /// is not absolute counts as none (XDG Base Directory Specification).
  static func path(environment: [String: String]) -> String? {
    if let base = environment["XDG_STATE_HOME"], base.hasPrefix("/") {
      return base + "/dropscope/lessons"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/dropscope/lessons"
  }

  private static var path: String? { path(environment: ProcessInfo.processInfo.environment) }

  /// The names of the lessons that are done.
  static func read() -> Set<String> { read(path) }

  static func read(_ path: String?) -> Set<String> {
    guard let path, access(path, F_OK) == 0,
      let bytes = try? FileBytes.read(path, limit: limit)
    else { return [] }
    return names(from: bytes)
  }

  /// The names of lessons in a file's bytes.
  package static func names(from bytes: [UInt8]) -> Set<String> {
    let known = Set(Lesson.all.map(\.name))
    return known.intersection(
      bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
  }

  /// The lines of a file that says so, in the order of the lessons.
  package static func bytes(_ names: Set<String>) -> [UInt8] {
    Array(Lesson.all.map(\.name).filter(names.contains).map { $0 + "\n" }.joined().utf8)
  }

  /// Writes them down, in the order of the lessons.
  /// - Returns: why they could not be; nil where they were.
  static func write(_ names: Set<String>) -> String? {
    path.flatMap { write(names, to: $0) }
  }

  static func write(_ names: Set<String>, to path: String) -> String? {
    do {
      try makeFolders(of: path)
      try FileBytes.write(bytes(names), to: path)
      return nil
    } catch {
      return "what is done could not be kept: \(error)"
    }
  }

  /// Makes the folders of a file, for the person alone, as XDG asks.
  private static func makeFolders(of path: String) throws {
    let parts = path.split(separator: "/").dropLast()
    for count in parts.indices {
      let folder = "/" + parts[...count].joined(separator: "/")
      if mkdir(folder, 0o700) != 0, access(folder, F_OK) != 0 {
        throw FormatError(
          .cannotWrite, file: path, part: folder, .failure(String(cString: strerror(errno))))
      }
    }
  }
}
