import Masks
import Studies
import TensorCore

extension State {
  /// Turns the mask seen into one of one's own, unless there is one for this site already.
  mutating func startPainting() -> [Effect] {
    var own = setting
    own.kind = "manual"
    let value = experiment.site(of: own)
    let layout = (experiment.layers.first { $0.value == value } ?? layer).layout
    if setting.kinds.painted?.layout != layout {
      let seen = observation.mask.layout == layout ? observation.mask : Mask(layout: layout)
      setting.kinds.painted = Mask(layout: layout, kept: seen.kept)
    }
    message = "a mask of your own: Space drops the cell under the cursor or keeps it again"
    return change { $0.kind = "manual" }
  }

  /// Whether the cell of the shown plane is kept.
  func isKept(_ cell: Cursor) -> Bool {
    guard let offset = paintedOffset(cell) else { return true }
    return setting.kinds.painted?.kept[offset] ?? true
  }

  /// Drops one cell of the own mask, or keeps it.
  mutating func paint(_ cell: Cursor, keeps: Bool) -> [Effect] {
    guard setting.kind == "manual" else {
      message = "painting makes a mask of your own: :kind manual first"
      return []
    }
    guard let offset = paintedOffset(cell), let painted = setting.kinds.painted else {
      message = "the mask lies on another layer: there is no such cell"
      return []
    }
    var kept = painted.kept
    kept[offset] = keeps
    paintedMask = .unsaved
    return change { $0.kinds.painted = Mask(layout: painted.layout, kept: kept) }
  }

  private func paintedOffset(_ cell: Cursor) -> Int? {
    guard setting.kinds.painted?.layout == layer.layout, observation.actsHere else { return nil }
    return plane.offset(y: cell.row, x: cell.column)
  }
}

extension State {
  /// Whether leaving would lose painted cells; a file on its way may still fail.
  public var hasUnsavedMask: Bool { paintedMask != .saved }

  /// Asks for a file of one of its things.
  mutating func save(_ what: Saving, to path: String, overwrites: Bool = false) -> [Effect] {
    // The mask shown is written: that of another kind keeps no painted cell.
    if what == .mask, setting.kind == "manual", hasUnsavedMask { paintedMask = .onItsWay }
    return [.save(what, path: path, overwrites: overwrites)]
  }

  /// Takes note of a file that was written.
  mutating func saved(_ what: Saving) {
    if what == .mask, paintedMask == .onItsWay { paintedMask = .saved }
  }
}
