import TerminalUI

extension PageName {
  /// See `Page.learn`.
  public static let learn = PageName("learn")
}

extension Page {
  /// The lessons, with which of them are done.
  public static let learn = Page(
    name: .learn, formerName: "lessons", title: "Learn",
    summary: "lessons: what people ask, measured", letter: "T", bindings: { Bindings.learn },
    panel: { LearnPanel($0) },
    rows: Rows(
      count: { $0.lessons.count }, value: { _, _ in nil },
      text: { state, row in "\(state.lessons[row].title) \(state.lessons[row].question)" },
      area: { LearnPanel.parts(of: $0).list },
      act: { state, row in
        guard state.lessons.indices.contains(row) else { return [] }
        return state.update(.lesson(.begin(state.lessons[row].name)))
      }),
    open: { state in
      state.lessons.firstIndex { !state.finishedLessons.contains($0.name) } ?? 0
    })
}

extension Bindings {
  /// What works in the list of lessons.
  public static let learn: [Binding] = [
    moving, filter,
    Binding("Enter", "begin the lesson", hint: "begin", [(.key(.enter), .showSelection)]),
    Binding("T", "close", hint: "close", [("T", .togglePage(.learn))]),
  ]
}
