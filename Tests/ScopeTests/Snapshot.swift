import TestSupport
import Testing

/// Compares a screen with a file beside the tests; RECORD=1 writes it, and fails.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  expectSnapshot(
    text + "\n", at: "Tests/ScopeTests/Snapshots/\(name).txt", sourceLocation: sourceLocation)
}
