/// What a page keeps of its own, whatever is seen: a struct in the page's folder, which `State` finds by its
/// type.
public protocol PageState: Sendable {
  /// What it is before the page was ever opened.
  init()
}

/// One value of each type of `PageState` that was ever changed.
struct PageStates: Sendable {
  private var kept: [ObjectIdentifier: any PageState] = [:]

  subscript<Own: PageState>(type: Own.Type) -> Own {
    get { kept[ObjectIdentifier(type)] as? Own ?? Own() }
    _modify {
      // Taken out meanwhile, so that what it holds is changed in place.
      var own = kept.removeValue(forKey: ObjectIdentifier(type)) as? Own ?? Own()
      defer { kept[ObjectIdentifier(type)] = own }
      yield &own
    }
  }
}

extension State {
  /// What a page keeps.
  public subscript<Own: PageState>(type: Own.Type) -> Own {
    get { pages[type] }
    _modify { yield &pages[type] }
  }
}
