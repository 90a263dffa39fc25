/// Long work as data: what to do, and all that decides its numbers but the experiment it is done on. It
/// can be kept or sent elsewhere, and comes to the same sums wherever and in whatever portions it is done.
public struct Job: Codable, Equatable, Sendable {
  /// What is measured.
  public var study: Study
  /// Over how many masks.
  public var masks: Int

  /// What can be measured over many masks.
  public enum Study: Codable, Equatable, Sendable {
    /// What a setting's dropouts make of the site and the output: MC dropout samples.
    case samples(Setting)
    /// The labels that a setting's masks lead to.
    case votes(Setting)
    /// One row of the placement table: a dropout by itself.
    case placement(PlacedDropout, seed: UInt64)
  }

  /// The most masks that are added up: sums hold in the same memory whatever their number, but a
  /// person wants an end.
  public static let mostMasks = 1_000_000

  /// A job over so many masks.
  public init(_ study: Study, masks: Int) { (self.study, self.masks) = (study, masks) }
}
