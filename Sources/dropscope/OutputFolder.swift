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

  /// A file's name for each value's: `a/b:0` → `a_b_0.npy`.
  /// - Throws: `Failure` where two values would share a file.
  static func fileNames(for values: [String]) throws -> [String] {
    var owners: [String: String] = [:]
    return try values.map { value in
      let plain = value.unicodeScalars.map { isPlain($0) ? Character($0) : "_" }
      let name = String(plain) + ".npy"
      if let other = owners.updateValue(value, forKey: name), other != value {
        throw Failure(.badData, "outputs \(other) and \(value) would both be \(name)")
      }
      return name
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
    default: false
    }
  }
}
