/// A lesson: a script that explains something step by step, and what it begins with.
public struct Lesson: Sendable {
  /// What commands and scripts call it.
  public let name: String
  /// Its title.
  public let title: String
  /// What people ask, in their words.
  public let question: String
  /// The script.
  public let script: Script
  /// The state that the script's head opens.
  let open: @Sendable () throws -> State
  /// What is done between one key and the next.
  let steps: [[Action]]

  /// A lesson of a script.
  /// - Parameters:
  ///   - name: what it is called where the script does not say
  ///   - open: opens what the script's head says
  public init(
    _ script: Script, name: String, open: @escaping @Sendable () throws -> State
  ) {
    self.script = script
    self.name = script.header.lesson?.name ?? name
    title = script.header.lesson?.title ?? name
    question = script.header.asks ?? ""
    self.open = open
    var (steps, step): ([[Action]], [Action]) = ([], [])
    for action in script.steps.map(\.action) {
      if action == .lesson(.wait(.key)) {
        steps.append(step)
        step = []
      } else {
        step.append(action)
      }
    }
    self.steps = step.isEmpty && !steps.isEmpty ? steps : steps + [step]
  }

  /// How many steps it has.
  public var count: Int { steps.count }

  /// The lesson of a name, or of a number from 1.
  /// - Returns: nil where there is none.
  public static func find(_ name: String, among lessons: [Lesson]) -> Lesson? {
    if let number = Int(name), lessons.indices.contains(number - 1) { return lessons[number - 1] }
    return lessons.first { $0.name == name }
  }
}

extension Script {
  /// Whether it waits for a person somewhere: it explains something.
  public var isLesson: Bool { steps.contains { $0.action == .lesson(.wait(.key)) } }
}
