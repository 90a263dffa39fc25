import Glibc
import Testing

/// Compares text with a file beside the tests. With RECORD=1 in the environment the file is written
/// instead and the test fails, so that a recording is always looked at before it counts.
func expectSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  let path = "/\(folder)/Snapshots/\(name).txt"
  if getenv("RECORD") != nil {
    let file = fopen(path, "w")
    fputs(text + "\n", file)
    fclose(file)
    Issue.record("recorded \(name); look at it and run again", sourceLocation: sourceLocation)
    return
  }
  guard let expected = contents(path) else {
    Issue.record("no snapshot \(name); record it with RECORD=1", sourceLocation: sourceLocation)
    return
  }
  #expect(text + "\n" == expected, "screen \(name) changed", sourceLocation: sourceLocation)
}

/// The text of a file of the repository; nil where it cannot be read.
func contents(of file: String) -> String? {
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return contents("/\(root)/\(file)")
}

func contents(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
  return String(decoding: bytes, as: UTF8.self)
}
