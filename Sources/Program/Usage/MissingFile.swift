import Formats
import Glibc
import Studies

/// A file that is not there: which one was meant most likely.
enum MissingFile {
  /// Something that one may have meant, and what is said of it.
  typealias Word = (word: String, phrase: String)

  /// Opens something by a path that a person typed.
  /// - Parameter words: other things that could have been meant
  /// - Throws: what `open` throws; where the file is not there, with the nearest name behind it.
  static func suggesting<Opened>(
    _ path: String, _ words: @autoclosure () -> [Word] = [], _ open: () throws -> Opened
  ) throws -> Opened {
    do {
      return try open()
    } catch let error as FormatError where error.kind == .missingInput && error.file == path {
      guard case .failure(let text) = error.problem, !isThere(path),
        let nearest = nearest(to: path, words())
      else { throw error }
      throw FormatError(
        .missingInput, file: path, part: error.part, .failure("\(text); nearest: \(nearest)"))
    }
  }

  /// Whether there is anything of that name.
  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 || errno != ENOENT }

  /// The digits, and what else one may have meant to open.
  static var digits: [Word] {
    BuiltIns.digitNames.map { ($0, "the digit \($0)") }
      + BuiltIns.modelNames.map { ($0, "--model \($0)") }
  }

  /// The built-in models.
  static var models: [Word] { BuiltIns.modelNames.map { ($0, "the model \($0)") } }

  private static func nearest(to path: String, _ words: [Word]) -> String? {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { String(path[...$0]) } ?? ""
    let files = self.files(in: folder.isEmpty ? "." : folder)
    let others = slash == nil ? words : []
    // A file is meant before a word, and a word has no ending: `sevn.npy` may be the digit.
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    guard
      let likely = likelyName(for: name, among: files + others.map(\.word))
        ?? likelyName(for: stem, among: others.map(\.word))
    else { return nil }
    if files.contains(likely) { return folder + likely }
    return others.first { $0.word == likely }?.phrase
  }

  /// The names in a folder, of a very large one as many as are read at once.
  private static func files(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while names.count < 4096, let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
