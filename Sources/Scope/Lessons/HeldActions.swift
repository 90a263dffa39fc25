import Studies

/// Scripts that wait for work: what follows is done when the work is.
extension State {
  /// Does what was done at one moment of a script, without what reaches beyond the screen: nothing
  /// is written or copied, and fields that came by themselves are actions of the script.
  /// - Returns: whether the session ended there.
  public mutating func play(_ moment: Script.Moment) -> Bool {
    let isOver = perform(moment.actions).contains(.quit)
    finishHeld()
    return isOver
  }

  /// Does actions one after another, up to where work has to be waited for.
  mutating func carryOut(_ actions: [Action]) -> [Effect] {
    var effects: [Effect] = []
    for (index, action) in actions.enumerated() {
      effects += update(action)
      if case .lesson(.wait(.work)) = action, dueWork != nil {
        held = Array(actions[(index + 1)...])
        break
      }
    }
    return effects
  }

  /// Begins the samples where they are looked at, and ends the work that is waited for where a script
  /// says so.
  mutating func awaitWork(_ masks: Int?) {
    // Work begins under the setting that it is to be done for.
    settle()
    guard accumulates else { return }
    sampleGoal = masks ?? sampleGoal
    if ensemble?.goal != sampleGoal { ensemble = newEnsemble() }
    sampling = .asked
  }

  /// Does what was held until the work was done, once it is.
  mutating func carryOutHeld() -> [Effect] {
    var effects: [Effect] = []
    while !held.isEmpty, dueWork == nil {
      let rest = held
      held = []
      effects += carryOut(rest)
      settle()
    }
    return effects
  }

  /// Does the work that is waited for, here and now: for scripts that nobody watches.
  mutating func finishHeld() {
    while !held.isEmpty, let goal = dueWork?.goal { _ = perform([.reachWork(goal)]) }
  }
}
