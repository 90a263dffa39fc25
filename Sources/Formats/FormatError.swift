public import NeuralNet
public import TensorCore

/// A file that cannot be read or written, said in one line: which file, what was being read, what
/// was expected and what was found.
public struct FormatError: Error, Equatable, CustomStringConvertible {
  /// What went wrong, as far as an exit code cares.
  public enum Kind: Sendable {
    /// The file is there but does not hold what it should (sysexits 65).
    case badData
    /// There is no such file, or it may not be opened (sysexits 66).
    case missingInput
    /// The file cannot be made or filled (sysexits 73).
    case cannotWrite
    /// An open file failed while it was being read (sysexits 74).
    case inputOutput
  }

  /// What is wrong with a part of a file.
  public enum Problem: Equatable, Sendable {
    /// The part should be one thing and is another.
    case mismatch(expected: String, found: String)
    /// The part announces more or fewer bytes than there are. `declared` says in the format's own
    /// terms what was announced, e.g. `28×28 float32`; empty where the bytes say it all.
    case size(declared: String, bytes: Int, remaining: Int)
    /// The part cannot be used, for a reason that is a sentence of its own.
    case failure(String)
  }

  /// What went wrong, as far as an exit code cares.
  public var kind: Kind
  /// The file's name as the person gave it.
  public var file: String
  /// What was being read or written: `header`, `line 3, column 5`, `tensor conv1.weight`. Empty
  /// where it is the file as a whole.
  public var part: String
  /// What is wrong with it.
  public var problem: Problem

  /// An error from its parts.
  public init(_ kind: Kind = .badData, file: String, part: String = "", _ problem: Problem) {
    (self.kind, self.file, self.part, self.problem) = (kind, file, part, problem)
  }

  /// A part of a file that should be one thing and is another.
  public init(_ file: String, _ part: String = "", expected: String, found: String) {
    self.init(file: file, part: part, .mismatch(expected: expected, found: found))
  }

  /// A graph that a file describes but that cannot be.
  public init(_ file: String, _ error: GraphError) {
    self.init(file: file, .failure(error.description))
  }

  /// A tensor that a part of a file describes but that cannot be.
  public init(_ file: String, _ part: String, _ error: TensorError) {
    self.init(file: file, part: part, .mismatch(expected: error.expected, found: error.found))
  }

  public var description: String {
    let subject = part.isEmpty ? file : "\(file): \(part)"
    let text =
      switch problem {
      case .mismatch(let expected, let found): "\(subject): expected \(expected), found \(found)"
      case .failure(let message): "\(subject): \(message)"
      case .size(let declared, let bytes, let remaining):
        "\(subject) says \(declared)\(declared.isEmpty ? "" : " = ")\(grouped(bytes)) bytes, "
          + "\(grouped(remaining)) remain"
      }
    return text.cut(to: 2000)
  }
}

extension String {
  /// The first scalars of a text, as many at the most. What they do to a terminal is for those to see
  /// to who show them.
  func cut(to limit: Int) -> String {
    String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
  }
}

/// `3136` as `3,136`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}

/// A short piece of a file's text in quotes, for a message.
func quoted(_ bytes: some Collection<UInt8>, limit: Int = 24) -> String {
  let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
  return "\"\(text)\(bytes.count > limit ? "…" : "")\""
}
