import Formats
import FoundationEssentials
package import Scope
import Studies

extension FollowedLog {
  /// A log of `train`, `race` or the Train tab.
  /// - Throws: `FormatError` where there is no such file, or it is no log.
  package init(_ path: String) throws {
    guard path != "-" else { throw Failure(usage: "--follow: expected a file, found -") }
    // What makes no sense is told before a screen is there.
    _ = try MissingFile.suggesting(path) { try FollowedLog.read(path, after: nil) }
    self.init(name: ViewOptions.baseName(path)) { try FollowedLog.read(path, after: $0) }
  }

  private static func read(
    _ path: String, after place: FollowWork.Place?
  ) throws -> (lines: [TrainingLogLine], place: FollowWork.Place, isAnew: Bool) {
    let tail = try FileTail(path, after: place.map { ($0.file, $0.offset) })
    let lines = try tail.bytes.split(separator: UInt8(ascii: "\n")).compactMap {
      try TrainingLogLine(json: Array($0), of: path)
    }
    return (lines, FollowWork.Place(file: tail.file, offset: tail.end), tail.isAnew)
  }
}

extension TrainingLogLine {
  /// The words that lines of logs begin with, but for those of `train`, which are epochs.
  private struct Head: Decodable {
    var event: String?
    var variant: String?
    var seed: UInt64?
  }

  /// Reads a line; nil where it says nothing that can be drawn.
  /// - Throws: `FormatError` where it is no line of a log.
  init?(json line: [UInt8], of path: String) throws(FormatError) {
    let (decoder, data) = (JSONDecoder(), Data(line))
    let wrong = FormatError(
      path, expected: "a log of train or race, a line of JSON an epoch",
      found: String(decoding: line.prefix(60), as: UTF8.self))
    guard let head = try? decoder.decode(Head.self, from: data) else { throw wrong }
    let name = [head.variant, head.seed.map { "seed \($0)" }].compactMap { $0 }
      .joined(separator: ", ")
    switch head.event {
    case nil, "epoch":
      let text = String(decoding: line, as: UTF8.self)
      guard let record = EpochRecord.records(text)?.first else { throw wrong }
      self = .epoch(of: name, record)
    case "segment":
      guard let segment = try? decoder.decode(TrainingSegment.self, from: data) else { throw wrong }
      self = .segment(of: name, segment)
    case "verdict": self = .end
    default: return nil
    }
  }

  /// The line as a log has it; nothing of an end.
  var json: [UInt8] {
    get throws {
      switch self {
      case .epoch("", let record): try JSONFile.line(record)
      case .epoch(let name, let record): try JSONFile.line(NamedLine("epoch", of: name, record))
      case .segment(let name, let segment):
        try JSONFile.line(NamedLine("segment", of: name, segment))
      case .end: []
      }
    }
  }

  /// A line that says what it is, and of which of several trainings.
  private struct NamedLine<Content: Encodable>: Encodable {
    let event: String
    let variant: String?
    let content: Content

    init(_ event: String, of name: String, _ content: Content) {
      (self.event, self.content) = (event, content)
      variant = name.isEmpty ? nil : name
    }

    private enum Key: String, CodingKey { case event, variant }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(event, forKey: .event)
      try container.encodeIfPresent(variant, forKey: .variant)
      try content.encode(to: encoder)
    }
  }
}
