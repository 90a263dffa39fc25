import Foundation

/// A folder of its own for a test, gone with all that is in it when nothing holds it any more.
package final class TemporaryFolder: Sendable {
  /// Its path, without a slash at the end.
  package let path: String
  private let isOwner: Bool

  /// Makes a folder.
  /// - Throws: what Foundation throws where it cannot be made.
  package init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "dropscope-\(UUID().uuidString)")
      .path()
    isOwner = true
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  private init(inside path: String) throws {
    (self.path, isOwner) = (path, false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { if isOwner { try? FileManager.default.removeItem(atPath: path) } }

  /// Makes a folder that is gone after `body`.
  /// - Throws: what `body` throws, or Foundation where the folder cannot be made.
  package static func with<R>(_ body: (TemporaryFolder) throws -> R) throws -> R {
    let folder = try TemporaryFolder()
    return try withExtendedLifetime(folder) { try body(folder) }
  }

  /// Makes a folder in this one, which is gone with it.
  /// - Throws: what Foundation throws where it cannot be made.
  package func folder(_ name: String) throws -> TemporaryFolder {
    try TemporaryFolder(inside: path(name))
  }

  /// The path of something in it.
  package func path(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of what is in it, in order.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  /// Writes a file; returns its path.
  /// - Throws: what Foundation throws where it cannot be written.
  @discardableResult
  package func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  /// Writes a text as a file; returns its path.
  /// - Throws: what Foundation throws where it cannot be written.
  @discardableResult
  package func write(_ text: String, _ name: String) throws -> String {
    try write(Array(text.utf8), name)
  }
}
