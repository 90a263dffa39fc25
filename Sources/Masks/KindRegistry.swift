public import TensorCore

/// Every kind of dropout there is: the one list that the command line, the keys, the help and the
/// contract tests read.
public enum KindRegistry {
  /// Makes a kind from settings, of which it takes what concerns it.
  public typealias Maker = @Sendable (KindSettings) -> any DropoutKind

  private static let builtIn: [Maker] = [
    { _ in ElementDropout() },
    { _ in SpatialDropout() },
    { _ in RowDropout() },
    { _ in ColumnDropout() },
    { BlockDropout($0.block, rule: $0.blockRule) },
    { _ in GaussianDropout() },
    { _ in AlphaDropout() },
    { _ in FeatureAlphaDropout() },
    { _ in MaxPoolDropout() },
    { WeightDropout($0.weightMode) },
    { _ in RecurrentDropout() },
    { _ in EmbeddingDropout() },
    { _ in LockedDropout() },
    { _ in TokenDropout() },
    { _ in AttentionDropout() },
    { _ in PathDropout() },
    { _ in CutoutDropout() },
    { ManualDropout($0.painted) },
  ]

  /// Kinds of another target, after the built-in ones while a call lasts:
  /// `KindRegistry.$added.withValue([{ _ in MyDropout() }]) { … }`.
  @TaskLocal public static var added: [Maker] = []

  /// All kinds, in the order in which keys cycle through them.
  public static func all(_ settings: KindSettings = KindSettings()) -> [any DropoutKind] {
    (builtIn + added).map { $0(settings) }
  }

  /// The names of all kinds.
  public static var names: [String] { all().map(\.name) }

  /// All settings with the kinds that declare them, in the order of the kinds.
  public static var settings: [(kind: String, setting: any DeclaredSetting)] {
    all().flatMap { kind in kind.declared.map { (kind.name, $0) } }
  }

  /// The kind called `name`.
  /// - Throws: `TensorError` that lists the kinds where there is none of that name.
  public static func make(
    _ name: String, _ settings: KindSettings = KindSettings()
  ) throws(TensorError) -> any DropoutKind {
    guard let kind = all(settings).first(where: { $0.name == name }) else {
      throw TensorError("kind", expected: names.joined(separator: ", "), found: name)
    }
    return kind
  }
}
