/// What a script says to whoever looks at it, and how a person goes through a lesson.
public enum LessonAction: Hashable, Sendable {
  /// Text over the screen, in which `{p}` and its like stand for numbers; begins a new explanation.
  case caption(String)
  /// Marks what the text is about.
  case highlight(Highlight)
  /// Asks something, below the text.
  case ask(Question)
  /// The line of PyTorch that does the same.
  case pytorch(String)
  /// Goes on only after a key, or when work is done.
  case wait(Wait)
  /// Begins the lesson of a name.
  case begin(String)
  /// Goes so many steps on.
  case turn(by: Int)
  /// Answers the open question by the number of an answer.
  case answer(Int)

  /// What a script waits for.
  public enum Wait: Hashable, Sendable {
    /// A person.
    case key
    /// The work that goes on: until nothing is left of it or, for samples, until there are so many.
    case work(masks: Int?)
  }
}
