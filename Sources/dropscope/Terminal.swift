import Glibc

/// The standard streams, written unbuffered and whole.
enum Terminal {
  static func write(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }
  static func writeError(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
    }
  }
}
