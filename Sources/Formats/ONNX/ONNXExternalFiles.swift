import Glibc

/// The files beside a model that hold its tensors: where they may lie, which a message names, and how
/// they come beside a copy of the model.
struct ONNXExternalFiles {
  /// The model's file.
  let model: String
  /// The paths of the files in its folder.
  let locations: Set<String>

  /// The path of a file that a model names.
  /// - Throws: `FormatError` where it does not lie in the model's folder: a model must not be able to
  ///   have any file of the machine read. A link may lead to where a link to the model leads.
  static func path(
    _ location: String, beside model: String, part: String
  ) throws(FormatError) -> String {
    let path = folder(of: model) + location
    guard !location.isEmpty, !location.hasPrefix("/"), !location.utf8.contains(0),
      !location.split(separator: "/").contains("..")
    else { throw outside(model, part, location) }
    // What is not there is told by whoever opens it.
    guard let target = real(path) else { return path }
    let own = folder(of: model)
    let folders = [
      real(own.isEmpty ? "." : own).map { $0.hasSuffix("/") ? $0 : $0 + "/" },
      real(model).map(folder(of:)),
    ]
    guard folders.contains(where: { $0.map(target.hasPrefix) ?? false }) else {
      throw outside(model, part, location)
    }
    return path
  }

  private static func outside(
    _ model: String, _ part: String, _ location: String
  ) -> FormatError {
    FormatError(
      model, part, expected: "external data in a file beside the model", found: "\"\(location)\"")
  }

  /// Puts the files beside another file than the model; those that are there already stay.
  /// - Returns: the paths of the files that were made.
  /// - Throws: `FormatError` where others of the same name are there, or one cannot be copied; what
  ///   was copied until then is removed.
  func copy(beside path: String) throws(FormatError) -> [String] {
    var made: [String] = []
    guard !locations.isEmpty else { return made }
    guard path != "-", !path.hasPrefix("/dev/") else {
      throw FormatError(
        .cannotWrite, file: path,
        .mismatch(
          expected: "a file, for tensors in files beside the model", found: "no folder"))
    }
    do throws(FormatError) {
      for location in locations.sorted() {
        let from = try Self.path(location, beside: model, part: "external data")
        let to = Self.folder(of: path) + location
        guard !isSame(to, path) else {
          throw refusal(path, expected: "another name than the model's external data's", location)
        }
        if isSame(from, to) { continue }
        let source = try ByteSource(path: from)
        if access(to, F_OK) == 0 {
          guard try holds(to, source) else {
            throw refusal(path, expected: "no other file of that name beside it", location)
          }
          continue
        }
        try makeFolders(of: location, beside: path)
        try FileBytes.write(ByteRope(source, 0..<source.count), to: to)
        made.append(to)
      }
    } catch {
      Self.remove(made)
      throw error
    }
    return made
  }

  /// Takes back what `copy` made.
  static func remove(_ paths: [String]) {
    for path in paths { unlink(path) }
  }

  private func refusal(_ path: String, expected: String, _ location: String) -> FormatError {
    FormatError(
      .cannotWrite, file: path, part: "external data",
      .mismatch(expected: expected, found: "\"\(location)\""))
  }

  private func makeFolders(of location: String, beside path: String) throws(FormatError) {
    var folder = Self.folder(of: path)
    for name in location.split(separator: "/").dropLast() {
      folder += name
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw FormatError(
          .cannotWrite, file: folder, .failure("cannot write: \(systemMessage())"))
      }
      folder += "/"
    }
  }

  private func holds(_ path: String, _ source: ByteSource) throws(FormatError) -> Bool {
    let other = try ByteSource(path: path)
    guard other.count == source.count else { return false }
    for start in stride(from: 0, to: source.count, by: 1 << 20) {
      let range = start..<min(source.count, start + 1 << 20)
      guard try other.bytes(range) == source.bytes(range) else { return false }
    }
    return true
  }

  /// Whether two paths lead to one file; paths to files still to be made do where they read the same.
  private func isSame(_ a: String, _ b: String) -> Bool {
    let (first, second) = (Self.real(a), Self.real(b))
    return first != nil ? first == second : second == nil && a == b
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// A path's folder with the slash after it; empty for a name alone.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}

extension ONNXExternalFiles {
  /// The messages on the way to any tensor.
  enum Message {
    case graph, node, attribute, tensor, sparse, function, training

    fileprivate func message(in field: UInt64) -> Message? {
      switch (self, field) {
      case (.graph, 1), (.function, 7): .node
      case (.node, 5), (.function, 11): .attribute
      case (.graph, 5), (.attribute, 5), (.attribute, 10), (.sparse, 1), (.sparse, 2): .tensor
      case (.attribute, 6), (.attribute, 11), (.training, 1), (.training, 2): .graph
      case (.graph, 15), (.attribute, 22), (.attribute, 23): .sparse
      default: nil
      }
    }
  }

  /// As deep as swift-protobuf reads messages in messages.
  private static let deepest = 100

  /// The files that the tensors in a message lie in.
  /// - Throws: `FormatError` where the message cannot be read.
  static func locations(
    in field: WireReader.Field, _ message: Message, _ wire: inout WireReader, depth: Int = 0
  ) throws(FormatError) -> Set<String> {
    guard depth < deepest, let fields = try wire.fields(field.content) else {
      throw FormatError(
        wire.source.name, expected: "an ONNX model", found: "a message that cannot be read")
    }
    var (found, location, isExternal) = (Set<String>(), nil as String?, false)
    for part in fields {
      if message == .tensor {
        if part.number == 14 { isExternal = try wire.number(part) == 1 }
        if part.isBlock(13), try wire.text(1, in: part.content) == "location" {
          location = try wire.text(2, in: part.content)
        }
      } else if part.wireType == 2, let inner = message.message(in: part.number) {
        found.formUnion(try locations(in: part, inner, &wire, depth: depth + 1))
      }
    }
    if isExternal, let location { found.insert(location) }
    return found
  }
}
