import Foundation
import FuzzEntries
import TestSupport
import Testing

/// Whatever takes a file's bytes has an entry for the fuzzer that says so.
@Suite struct ReaderCoverageTests {
  /// What carries bytes and reads no format: files themselves, and what steps through them.
  private static let carriers: Set = [
    "ByteCursor", "ByteRope", "ByteSource", "FileBytes", "LineFile", "SHA256",
  ]

  /// The types that read a format, with where: those that open files, and those of `Formats` and
  /// beyond that are given a file's bytes. A type's name is that of its file up to a `+`.
  private func readers() throws -> [String: String] {
    let opens = try Regex(#"FileBytes\.read\(|ByteSource\(path:"#)
    let takes = try Regex(
      #"(?:init|func \w+)(?:<[^>]*>)?\(\s*(?:_|from|parsing) bytes: \[UInt8\][^)]*\)\s*throws\((?:FormatError|ScriptError)\)"#
    )
    var found: [String: String] = [:]
    let root = Repository.path("Sources")
    for case let path as String in try #require(FileManager.default.enumerator(atPath: root)) {
      guard path.hasSuffix(".swift"), !path.hasPrefix("Benchmarks") else { continue }
      let text = try Repository.text("Sources/\(path)")
      guard text.firstMatch(of: opens) != nil || text.firstMatch(of: takes) != nil else { continue }
      let file = path.split(separator: "/").last ?? ""
      found[String(file.prefix { $0 != "+" && $0 != "." })] = path
    }
    return found
  }

  @Test func everyReaderHasAnEntry() throws {
    let found = try readers().filter { !Self.carriers.contains($0.key) }
    // These stand for the kinds of files there are; the search would not find them if it broke.
    for name in ["Checkpoint", "Config", "InputFile", "NPY", "ONNXReader", "PNG", "Script"] {
      #expect(found[name] != nil, "\(name) is not found")
    }
    let covered = Set(FuzzEntry.all.flatMap(\.readers))
    for (name, path) in found {
      #expect(covered.contains(name), "\(name) of \(path) has no entry in Tests/FuzzEntries")
    }
  }

  @Test func everyEntryNamesWhatThereIs() throws {
    var names: Set<String> = []
    let root = Repository.path("Sources")
    for case let path as String in try #require(FileManager.default.enumerator(atPath: root)) {
      let file = path.split(separator: "/").last ?? ""
      names.insert(String(file.prefix { $0 != "+" && $0 != "." }))
    }
    for entry in FuzzEntry.all {
      for reader in entry.readers { #expect(names.contains(reader), "\(entry.name): \(reader)") }
    }
  }
}
