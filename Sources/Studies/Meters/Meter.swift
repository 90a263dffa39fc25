/// A number about what dropout did, as it is declared: its names, its unit, its definition and where it comes
/// from. The line of meters on the screen, their page, `--stage meters` and the documentation read the list
/// below and nothing else.
public struct Meter: Sendable {
  /// Its name on the screen.
  public let name: String
  /// A shorter name for narrow screens.
  public let short: String
  /// A few words that follow the value on the screen; nil where it is exported alone.
  public let meaning: String?
  /// How it is written.
  public let unit: Unit
  /// Its name in JSON.
  public let key: String
  /// Its name in JSON before; it goes on to be written.
  public let formerKey: String?
  /// What it is, for the documentation.
  public let definition: String
  /// Whether a view has it at all.
  public let applies: @Sendable (Observation) -> Bool
  /// The number; nil where it is not defined.
  public let value: @Sendable (Observation) -> Double?

  /// How a number is written.
  public enum Unit: Sendable {
    /// A share of what there was: `44 %`.
    case share
    /// A share that went: `−50 %`.
    case removed
    /// A share that comes near to all without being all: `99.9 %`.
    case nearlyAll
    /// A number between −1 and 1: `.68`.
    case score
    /// After over before: `×1.01`.
    case ratio
    /// A power, which is exported alone.
    case power
  }

  /// A meter. Without a meaning it is exported and not shown.
  public init(
    _ name: String, short: String? = nil, meaning: String? = nil, unit: Unit, key: String,
    formerKey: String? = nil, definition: String,
    applies: @escaping @Sendable (Observation) -> Bool = { _ in true },
    value: @escaping @Sendable (Observation) -> Double?
  ) {
    (self.name, self.short, self.meaning, self.unit) = (name, short ?? name, meaning, unit)
    (self.key, self.formerKey, self.definition) = (key, formerKey, definition)
    (self.applies, self.value) = (applies, value)
  }

  /// All meters, those that are shown in the order in which they are.
  public static var all: [Meter] { builtIn + added }

  /// Meters of another target, after the built-in ones while a call lasts:
  /// `Meter.$added.withValue([.mine]) { … }`.
  @TaskLocal public static var added: [Meter] = []

  private static let builtIn: [Meter] = [
    .alreadyZero,
    .l1Removed,
    .predictable,
    .autocorrelation,
    .mean,
    .variance,
    .reused,
    .pooledMean,
    .squaredL2Removed,
    .pooledVariance,
    .sparsityBefore,
    .sparsityAfter,
    .pooledSparsityBefore,
    .pooledSparsityAfter,
    .noiseFloor,
  ]
}
