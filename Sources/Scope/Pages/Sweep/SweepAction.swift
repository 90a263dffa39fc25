/// What keys do to the sweep that is looked at.
public enum SweepAction: Hashable, Sendable {
  /// Another parameter along the axis.
  case nextAxis
  /// Another number up the axis.
  case nextScore
  /// The gap between images trained on and held out, or back to the latter.
  case toggleGap
  /// A heat map over two parameters, or curves.
  case toggleHeatMap
  /// Reads the results anew.
  case read
}
