import Masks
import Studies
import TensorCore

/// What undo goes back to, and redo forward.
struct History: Sendable {
  /// What a person chose, as far as undo gives it back.
  struct Moment: Equatable, Sendable {
    var setting: Setting
    var channel: Int
    /// The other side of a comparison and which side `setting` is; nil where nothing is compared.
    var other: Setting?
    var side: Comparison.Side?
    /// What the user called axes, by value.
    var axes: [String: [Axis]]

    /// Whether the same was chosen, whichever side is in focus: that is no change to undo.
    func chooses(same moment: Moment) -> Bool {
      channel == moment.channel && axes == moment.axes && (side == nil) == (moment.side == nil)
        && settings == moment.settings
    }

    /// A's, then B's.
    private var settings: [Setting?] { side == .b ? [other, setting] : [setting, other] }
  }

  private var past: [Moment] = []
  private var future: [Moment] = []
  /// How many of the oldest no longer count; they go many at a time, since each time costs all of them.
  private var forgotten = 0
  private static let limit = 1000

  /// Remembers how things were before a change.
  mutating func record(_ before: Moment) {
    past.append(before)
    if past.count - forgotten > History.limit { forgotten += 1 }
    if forgotten > History.limit {
      past.removeFirst(forgotten)
      forgotten = 0
    }
    future = []
  }

  /// Goes back; nil where there is nothing to undo.
  mutating func undo(from now: Moment) -> Moment? {
    guard past.count > forgotten, let before = past.popLast() else { return nil }
    future.append(now)
    return before
  }

  /// Goes forward again; nil where there is nothing to redo.
  mutating func redo(from now: Moment) -> Moment? {
    guard let after = future.popLast() else { return nil }
    past.append(now)
    return after
  }
}

extension State {
  /// What undo would come back to.
  var moment: History.Moment {
    History.Moment(
      setting: setting, channel: channel, other: comparison?.other, side: comparison?.side,
      axes: experiment.axisNames)
  }

  /// Takes the last change back.
  mutating func undo() {
    guard let before = history.undo(from: moment) else {
      message = "nothing to undo"
      return
    }
    restore(before)
  }

  /// Does again what was taken back.
  mutating func redo() {
    guard let after = history.redo(from: moment) else {
      message = "nothing to redo"
      return
    }
    restore(after)
  }

  private mutating func restore(_ moment: History.Moment) {
    let before = layer.layout
    if moment.axes != experiment.axisNames { experiment = experiment.naming(moment.axes) }
    let isOtherLayer = setting.layer != moment.setting.layer
    restoreComparison(moment)
    let painted = moment.setting.kinds.painted
    if setting.kinds.painted != painted { paintedMask = painted == nil ? .saved : .unsaved }
    (setting, channel) = (moment.setting, moment.channel)
    isStale = true
    let isOtherMap = (before.h, before.w) != (layer.layout.h, layer.layout.w)
    if isOtherLayer || isOtherMap { centreCursor() } else { clampCursor() }
  }

  /// Begins, ends or turns the comparison so that it is as it was.
  private mutating func restoreComparison(_ moment: History.Moment) {
    guard let side = moment.side, let other = moment.other else {
      if comparison != nil { endComparison() }
      return
    }
    if comparison == nil {
      startComparison(side: side, other: other)
    } else {
      focus(on: side)
      comparison?.other = other
    }
    if focus != .result || !isEnlarged { focus = side == .a ? .clean : .mask }
  }
}
