import Formats
import Foundation
import Synchronization
import Testing
import TestSupport

/// What people keep and must find unchanged: streams, masks, files, scripts, exported numbers.
///
/// `Tests/Golden/frozen.txt` says what each was when it was first made, a line each: `section: name = value`. A
/// value is a SHA-256 where every bit counts, words, or numbers where a processor may round
/// otherwise than another. A line is never changed. What is new is added by hand with
///
///     FREEZE=1 swift test --disable-xctest --filter Frozen
///
/// which writes the names that are missing, leaves all others alone and fails, so that no machine that
/// only looks for green can freeze anything. A line that was wrong from the start is deleted first.
enum Frozen {
  private static let path = URL(filePath: Repository.path("Tests/Golden/frozen.txt"))
  private static let file = Mutex<[String: String]?>(nil)

  /// Compares values with the lines of a section: every value must have its line and every line its
  /// value.
  /// - Parameter tolerance: how far numbers may lie from those of the line, relative to them where
  ///   they are above 1; nil where every character counts
  static func check(
    _ section: String, _ values: [String: String], within tolerance: Double? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let lines = try file.withLock { lines in
      var all = try lines ?? read()
      let missing = values.keys.filter { all["\(section): \($0)"] == nil }
      if !missing.isEmpty, ProcessInfo.processInfo.environment["FREEZE"] != nil {
        for name in missing { all["\(section): \(name)"] = values[name] }
        let text = all.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
        try text.write(to: path, atomically: true, encoding: .utf8)
        Issue.record(
          "froze \(missing.count) of \(section); look at them and run again",
          sourceLocation: sourceLocation)
      }
      lines = all
      return all.filter { $0.key.hasPrefix("\(section): ") }
    }
    for name in lines.keys where values[String(name.dropFirst(section.count + 2))] == nil {
      Issue.record("\(name) is frozen and no longer made", sourceLocation: sourceLocation)
    }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let line = lines["\(section): \(name)"] else {
        Issue.record(
          "\(section): \(name) is not frozen yet: FREEZE=1 adds it", sourceLocation: sourceLocation)
        continue
      }
      let isSame = value == line || tolerance.map { isClose(value, line, within: $0) } == true
      #expect(
        isSame, "\(section): \(name): frozen \(line), found \(value)",
        sourceLocation: sourceLocation
      )
    }
  }

  private static func read() throws -> [String: String] {
    var lines: [String: String] = [:]
    for line in try Golden.lines("frozen.txt") {
      let parts = line.split(separator: " = ", maxSplits: 1)
      lines[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
    return lines
  }

  private static func isClose(_ found: String, _ frozen: String, within tolerance: Double) -> Bool {
    let (a, b) = (found.split(separator: " "), frozen.split(separator: " "))
    return a.count == b.count
      && zip(a, b).allSatisfy { a, b in
        if a == b { return true }
        guard let a = Double(a), let b = Double(b) else { return false }
        return abs(a - b) <= tolerance * max(1, abs(b))
      }
  }
}

// MARK: - Values

extension Frozen {
  /// All bits of numbers; each NaN counts as the same, for processors make different ones.
  static func hash(_ numbers: some Sequence<Float>) -> String {
    var bytes: [UInt8] = []
    for number in numbers {
      let bits = number.isNaN ? Float.nan.bitPattern : number.bitPattern
      withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return SHA256.hex(of: bytes)
  }

  static func hash(_ words: some Sequence<UInt32>) -> String {
    SHA256.hex(of: words.flatMap { word in (0..<4).map { UInt8(word >> (8 * $0) & 255) } })
  }

  static func hash(_ bytes: [UInt8]) -> String { SHA256.hex(of: bytes) }

  /// Numbers that came through products of matrices: how many, their length as a vector, and four
  /// projections of the unit vector along fixed directions, so that a change of any of them shows
  /// while roundings do not.
  static func sketch(_ numbers: [Float]) -> String {
    let length = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    var random = SplitMix(1)
    var projections = [0.0, 0.0, 0.0, 0.0]
    for number in numbers where length > 0 {
      for direction in projections.indices {
        let weight = Double(random.next() >> 11) * 0x1p-52 - 1
        projections[direction] += weight * Double(number) / length
      }
    }
    return "\(numbers.count) " + text([length] + projections)
  }

  /// Numbers with nine digits.
  static func text(_ numbers: some Sequence<Double?>) -> String {
    numbers.map { $0.map { String(format: "%.9g", $0) } ?? "null" }.joined(separator: " ")
  }
}
