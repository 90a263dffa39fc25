import NeuralNet
public import TensorCore

/// Whatever a person opens: a picture, an array of numbers, or one item of a file of many. What it is
/// is told by its bytes; the name only decides whether text is rows of numbers.
public struct InputFile: Sendable {
  /// The file's name as it was given.
  public let name: String
  /// What it is; inside gzip, what that holds.
  public let kind: FileKind
  /// What it holds.
  public let content: FileContent
  /// What the item is: the label in a CSV file's row, or in the file of labels beside one of images in
  /// IDX; nil where nothing says it.
  public private(set) var label: String?

  /// Whether the file says of what element type its numbers are.
  public var isTyped: Bool { kind == .npy || kind.readTensor != nil }

  /// Reads a file (`-` is standard input).
  /// - Parameters:
  ///   - index: which item of an IDX file or row of a CSV file; 0 where nil. An NPY file comes
  ///     whole: whether its first dimension counts items, only the caller knows.
  ///   - tensor: which array of an NPZ or safetensors file; the only one where nil
  /// - Throws: `FormatError` where the file cannot be read, is of a kind that is not understood or
  ///   another than its name says, has an index without holding items, or is damaged.
  public static func read(
    _ path: String, index: Int? = nil, tensor: String? = nil
  ) throws(FormatError) -> InputFile {
    var file = try InputFile(
      try FileBytes.read(path), named: path, index: index, tensor: tensor)
    if file.kind == .idx, case .item(_, _, let index, let count) = file.content {
      file.label = LabelledIDX.label(index, of: count, besides: path).map(String.init)
    }
    return file
  }

  /// Reads a file's bytes as `read(_:index:)` does.
  public init(
    _ bytes: [UInt8], named name: String, index: Int? = nil, tensor: String? = nil
  ) throws(FormatError) {
    let isGzip = Gzip.isGzip(bytes)
    let plain = isGzip ? try Gzip.inflate(bytes, named: name) : bytes
    let kind = FileKind(sniffing: plain)
    if let index, !kind.holdsItems {
      throw FormatError(
        name, "item \(index)", expected: "an IDX, NPY or CSV file", found: "\(kind)")
    }
    if let readTensor = kind.readTensor {
      let opened = try readTensor(plain, name, tensor)
      (self.name, self.kind, content, label) = (name, kind, opened.content, opened.label)
      return
    }
    if let tensor {
      throw FormatError(
        name, "tensor \(tensor)", expected: "an NPZ or safetensors file", found: "\(kind)")
    }
    let wanted = FileKind.expected(ofName: name, insideGzip: isGzip)
    guard let read = kind.read, !kind.asksName || wanted == nil || wanted == kind else {
      throw FormatError(
        name, expected: wanted.map { "\($0)" } ?? FileKind.readable, found: "\(kind)")
    }
    let opened = try read(plain, name, index)
    (self.name, self.kind, content, label) = (name, kind, opened.content, opened.label)
  }

  /// The numbers of an NPY or CSV file, such as a mask, whatever its rows may mean.
  /// - Throws: `FormatError` for other kinds too.
  public static func numbers(_ path: String) throws(FormatError) -> Tensor {
    let bytes = try FileBytes.read(path)
    let plain = Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, named: path) : bytes
    let kind = FileKind(sniffing: plain)
    if kind == .text { return try CSV.tensor(from: plain, named: path) }
    guard kind == .npy, let tensor = try NPY.value(from: plain, named: path).floats else {
      throw FormatError(path, expected: "numbers as NPY or CSV", found: "\(kind)")
    }
    return tensor
  }
}
