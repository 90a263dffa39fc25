import Glibc

/// The files beside a model that hold its tensors: where they may lie, which a message names, and how
/// they come beside a copy of the model.
struct ONNXExternalFiles {
  /// The model's file.
  let model: String
  /// The paths of the files in its folder.
  let locations: Set<String>

  /// The path of a file that a model names, as messages say it.
  static func path(_ location: String, beside model: String) -> String {
    WriteTarget.folder(of: model) + location
  }

  /// Opens a file that a model names.
  /// - Throws: `FormatError` where it is no regular file in the model's folder, reached without any
  ///   link: a model must not be able to have any file of the machine read. (A second name of the same
  ///   file, a hard link, cannot be told from the first.)
  static func open(
    _ location: String, beside model: String, part: String
  ) throws(FormatError) -> ByteSource {
    let path = path(location, beside: model)
    let names = location.split(separator: "/").filter { $0 != "." }
    guard let name = names.last, !location.hasPrefix("/"), !location.hasSuffix("/"),
      !location.utf8.contains(0), !names.contains("..")
    else { throw outside(model, part, "\"\(location)\"") }
    let own = WriteTarget.folder(of: model)
    var folder = Glibc.open(own.isEmpty ? "." : own, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if folder >= 0 { close(folder) } }
    for name in names.dropLast() where folder >= 0 {
      let inner = openat(folder, String(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
      if inner < 0 { try check(String(name), in: folder, expects: S_IFDIR) }
      let error = errno
      close(folder)
      folder = inner
      errno = error
    }
    // Opening a pipe must not wait for who would write into it.
    let file =
      folder < 0
      ? -1
      : openat(
        folder, String(name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else {
      let reason = systemMessage()
      if folder >= 0 { try check(String(name), in: folder, expects: S_IFREG) }
      throw FormatError(.missingInput, file: path, .failure("cannot open: \(reason)"))
    }
    var status = stat()
    guard fstat(file, &status) == 0, status.isRegular else {
      close(file)
      throw outside(model, part, "\(status.kindText) \"\(location)\"")
    }
    return try ByteSource(file, named: path)

    func check(_ name: String, in folder: CInt, expects kind: mode_t) throws(FormatError) {
      let error = errno
      var status = stat()
      if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT != kind {
        throw outside(model, part, "\(status.kindText) \"\(location)\"")
      }
      errno = error
    }
  }

  private static func outside(
    _ model: String, _ part: String, _ found: String
  ) -> FormatError {
    FormatError(
      model, part, expected: "external data in a file of the model's folder, without links",
      found: found)
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
        let from = Self.path(location, beside: model)
        let to = Self.path(location, beside: path)
        guard !isSame(to, path) else {
          throw refusal(path, expected: "another name than the model's external data's", location)
        }
        if isSame(from, to) { continue }
        let source = try Self.open(location, beside: model, part: "external data")
        try makeFolders(of: location, beside: path)
        var there = stat()
        if lstat(to, &there) == 0 {
          guard let other = try? Self.open(location, beside: path, part: "external data"),
            try holds(other, source)
          else { throw refusal(path, expected: "no other file of that name beside it", location) }
          continue
        }
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
    var folder = WriteTarget.folder(of: path)
    for name in location.split(separator: "/").dropLast() {
      folder += name
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw FileBytes.cannotWrite(folder, systemMessage())
      }
      var status = stat()
      guard lstat(folder, &status) == 0, status.isDirectory else {
        throw refusal(path, expected: "folders of its own for it", location)
      }
      folder += "/"
    }
  }

  private func holds(_ other: ByteSource, _ source: ByteSource) throws(FormatError) -> Bool {
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
