import Glibc

/// What a path that is to be written leads to.
enum WriteTarget {
  /// A standard stream of the program's own.
  case stream(CInt, name: String)
  /// A device, a pipe, or a link to nothing: written as it is.
  case inPlace
  /// A file that is replaced as a whole, links followed; its mode where it is there already.
  case file(String, mode: mode_t?)

  /// - Throws: `FormatError` of kind `cannotWrite` where the path is no file's, or the file there may
  ///   not be written.
  init(_ path: String) throws(FormatError) {
    switch path {
    case "-", "/dev/stdout":
      self = .stream(STDOUT_FILENO, name: "standard output")
      return
    case "/dev/stderr":
      self = .stream(STDERR_FILENO, name: "standard error")
      return
    default: break
    }
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw FileBytes.cannotWrite(path, "not a file's name")
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link to nothing is followed by opening it; anything else that is not there is made.
      var link = stat()
      self = lstat(path, &link) == 0 ? .inPlace : .file(WriteTarget.real(path), mode: nil)
      return
    }
    if status.isDirectory {
      throw FormatError(
        .cannotWrite, file: path, .mismatch(expected: "a file", found: "a directory"))
    }
    guard status.isRegular, !path.hasPrefix("/dev/fd/") else {
      self = .inPlace
      return
    }
    // Renaming another over it would not ask whether the file itself may be written.
    guard access(path, W_OK) == 0 else { throw FileBytes.cannotWrite(path, systemMessage()) }
    guard let target = realpath(path, nil) else {
      throw FileBytes.cannotWrite(path, systemMessage())
    }
    defer { free(target) }
    self = .file(String(cString: target), mode: status.st_mode & 0o7777)
  }

  /// The one path of a file still to be made; as it is where there is no such folder.
  private static func real(_ path: String) -> String {
    let folder = folder(of: path)
    guard let real = realpath(folder.isEmpty ? "." : folder, nil) else { return path }
    defer { free(real) }
    let start = String(cString: real)
    return (start.hasSuffix("/") ? start : start + "/") + path.dropFirst(folder.count)
  }

  /// The path of a hidden file beside another, called after it: `net.onnx` → `.net.onnx.part`.
  static func hidden(_ end: String, beside target: String) -> String {
    let name = target.split(separator: "/").last ?? ""
    // File systems take 255 bytes a name; what is cut off a longer one its hash stands for.
    let most = 200
    guard name.utf8.count > most else { return "\(folder(of: target)).\(name).\(end)" }
    let hash = SHA256.digest(of: Array(name.utf8)).prefix(8).map { String($0, radix: 16) }.joined()
    let head = String(decoding: name.utf8.prefix(most - 20).prefix { $0 < 0x80 }, as: UTF8.self)
    return "\(folder(of: target)).\(head)-\(hash).\(end)"
  }

  /// The folder a path lies in, with the slash behind it; empty for a name alone.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
