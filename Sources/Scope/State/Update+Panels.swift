/// The help, and what an action is beside what it does.
extension State {
  /// Opens the keys of what is seen, or closes them.
  mutating func toggleHelp() {
    if case .help = overlay { uncover() } else { cover(with: .help(scroll: 0)) }
  }

  /// Lays a panel on what is seen, or closes it.
  mutating func toggle(_ panel: Overlay) {
    if overlay == panel { uncover() } else { cover(with: panel) }
  }
}

extension Action {
  /// Whether no person asked for it.
  public var comesByItself: Bool {
    switch self {
    case .tick, .reachWork: true
    default: false
    }
  }
}
