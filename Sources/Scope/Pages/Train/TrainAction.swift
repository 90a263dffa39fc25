/// What keys do to the training that is watched.
public enum TrainAction: Hashable, Sendable {
  /// Pauses it, or lets it go on.
  case toggle
  /// Begins another with what is shown now.
  case again
  /// Changes the rate of its dropouts, from the next batch on.
  case changeRate(hundredths: Int)
  /// Goes so many epochs back or on in what the network had learnt.
  case step(by: Int)
  /// Goes on to the next training of a log.
  case nextTraining
  /// Shows the network, as far as it had learnt in the epoch looked at, in the maps.
  case openInMaps
}
