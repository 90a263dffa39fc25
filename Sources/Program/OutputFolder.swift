import Formats
import Glibc

/// A folder to write files into, made where it is not there.
struct OutputFolder {
  private let path: String

  /// - Throws: `Failure` where it cannot be made, or is no folder.
  init(_ path: String) throws {
    self.path = path
    guard !path.isEmpty else { throw Failure(usage: "--output: expected a folder, found nothing") }
    if mkdir(path, 0o777) != 0, errno != EEXIST {
      throw Failure(
        .cannotWrite, "\(path): cannot make the folder: \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure(.cannotWrite, "\(path): expected a folder, found a file")
    }
  }

  /// Writes one file of it, all or nothing.
  func write(_ bytes: [UInt8], as name: String) throws {
    try FileBytes.write(bytes, to: "\(path)/\(name)")
  }

  /// A file's name for each value's, no two the same: `a/b:0` → `a_b_0.npy`, and `a_b_0-2.npy` for the
  /// second that would be called so. Names too long for a file system are cut.
  static func fileNames(for values: [String]) -> [String] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    return values.map { value in
      // All characters are ASCII: one byte each.
      let plain = plainName(value)
      var name = plain
      while !taken.insert(name).inserted {
        let number = next[plain, default: 2]
        next[plain] = number + 1
        name = "\(plain)-\(number)"
      }
      return name + ".npy"
    }
  }

  /// A name in which no system sees anything but a name: `half/1` → `half_1`.
  static func plainName(_ name: String) -> String {
    let plain = String(
      name.unicodeScalars.prefix(longestName).map { isPlain($0) ? Character($0) : "_" })
    return plain.allSatisfy { $0 == "." } ? "_" : plain
  }

  /// File systems take 255 bytes; a number and the ending are to fit too.
  private static let longestName = 200

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
  }
}
