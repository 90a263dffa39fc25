import Formats

/// A whole number that comes from outside, as an option or as a text of a state: what it is called
/// and where it must lie. Every such number passes one of these before anything is computed with it,
/// so that no sum or product of them can leave an `Int`.
struct NumberRange {
  /// The option's name without its dashes, or the key in a state.
  let name: String
  let range: ClosedRange<Int>

  init(_ name: String, _ range: ClosedRange<Int>) { (self.name, self.range) = (name, range) }

  /// An option's number as it is. - Throws: `Failure` of usage where it lies elsewhere.
  func checked(_ number: Int) throws -> Int {
    guard range.contains(number) else {
      throw Failure(usage: "--\(name): expected \(expected), found \(number)")
    }
    return number
  }

  /// The same for an option that may be left out.
  func checked(_ number: Int?) throws -> Int? { try number.map { try checked($0) } }

  /// A number that a file of the program's own keeps as text.
  /// - Throws: `FormatError` where it is none or lies elsewhere.
  func parsed(_ text: String?, in file: String, as key: String) throws(FormatError) -> Int {
    guard let text, let number = Int(text), range.contains(number) else {
      throw FormatError(file, key, expected: expected, found: text ?? "nothing")
    }
    return number
  }

  /// `1 to 1000`
  var expected: String { "\(range.lowerBound) to \(range.upperBound)" }
}

extension NumberRange {
  static let threads = NumberRange("threads", 1...1024)
  static let repeats = NumberRange("repeat", 1...1_000_000)
  static let until = NumberRange("until", 0...1_000_000_000)

  // Training: the options, which its state keeps by the same names.
  static let epochs = NumberRange("epochs", 1...1_000_000)
  static let batch = NumberRange("batch", 1...1_000_000)
  static let limit = NumberRange("limit", 1...100_000_000)
  static let shift = NumberRange("shift", 0...65_535)
  static let holdout = NumberRange("holdout", 0...100_000_000)
  static let training = [epochs, batch, limit, shift, holdout]

  // Races and sweeps.
  static let seeds = NumberRange("seeds", 1...10_000)
  static let masks = NumberRange("masks", 0...10_000)
  static let jobs = NumberRange("jobs", 1...1024)
  static let line = NumberRange("line", 1...100_000_000)

  // Training: what its state counts. Doubles hold each of these exactly.
  static let step = NumberRange("step", 0...1 << 53)
  static let epoch = NumberRange("epoch", 0...1_000_000)
  static let position = NumberRange("position", 0...1 << 31)
  static let images = NumberRange("images", 0...1 << 53)
}
