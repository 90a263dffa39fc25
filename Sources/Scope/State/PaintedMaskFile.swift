/// How far a painted mask is kept in a file.
enum PaintedMaskFile: Sendable {
  /// Nothing was painted since it was saved.
  case saved
  /// It is on its way, as it was when asked for: what is painted meanwhile is not in the file.
  case onItsWay
  /// Cells were painted since.
  case unsaved
}
