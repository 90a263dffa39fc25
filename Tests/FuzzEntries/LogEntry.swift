import Formats
import Program
import Scope

extension FuzzEntry {
  /// Logs of trainings that are followed while they grow: whole lines only, and each is one or is told.
  static let log = FuzzEntry("log", readers: ["FileTail"], longest: 2048, share: 2) { bytes in
    NamelessFile.with(bytes) { path in
      if let tail = try? FileTail(path) {
        expect(bytes.starts(with: tail.bytes) && tail.end == tail.bytes.count, "\(tail)")
        expect(tail.bytes.isEmpty || tail.bytes.last == UInt8(ascii: "\n"), "half a line")
      }
      _ = try? FollowedLog(path)
    }
  }
}
