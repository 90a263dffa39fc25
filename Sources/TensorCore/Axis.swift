/// What an axis of a value stands for. Nothing is guessed from rank: operators, files and the user name
/// axes, and where nobody does the name is a guess that says so.
public struct Axis: Hashable, Sendable, CustomStringConvertible {
  /// The meanings an axis can have, each with the letter that stands for it.
  public enum Name: String, CaseIterable, Sendable {
    case sample, channel, row, column, depth, time, token, feature, head, direction, unknown

    /// The letter on the screen and in `--axes`.
    public var letter: Character {
      switch self {
      case .sample: "N"
      case .channel: "C"
      case .row: "H"
      case .column: "W"
      case .depth: "D"
      case .time: "T"
      case .token: "S"
      case .feature: "F"
      case .head: "A"
      case .direction: "R"
      case .unknown: "?"
      }
    }
  }

  /// What the axis stands for.
  public let name: Name
  /// Whether nothing says so but habit: shown with a `?`.
  public let isGuess: Bool

  /// An axis of a name that something says, or that is a guess.
  public init(_ name: Name, isGuess: Bool = false) {
    (self.name, self.isGuess) = (name, isGuess)
  }

  /// An axis that nothing is known of.
  public static let unknown = Axis(.unknown)

  /// `C`, or `C?` for a guess.
  public var description: String {
    "\(name.letter)" + (isGuess && name != .unknown ? "?" : "")
  }

  /// Axes as the user writes them: `N,T,F` or `sample,time,feature`; also without commas, `NTF`.
  /// - Throws: `TensorError` that lists the names for one that is none, or where a sample axis is there
  ///   twice.
  public static func list(parsing text: String) throws(TensorError) -> [Axis] {
    let commas = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let isWord = Name.allCases.contains { $0.rawValue == text.lowercased() }
    let words = commas.count > 1 || isWord ? commas : text.map(String.init)
    var axes: [Axis] = []
    for word in words {
      let found = Name.allCases.first {
        word.lowercased() == $0.rawValue || word.uppercased() == String($0.letter)
      }
      guard let found else {
        let names = Name.allCases.map { "\($0.letter) \($0.rawValue)" }.joined(separator: ", ")
        throw TensorError("axes", expected: names, found: word.isEmpty ? "nothing" : word)
      }
      axes.append(Axis(found))
    }
    guard axes.count(where: { $0.name == .sample }) <= 1 else {
      throw TensorError("axes", expected: "one sample axis at most", found: text)
    }
    return axes
  }
}

extension [Axis] {
  /// `[N,C,H,W]`
  public var text: String { "[" + map(\.description).joined(separator: ",") + "]" }
}
