/// What is said over the screen: a text, what it is about, a question, a line of PyTorch.
public struct Narration: Hashable, Sendable {
  /// The text, with the names of numbers in it.
  public internal(set) var caption: String
  /// What it is about.
  public internal(set) var highlights: [Highlight] = []
  /// What is asked.
  public internal(set) var question: Question?
  /// The answer that was given last.
  public internal(set) var answer: Int?
  /// The line of PyTorch.
  public internal(set) var pytorch: String?

  init(_ caption: String = "") { self.caption = caption }

  /// The question, until it is answered rightly.
  var openQuestion: Question? { question.flatMap { $0.right == answer ? nil : $0 } }
}
