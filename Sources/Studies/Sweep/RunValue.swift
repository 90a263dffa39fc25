/// A value of a run's description: a number or a text.
public enum RunValue: Codable, Hashable, Sendable, CustomStringConvertible {
  case number(Double)
  case text(String)

  /// As options have it: `3`, `0.25`, `none`. Whole numbers have no point, so that equal ones are equal.
  public var description: String {
    switch self {
    case .number(let number): RunValue.whole(number).map(String.init) ?? "\(number)"
    case .text(let text): text
    }
  }

  /// The number; nil where it is a text.
  public var number: Double? {
    if case .number(let number) = self { return number }
    return nil
  }

  private static func whole(_ number: Double) -> Int? {
    number == number.rounded() && abs(number) < 0x1p53 ? Int(number) : nil
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number):
      if let whole = RunValue.whole(number) {
        try container.encode(whole)
      } else {
        try container.encode(number)
      }
    }
  }
}
