/// What scripts and lessons keep: what they say, what they wait for, and which lessons there are.
private struct LessonState: PageState {
  var narration: Narration?
  var held: [Action] = []
  var session: LessonSession?
  var readLessons: @Sendable () -> [Lesson] = { [] }
  var finished: Set<String> = []
}

extension State {
  /// What a script says over the screen; nil where it says nothing.
  public internal(set) var narration: Narration? {
    get { self[LessonState.self].narration }
    _modify { yield &self[LessonState.self].narration }
  }
  /// What a script does once the work is done that it waits for.
  var held: [Action] {
    get { self[LessonState.self].held }
    _modify { yield &self[LessonState.self].held }
  }
  /// The lesson that is under way.
  var session: LessonSession? {
    get { self[LessonState.self].session }
    _modify { yield &self[LessonState.self].session }
  }
  /// The lessons there are, read where somebody looks for them: that takes as long as a quarter of all
  /// that comes before the first frame.
  public var lessons: [Lesson] {
    get { readLessons() }
    set { readLessons = { newValue } }
  }
  /// Reads the lessons, or remembers them.
  public var readLessons: @Sendable () -> [Lesson] {
    get { self[LessonState.self].readLessons }
    _modify { yield &self[LessonState.self].readLessons }
  }
  /// The names of those that are done.
  public var finishedLessons: Set<String> {
    get { self[LessonState.self].finished }
    _modify { yield &self[LessonState.self].finished }
  }
}
