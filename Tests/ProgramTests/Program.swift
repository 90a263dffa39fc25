import Foundation

/// The built program, run as a person would.
enum Program {
  /// The binary that was built beside these tests.
  static let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "dropscope")

  struct Result {
    let status: Int32
    let out: String
    let err: String
  }

  /// Runs it without a terminal and waits for its end.
  static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
    try run(arguments, environment: environment)
  }

  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: a pipe that nobody empties would stop the program.
    return try TemporaryFolder.with { folder in
      let (out, err) = (folder.path("out"), folder.path("err"))
      for path in [out, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
      process.standardOutput = FileHandle(forWritingAtPath: out)
      process.standardError = FileHandle(forWritingAtPath: err)
      try process.run()
      process.waitUntilExit()
      return Result(
        status: process.terminationReason == .uncaughtSignal ? -1 : process.terminationStatus,
        out: try String(contentsOfFile: out, encoding: .utf8),
        err: try String(contentsOfFile: err, encoding: .utf8))
    }
  }
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
