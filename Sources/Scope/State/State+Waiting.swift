import NeuralNet
import Studies

/// Settings that a script passes through unseen.
extension State {
  /// How many settings are remembered as sound: a script that goes through more of them observes each.
  private static let mostRemembered = 256

  /// Whether the setting needs not be observed to know that it can be, and nothing is shown or goes on
  /// that an observation feeds.
  var canWait: Bool {
    overlay == nil && comparison == nil && ensemble == nil && votes == nil
      && placementTable.entries.isEmpty
      && experiment.axisNames == observedAxes && sound.contains(plain(setting))
  }

  /// Remembers that a setting can be observed.
  mutating func remember(_ setting: Setting) {
    if sound.count >= State.mostRemembered { sound.removeAll() }
    sound.append(plain(setting))
  }

  /// A setting but for what never decides whether it can be observed.
  private func plain(_ setting: Setting) -> Setting {
    var plain = setting
    plain.seed = 0
    return plain
  }
}

extension Action {
  /// Whether it reads nothing of what was observed and changes the setting, so that what the setting led
  /// to before need not be known.
  var supersedes: Bool {
    switch self {
    case .changeRate, .setRate, .resample, .nextScaling, .toggleMode: true
    default: false
    }
  }
}

extension State {
  /// Plays a script's moments to the last one, observing what lies between only where it must.
  /// - Returns: whether one of them ends the session; the state is that before it.
  public mutating func playUnseen(_ moments: [Script.Moment]) -> Bool {
    for (index, moment) in moments.enumerated() {
      let following = index + 1 < moments.count ? moments[index + 1].actions : []
      let isSeen = following.isEmpty || !following.allSatisfy(\.supersedes)
      // What cannot end the session needs no copy of what was before it.
      guard moment.actions.allSatisfy(\.supersedes) else {
        var next = self
        if next.perform(moment.actions, isSeen: isSeen).contains(.quit) { return true }
        next.finishHeld()
        self = next
        continue
      }
      _ = perform(moment.actions, isSeen: isSeen)
    }
    return false
  }
}
