import Foundation
import TestSupport
import Testing

/// Calls of the system that fail on purpose, in the program itself: `Tests/Faults/faults.c`, loaded
/// before the C library.
enum Faults {
  /// The library, compiled once by the compiler that Swift comes with; nil where there is none.
  static let library: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let compilers = ["clang", "cc"].flatMap { name in folders.map { "\($0)/\(name)" } }
    guard
      let compiler = compilers.first(where: { FileManager.default.isExecutableFile(atPath: $0) })
    else { return nil }
    let path = Program.url.deletingLastPathComponent().appending(path: "faults-\(getpid()).so")
      .path()
    let made = try? Subprocess(
      URL(filePath: compiler),
      ["-shared", "-fPIC", "-O1", "-o", path, Repository.path("Tests/Faults/faults.c"), "-ldl"])
    return made?.status == 0 ? path : nil
  }()

  /// A call that fails, and how.
  struct Fault: Sendable, CustomTestStringConvertible {
    let call: String
    /// 0: only one byte is read or written.
    let error: Int32
    /// Whether all later ones fail too.
    var stays = false
    /// Whether nothing must be seen of it.
    var isHarmless: Bool { error == 0 || error == EINTR }

    var testDescription: String {
      "\(call): \(error == 0 ? "one byte" : String(cString: strerror(error)))\(stays ? " from then on" : "")"
    }

    static let all = [
      Fault(call: "write", error: ENOSPC, stays: true), Fault(call: "write", error: EIO),
      Fault(call: "write", error: 0), Fault(call: "write", error: EINTR),
      Fault(call: "read", error: EIO), Fault(call: "read", error: 0),
      Fault(call: "read", error: EINTR),
      Fault(call: "open", error: ENOSPC, stays: true), Fault(call: "open", error: EMFILE),
      Fault(call: "fsync", error: EIO), Fault(call: "rename", error: EIO),
      Fault(call: "close", error: ENOSPC),
    ]
  }

  /// Runs the program again and again, until the fault comes behind its last call: the first call fails,
  /// the second, and so on.
  /// - Parameters:
  ///   - prepare: what is in the folder before each run
  ///   - lists: whether what cannot be read is listed in lines before the last, as bad data
  ///   - check: what must hold after a run
  /// - Returns: how often the fault came.
  @discardableResult
  static func walk(
    _ fault: Fault, _ arguments: [String], prepare: (TemporaryFolder) throws -> Void = { _ in },
    lists: Bool = false, check: (Subprocess, TemporaryFolder) throws -> Void
  ) throws -> Int {
    let library = try #require(Faults.library)
    for number in 1...500 {
      let isOver = try TemporaryFolder.with { folder in
        try prepare(folder)
        let seen = folder.path("seen")
        var environment = [
          "LD_PRELOAD": library, "FAULT_CALL": fault.call, "FAULT_AT": "\(number)",
          "FAULT_ERROR": "\(fault.error)", "FAULT_SEEN": seen,
        ]
        if fault.stays { environment["FAULT_STAYS"] = "1" }
        let run = try Program.run(
          arguments.map { $0.replacing("$", with: folder.path) }, environment: environment)
        let came = FileManager.default.fileExists(atPath: seen)
        try? FileManager.default.removeItem(atPath: seen)
        let what = "\(fault.testDescription), call \(number): \(run.status) \(run.err)"
        #expect([0, 66, 73, 74].contains(run.status) || lists && run.status == 65, "\(what)")
        if run.status != 0 {
          #expect(run.err.hasPrefix("dropscope: ") && run.err.last == "\n", "\(what)")
          #expect(lists || run.err.split(separator: "\n").count == 1, "\(what)")
        }
        if fault.isHarmless || !came { #expect(run.status == 0, "\(what)") }
        let hidden = folder.names.filter { $0.hasPrefix(".") }
        #expect(hidden == [], "\(what)")
        try check(run, folder)
        return !came
      }
      if isOver { return number - 1 }
    }
    Issue.record("\(fault.testDescription): no end after 500 calls")
    return 500
  }
}
