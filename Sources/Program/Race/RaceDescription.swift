package import Formats
import FoundationEssentials
package import Studies

/// All that decides what a race comes to, as `DIR/job.json` keeps it: `--resume` needs nothing else.
package struct RaceDescription: Codable, Equatable {
  var subject: TrainingSubject.Request
  /// The variants and seeds.
  package var job: RaceJob

  /// As a file.
  var bytes: [UInt8] { get throws { try JSONFile.bytes(self) } }

  /// Reads a file.
  /// - Throws: `FormatError` where it is missing or says something else.
  static func read(_ path: String) throws -> RaceDescription {
    try RaceDescription(try FileBytes.read(path, limit: 1 << 24), named: path)
  }
}

extension RaceDescription {
  /// Reads the bytes of a file.
  /// - Throws: `FormatError` where they say something else.
  package init(_ bytes: [UInt8], named path: String) throws(FormatError) {
    let description: RaceDescription
    do {
      description = try JSONDecoder().decode(RaceDescription.self, from: Data(bytes))
    } catch {
      throw FormatError(path, expected: "a race as dropscope describes it", found: "something else")
    }
    guard description.isSound else {
      throw FormatError(path, expected: "numbers in the ranges of the options", found: "others")
    }
    self = description
  }

  /// Whether every number lies where an option would have to.
  private var isSound: Bool {
    func fits(_ number: Int?, _ range: NumberRange) -> Bool {
      number.map(range.range.contains) ?? true
    }
    return fits(subject.images, .limit) && fits(subject.holdout, .holdout)
      && fits(job.epochs, .epochs) && fits(job.batch, .batch) && fits(job.shift, .shift)
      && fits(job.masks, .masks) && !job.seeds.isEmpty && job.variants.count > 1
  }
}
