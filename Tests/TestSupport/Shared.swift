import Foundation

/// Reference numbers and data, kept beside the package and no part of it: tests that read them are
/// `.enabled(if: Shared.has("data/mnist"), "needs ../shared")`.
package enum Shared {
  /// The path of a file or folder there.
  package static func path(_ name: String) -> String {
    URL(filePath: Repository.root).deletingLastPathComponent().appending(path: "shared/\(name)")
      .path()
  }

  /// Whether it is there.
  package static func has(_ name: String) -> Bool {
    FileManager.default.isReadableFile(atPath: path(name))
  }
}
