import Glibc
import Testing

import TerminalUI

@testable import CursesBackend

/// A terminal made of a pipe to type into and a file that keeps what was written.
final class FakeTerminal {
  let screen: CursesScreen
  private let output: UnsafeMutablePointer<FILE>
  private let input: UnsafeMutablePointer<FILE>
  private var keyboard: Int32

  init(
    _ term: String = "xterm-256color", color: ColorChoice = .auto, ascii: Bool = false,
    mouse: Bool = true, environment: [String: String] = [:]
  ) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    keyboard = ends[1]
    input = try #require(fdopen(ends[0], "r"))
    output = try #require(tmpfile())
    var variables = ["TERM": term, "LANG": "C.UTF-8"]
    variables.merge(environment) { $1 }
    screen = try CursesScreen(
      environment: variables, streams: .init(input: input, output: output), color: color,
      ascii: ascii, mouse: mouse)
  }

  deinit {
    screen.restore()
    hangUp()
    fclose(input)
    fclose(output)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(write(keyboard, bytes, bytes.count) == bytes.count)
  }

  func hangUp() {
    if keyboard >= 0 { close(keyboard) }
    keyboard = -1
  }

  /// How many bytes were written so far.
  var count: Int { Int(lseek(fileno(output), 0, SEEK_CUR)) }

  /// What was written after the first `start` bytes, as text.
  func written(from start: Int = 0) -> String {
    String(decoding: bytes(from: start), as: UTF8.self)
  }

  /// What was written after the first `start` bytes.
  func bytes(from start: Int = 0) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count - start))
    let read = pread(fileno(output), &bytes, bytes.count, start)
    return Array(bytes.prefix(max(0, read)))
  }

  /// All events that what was typed makes.
  func events() -> [InputEvent] {
    var events: [InputEvent] = []
    while let event = screen.nextEvent(timeout: 60) { events.append(event) }
    return events
  }
}
