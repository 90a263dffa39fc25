import Formats
import Foundation
import TestSupport
import Testing

/// A file read while another program writes it.
@Suite struct FileTailTests {
  private func text(_ tail: FileTail) -> String { String(decoding: tail.bytes, as: UTF8.self) }

  @Test func wholeLinesComeOnce() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("log")
      try folder.write("a\nb\nhal", "log")
      let first = try FileTail(path)
      #expect(text(first) == "a\nb\n" && first.isAnew && first.end == 4)
      let none = try FileTail(path, after: (first.file, first.end))
      #expect(none.bytes.isEmpty && !none.isAnew && none.end == 4)
      try FileBytes.append(Array("f\nc\n".utf8), to: path)
      let second = try FileTail(path, after: (none.file, none.end))
      #expect(text(second) == "half\nc\n" && !second.isAnew)
      let third = try FileTail(path, after: (second.file, second.end))
      #expect(third.bytes.isEmpty)
    }
  }

  @Test func anotherFileIsReadFromItsStart() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("log")
      try folder.write("one\ntwo\n", "log")
      let first = try FileTail(path)
      // Cut by who writes it, and put in its place.
      try folder.write("x\n", "log")
      let cut = try FileTail(path, after: (first.file, first.end))
      #expect(text(cut) == "x\n" && cut.isAnew)
      try FileBytes.write(Array("one\ntwo\nthree\n".utf8), to: path)
      let replaced = try FileTail(path, after: (cut.file, cut.end))
      #expect(text(replaced) == "one\ntwo\nthree\n" && replaced.isAnew)
    }
  }

  @Test func whatIsNoFileIsTold() throws {
    #expect(throws: FormatError.self) { try FileTail("/nowhere/log") }
    #expect(throws: FormatError.self) { try FileTail("/dev/null") }
    #expect(throws: FormatError.self) { try FileTail("/") }
  }
}
