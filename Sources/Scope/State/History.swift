/// What undo goes back to, and redo forward.
struct History: Sendable {
  /// What a person chose, as far as undo gives it back.
  struct Moment: Equatable, Sendable {
    var setting: Setting
    var channel: Int
  }

  private var past: [Moment] = []
  private var future: [Moment] = []
  private static let limit = 1000

  /// Remembers how things were before a change.
  mutating func record(_ before: Moment) {
    past.append(before)
    if past.count > History.limit { past.removeFirst() }
    future = []
  }

  /// Goes back; nil where there is nothing to undo.
  mutating func undo(from now: Moment) -> Moment? {
    guard let before = past.popLast() else { return nil }
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
  var moment: History.Moment { History.Moment(setting: setting, channel: channel) }

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
    let isOtherLayer = setting.layer != moment.setting.layer
    (setting, channel) = (moment.setting, moment.channel)
    isStale = true
    if isOtherLayer { centreCursor() } else { clampCursor() }
  }
}
