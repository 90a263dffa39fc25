import Foundation
package import Testing

/// Compares text with a file of the repository. With RECORD=1 in the environment the file is written
/// instead and the test fails, so that a recording is always looked at before it counts.
package func expectSnapshot(
  _ text: String, at name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  if ProcessInfo.processInfo.environment["RECORD"] != nil {
    do {
      try Data(text.utf8).write(to: URL(filePath: Repository.path(name)))
      Issue.record("recorded \(name); look at it and run again", sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(name): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let expected = try? Repository.text(name) else {
    Issue.record("no \(name); record it with RECORD=1", sourceLocation: sourceLocation)
    return
  }
  guard text != expected else { return }
  Issue.record("\(name) changed to\n\(text)", sourceLocation: sourceLocation)
}
