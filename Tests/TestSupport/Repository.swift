import Foundation

/// The folder that holds this package, found from where this file was compiled.
package enum Repository {
  /// Its path.
  package static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path()

  /// The path of a file or folder in it: `Tests/Scripts/readme.script`.
  package static func path(_ name: String) -> String { root + name }

  /// The bytes of a file in it.
  /// - Throws: what Foundation throws where it cannot be read.
  package static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path(name))))
  }

  /// The text of a file in it, in UTF-8.
  /// - Throws: what Foundation throws where it cannot be read.
  package static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }
}
