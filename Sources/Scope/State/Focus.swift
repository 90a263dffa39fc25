extension State {
  /// The panel that `e` enlarges. While two settings are compared the maps are those of A, of B and
  /// their difference.
  public enum Focus: CaseIterable, Hashable, Sendable {
    /// The first map: without dropout.
    case clean
    /// The second map.
    case mask
    /// The third map.
    case result
    /// The thumbnails.
    case channels
    /// The network's input.
    case input
    /// The numbers.
    case meters

    /// The maps, from the left.
    static let maps: [Focus] = [.clean, .mask, .result]
  }

  /// Goes on to another panel: one that is on the screen or, enlarged, any. While two settings are
  /// compared it goes to the other one.
  mutating func changeFocus(by step: Int) {
    if let side = comparison?.side, !isEnlarged {
      focus(on: side.other)
      focus = comparison?.side == .a ? .clean : .mask
      return
    }
    let panels = focusable
    guard !panels.isEmpty else { return }
    let index = panels.firstIndex(of: focus) ?? (step > 0 ? -1 : 0)
    focus = panels[((index + step) % panels.count + panels.count) % panels.count]
    if comparison != nil, focus != .result { focus(on: focus == .clean ? .a : .b) }
  }

  private var focusable: [Focus] {
    if comparison != nil { return Focus.maps }
    if isEnlarged { return Focus.allCases }
    return ScreenLayout(self).map { layout in Focus.allCases.filter { layout.shows($0) } } ?? []
  }

  /// Enlarges the panel in focus, or makes it small again.
  mutating func toggleEnlarged() {
    isEnlarged.toggle()
    // The difference can be enlarged but takes no keys.
    if !isEnlarged, let side = comparison?.side { focus = side == .a ? .clean : .mask }
  }

  /// Closes what lies on top: a filter, a panel over the maps, else the lesson, else the enlarged panel,
  /// else the comparison.
  mutating func closeTop() -> [Effect] {
    if isLessonOnTop { return leaveLesson() }
    if let mark = overlay?.mark, mark.isFiltering || !mark.filter.isEmpty {
      clearFilter()
    } else if overlay != nil {
      uncover()
    } else if isEnlarged {
      toggleEnlarged()
    } else if comparison != nil {
      endComparison()
    }
    return []
  }
}
