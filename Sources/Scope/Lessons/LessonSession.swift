import Studies

/// Where a person is in a lesson.
struct LessonSession: Sendable {
  /// The lesson.
  let lesson: Lesson
  /// The step that is seen.
  var step = 0
  /// How each step was left that nobody touched, so that going back shows it as it was.
  var steps: [State] = []
  /// Whether the person tried something in this step; the next one begins as if they had not.
  var isTouched = false
  /// What the lesson laid on the maps.
  var top: State.Overlay?
  /// What is there again when the lesson is left; one state, in an array since it holds a session too.
  let outside: [State]

  /// Whether nothing comes after this step.
  var isLast: Bool { step == lesson.count - 1 }
}

extension State {
  /// The lesson that is under way, and its step from 0.
  public var lessonPlace: (lesson: Lesson, step: Int)? { session.map { ($0.lesson, $0.step) } }

  /// Whether nothing lies on a lesson: what the lesson itself laid on the maps, or a page, is part of it.
  var isLessonOnTop: Bool {
    guard let session else { return false }
    switch (overlay, session.top) {
    case (nil, _), (.page, _), (.grid, .grid), (.inspector, .inspector): return true
    case (let overlay, let own): return overlay == own
    }
  }

  /// Does what a script says to who looks, or goes through a lesson.
  mutating func update(_ action: LessonAction) -> [Effect] {
    switch action {
    case .caption(let text): narration = Narration(text)
    case .highlight(let highlight): narrate { $0.highlights.append(highlight) }
    case .ask(let question): narrate { $0.question = question }
    case .pytorch(let line): narrate { $0.pytorch = line }
    // Without a lesson nobody is waited for.
    case .wait(.key): break
    case .wait(.work(let masks)): awaitWork(masks)
    case .begin(let name): return begin(name)
    case .turn(let steps): return turn(by: steps)
    case .answer(let index):
      if let question = narration?.openQuestion, question.answers.indices.contains(index) {
        narrate { $0.answer = index }
      }
    }
    return []
  }

  private mutating func narrate(_ change: (inout Narration) -> Void) {
    var changed = narration ?? Narration()
    change(&changed)
    narration = changed
  }

  private mutating func begin(_ name: String) -> [Effect] {
    guard let lesson = Lesson.find(name, among: lessons) else {
      let nearest = nearestNames(to: name, among: lessons.map(\.name), limit: 3)
      message =
        nearest.isEmpty
        ? "there are no lessons here"
        : "no lesson \(name); nearest: \(nearest.joined(separator: ", "))"
      return []
    }
    do {
      let first = try lesson.open()
      let outside = session?.outside ?? [self]
      var effects = replace(by: first)
      narration = Narration()
      effects += carryOut(lesson.steps[0])
      session = LessonSession(lesson: lesson, top: overlay, outside: outside)
      return effects + arrive()
    } catch {
      message = "lesson \(name): \(error)"
      return []
    }
  }

  private mutating func turn(by steps: Int) -> [Effect] {
    guard var session else {
      message = "no lesson is under way; T lists them"
      return []
    }
    let next = session.step + steps.signum()
    guard next >= 0 else {
      message = "this is the first step"
      return []
    }
    guard next < session.lesson.count else { return finish(session) }
    session.keep(self)
    var effects: [Effect]
    if session.steps.indices.contains(next) {
      effects = replace(by: session.steps[next])
    } else {
      effects = replace(by: session.steps[session.step])
      let rest = held
      held = []
      effects += carryOut(rest)
      narration = Narration()
      effects += carryOut(session.lesson.steps[next])
    }
    (session.step, session.isTouched, session.top) = (next, false, overlay)
    self.session = session
    return effects + arrive()
  }

  /// A lesson whose last step was seen is done.
  private mutating func arrive() -> [Effect] {
    guard let session, session.isLast, lessons.contains(where: { $0.name == session.lesson.name }),
      finishedLessons.insert(session.lesson.name).inserted
    else { return [] }
    return [.keepProgress]
  }

  /// Goes back to the list, to the lesson that comes next.
  private mutating func finish(_ session: LessonSession) -> [Effect] {
    let effects = leaveLesson()
    open(.learn)
    let index = lessons.firstIndex { $0.name == session.lesson.name } ?? 0
    overlay = .page(.learn, selected: ListMark(min(index + 1, max(0, lessons.count - 1))))
    message = "\(session.lesson.title) is done"
    return effects
  }

  /// Ends the lesson: all is as it was before.
  mutating func leaveLesson() -> [Effect] {
    guard let outside = session?.outside.first else { return [] }
    return replace(by: outside)
  }

  /// Becomes another state, but for what belongs to the screen and the person.
  private mutating func replace(by other: State) -> [Effect] {
    var next = other
    (next.size, next.theme, next.keymap) = (size, theme, keymap)
    (next.isMouseOn, next.showsHints, next.promptHistory) = (isMouseOn, showsHints, promptHistory)
    (next.readLessons, next.finishedLessons) = (readLessons, finishedLessons)
    (next.lastWork, next.runningWork) = (max(lastWork, other.lastWork), runningWork)
    next.message = nil
    let ticked = isResampling
    self = next
    clampCursor()
    guard isResampling != ticked else { return [] }
    return [
      isResampling ? .startTicking(milliseconds: State.tickMilliseconds) : .stopTicking
    ]
  }
}

extension LessonSession {
  /// Keeps the step that is left, as it is where nobody touched it.
  fileprivate mutating func keep(_ state: State) {
    guard !isTouched || !steps.indices.contains(step) else { return }
    var state = state
    state.session = nil
    if steps.indices.contains(step) { steps[step] = state } else { steps.append(state) }
  }

  /// Keeps the step before it is touched for the first time.
  mutating func touch(_ state: State) {
    guard !isTouched else { return }
    keep(state)
    isTouched = true
  }
}
