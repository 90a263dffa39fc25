import Formats
import Scope
import TerminalUI

/// What is kept of a session: a script of its actions, a cast of its frames, both or neither. A file
/// that can no longer be written is given up; the session goes on.
struct SessionLog {
  private var script: LineFile?
  private var castFile: LineFile?
  private var cast = Cast(depth: .truecolor)
  private var lastMoment = -1
  private var fresh: [String] = []
  /// What went wrong so far, a line each.
  private(set) var problems: [String] = []

  /// Opens the files. One that cannot be made is a problem to be told, as one that can no longer be
  /// written is.
  /// - Throws: `Failure` where they are the same.
  init(record: String? = nil, cast: String? = nil) throws {
    if let record, record == cast {
      throw Failure(usage: "--cast: expected another file than --record, found \(record)")
    }
    script = open(record)
    castFile = open(cast)
  }

  private mutating func open(_ path: String?) -> LineFile? {
    guard let path else { return nil }
    do {
      return try LineFile(path)
    } catch {
      tell("\(error)")
      return nil
    }
  }

  private mutating func tell(_ problem: String) {
    fresh.append(problem)
    problems.append(problem)
  }

  /// A log of nothing.
  static var none: SessionLog { SessionLog() }
  private init() {}

  /// Writes how the session begins.
  mutating func begin(_ header: ScriptHeader, timestamp: Int? = nil) {
    // The header's last line gets its end from the file.
    append([String(header.text.dropLast())], to: \.script)
    cast = Cast(depth: header.theme.depth)
    let (width, height) = (header.size.width, header.size.height)
    append([cast.header(width: width, height: height, timestamp: timestamp)], to: \.castFile)
  }

  /// Writes actions that are about to be done together, so that one that ends the program is there.
  mutating func add(_ actions: [Action], at milliseconds: Int) {
    guard script != nil else { return }
    // What is done later is another moment, however soon it comes.
    lastMoment = max(milliseconds, lastMoment + 1)
    let time = ScriptTime.text(lastMoment)
    let lines = actions.map { action in
      action.scriptText.map { "\(time) \($0)" } ?? VisibleText.line("# \(action)")
    }
    append(lines, to: \.script)
  }

  /// Writes a frame.
  mutating func add(_ frame: Buffer, at milliseconds: Int) {
    guard castFile != nil else { return }
    append(cast.frame(frame, milliseconds: milliseconds), to: \.castFile)
  }

  /// Writes how the session ends, and lets go of the files.
  mutating func end(at milliseconds: Int) {
    if castFile != nil { append([cast.end(milliseconds: milliseconds)], to: \.castFile) }
    (script, castFile) = (nil, nil)
  }

  /// What went wrong since this was asked last.
  mutating func takeProblem() -> String? {
    defer { fresh = [] }
    return fresh.isEmpty ? nil : fresh.joined(separator: "; ")
  }

  private mutating func append(
    _ lines: [String], to file: WritableKeyPath<SessionLog, LineFile?>
  ) {
    do {
      for line in lines { try self[keyPath: file]?.append(line) }
    } catch {
      self[keyPath: file] = nil
      tell("\(error)")
    }
  }
}
