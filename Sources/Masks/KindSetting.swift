public import TensorCore

/// A setting that a kind of dropout has beside the rate, as the kind declares it: name, values, default
/// and how it is read and written. The command line of the screen, options, `--add-dropout`, help and
/// documentation read the declaration; the kind that declares it is the only one to know what it means.
public struct KindSetting<Choice: Equatable & Sendable>: DeclaredSetting {
  public let name: String
  public let argument: String
  public let summary: String
  public let values: [String]
  /// What it is where nobody says.
  public let usual: Choice
  private let read: @Sendable (String) throws(TensorError) -> Choice
  private let write: @Sendable (Choice) -> String

  /// A setting of any text.
  /// - Parameters:
  ///   - argument: what is typed behind the name, for help: `N or NxM`
  ///   - summary: what it is, in a few words
  ///   - read: reads what `write` writes; throws for what makes no sense
  public init(
    _ name: String, argument: String, summary: String, usual: Choice,
    read: @escaping @Sendable (String) throws(TensorError) -> Choice,
    write: @escaping @Sendable (Choice) -> String
  ) {
    (self.name, self.argument, self.summary) = (name, argument, summary)
    (self.usual, self.read, self.write, values) = (usual, read, write, [])
  }

  public var usualText: String { write(usual) }

  public func canonical(_ text: String) throws(TensorError) -> String { write(try read(text)) }

  /// The value that settings hold.
  func value(of text: String?) -> Choice { text.flatMap { try? read($0) } ?? usual }

  /// The value as settings hold it.
  func text(of value: Choice) -> String { write(value) }
}

extension KindSetting
where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
  /// A setting of a few words.
  public init(_ name: String, summary: String, usual: Choice) {
    let what = name.replacing("-", with: " ")
    (self.name, self.summary, self.usual) = (name, summary, usual)
    values = Choice.allCases.map(\.rawValue)
    argument = values.joined(separator: ", ")
    read = { text throws(TensorError) in try Choice.named(text, as: what) }
    write = { $0.rawValue }
  }
}

/// What is known of a setting whatever its type.
public protocol DeclaredSetting: Sendable {
  /// The word that stands for it: of an option behind `--`, on the command line of the screen behind `:`.
  var name: String { get }
  /// What follows the name, for help.
  var argument: String { get }
  /// What it is, in a few words.
  var summary: String { get }
  /// The words that can follow; none where they cannot be listed.
  var values: [String] { get }
  /// What it is where nobody says, as it is written.
  var usualText: String { get }
  /// A value in the one form that equal ones share.
  /// - Throws: `TensorError` that says what was expected, where it makes no sense.
  func canonical(_ text: String) throws(TensorError) -> String
}
