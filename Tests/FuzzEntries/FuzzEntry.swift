/// One thing that hostile bytes are given to: whatever they are, it must end in a result or in a thrown
/// error, in bounded time and memory. A trap, a report of a sanitizer and a `preconditionFailure` here
/// are findings.
package struct FuzzEntry: Sendable {
  /// What it is called on the command line, and its folder in `Tests/Fuzz/Corpus`.
  package let name: String
  /// The types and functions of `Sources` that take a file's bytes and are reached here.
  package let readers: [String]
  /// The longest input that is worth trying, in bytes.
  package let longest: Int
  /// How many of the inputs of all entries together it gets, in parts: more where one takes less time.
  package let share: Int
  /// What is done with an input.
  package let run: @Sendable ([UInt8]) -> Void

  init(
    _ name: String, readers: [String] = [], longest: Int, share: Int,
    run: @escaping @Sendable ([UInt8]) -> Void
  ) {
    (self.name, self.readers, self.longest, self.share) = (name, readers, longest, share)
    self.run = run
  }

  /// The entry of a name.
  package static func named(_ name: String) -> FuzzEntry? { all.first { $0.name == name } }
}

/// Ends the program where what must hold does not.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
