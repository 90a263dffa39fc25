import Foundation

/// Another program, run to its end.
struct Subprocess {
  let status: Int32
  let out: String
  let err: String

  /// Runs a program without a terminal. What it prints goes to files: a pipe would stop it when full,
  /// and never end while a server that was started meanwhile holds the other end.
  init(_ url: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    (status, out, err) = try TemporaryFolder.with { folder in
      let (out, err) = (folder.path("out"), folder.path("err"))
      for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
      process.standardOutput = FileHandle(forWritingAtPath: out)
      process.standardError = FileHandle(forWritingAtPath: err)
      try process.run()
      process.waitUntilExit()
      return (
        process.terminationReason == .uncaughtSignal ? -1 : process.terminationStatus,
        try String(contentsOfFile: out, encoding: .utf8),
        try String(contentsOfFile: err, encoding: .utf8)
      )
    }
  }
}

/// The built program, run as a person would.
enum Program {
  /// The binary that was built beside these tests.
  static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "dropscope")

  static func run(_ arguments: String...) throws -> Subprocess { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Subprocess { try Subprocess(url, arguments) }
}

/// A folder that is gone after the test.
struct TemporaryFolder {
  let url: URL

  static func with<R>(_ body: (TemporaryFolder) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "dropscope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(TemporaryFolder(url: url))
  }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try write(Array(text.utf8), name)
  }
}

/// Reference numbers and data, kept beside the package and no part of it.
enum Shared {
  static let url = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared")

  static func path(_ name: String) -> String { url.appending(path: name).path() }
  static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}
