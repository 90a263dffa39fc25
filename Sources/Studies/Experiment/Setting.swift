public import Masks

/// Everything about a view that a person can choose; with a subject it determines every number
/// shown.
public struct Setting: Codable, Equatable, Sendable {
  /// The value shown: a node's output or the network's input, by name.
  public var layer: String
  /// The value dropout acts on; nil follows the layer.
  public var pinnedSite: String?
  /// The kind of dropout, by name.
  public var kind: String
  /// The probability of dropping.
  public var rate: Rate
  /// Where the field's numbers come from.
  public var seed: UInt64
  /// What makes up for the dropped.
  public var scaling: Scaling
  /// Whether dropout acts.
  public var mode: Mode
  /// The library by whose rule dropout is computed, by name; nil for our own.
  public var rule: String?
  /// What kinds need beside the rate: the user's own mask.
  public var kinds: KindSettings
  /// Whether the selected dropout sits anywhere; where not, only `others` act.
  public var isPlaced = true
  /// The word that stands for a site where there is none.
  public static let nowhere = "none"
  /// Dropouts at further sites; the selected one is not among them.
  public var others: [PlacedDropout] = []
  /// Whether dropout of the model's own acts beside the dropout shown, so that what changes below may
  /// come from either; off, so that it comes from what is shown alone.
  public var isModelDropoutActive = false
  /// Dropout of the model's own that does nothing even where the rest acts, by the values it makes.
  public var silenced: Set<String> = []

  /// A setting; by default half of the elements dropped in training, rescaled.
  public init(
    layer: String, pinnedSite: String? = nil, kind: String = "element",
    rate: Rate = Rate(clamping: 0.5), seed: UInt64 = 7, scaling: Scaling = .inverted,
    mode: Mode = .train, kinds: KindSettings = KindSettings()
  ) {
    self.layer = layer
    self.pinnedSite = pinnedSite
    self.kind = kind
    self.rate = rate
    self.seed = seed
    self.scaling = scaling
    self.mode = mode
    self.kinds = kinds
  }

  /// Whether the same masks are drawn from the same distributions as under another setting, whatever
  /// layer is shown.
  public func drops(like other: Setting) -> Bool {
    var other = other
    (other.layer, other.mode) = (layer, mode)
    return self == other
  }
}
