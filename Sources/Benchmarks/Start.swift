import Glibc

extension Benchmark {
  /// From starting the program to its first whole frame, on a terminal.
  static let start = Benchmark(
    name: "start", summary: "from starting the program to its first frame", unit: "starts"
  ) { _ in
    let program = try beside("dropscope")
    return Work(count: 1) {
      let terminal = try PseudoTerminal(program)
      try terminal.read(until: endOfFrame)
      terminal.type("q")
      terminal.finish()
    }
  }

  /// From a key to the bytes of its frame, on a terminal that is open already.
  static let keyToScreen = Benchmark(
    name: "key-to-screen", summary: "from the key r to the last byte of its frame, 80×24",
    unit: "frames"
  ) { _ in
    let terminal = try PseudoTerminal(try beside("dropscope"))
    try terminal.read(until: endOfFrame)
    return Work(count: 1) {
      terminal.type("r")
      try terminal.read(until: endOfFrame)
    }
  }

  /// The end of a synchronized update: what the screen sends after each frame.
  static let endOfFrame = "\u{1B}[?2026l"

  /// The path of a program built into the same folder as this one.
  static func beside(_ name: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(
      decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/\(name)"
    guard access(path, X_OK) == 0 else {
      throw PseudoTerminal.Failure(
        description: "\(path) is missing: swift build -c release --product \(name)")
    }
    return path
  }
}
