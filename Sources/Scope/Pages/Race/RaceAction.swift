/// What keys do to trainings that race.
public enum RaceAction: Hashable, Sendable {
  /// Pauses them, or lets them go on.
  case toggle
  /// Begins again with what is shown now.
  case again
  /// Goes on to the next variant.
  case nextVariant
  /// Adds a variant with the dropouts that are shown.
  case addVariant
  /// Shows the variant's network, as far as it has learnt, in the maps.
  case openInMaps
  /// Changes the rate of the variant's dropouts, from the next batch on.
  case changeRate(hundredths: Int)
}
