public import NeuralNet
public import TensorCore

/// Whatever a person opens: a picture, an array of numbers, or one item of a file of many. What it is
/// is told by its bytes; the name only decides whether text is rows of numbers.
public struct InputFile: Sendable {
  /// What a file holds.
  public enum Content: Sendable {
    /// A PNG or JPEG image, 0…1 in `Picture.tensor`.
    case picture(Picture)
    /// The array of an NPY file in its own type, or a CSV file's `[rows, columns]` or
    /// `[blocks, rows, columns]` as float32, as it stands.
    case numbers(Value)
    /// One item of an IDX file, or of a CSV file with an item a row: numbers as they stand, whether
    /// they are bytes (0…255, an image to be scaled), the item's index and how many there are.
    case item(Tensor, isBytes: Bool, index: Int, count: Int)
  }

  /// The file's name as it was given.
  public let name: String
  /// What it is; inside gzip, what that holds.
  public let kind: FileKind
  /// What it holds.
  public let content: Content
  /// What the item is: the label in a CSV file's row, or in the file of labels beside one of images in
  /// IDX; nil where nothing says it.
  public private(set) var label: String?

  /// What can be opened, for messages.
  public static let readable = "a PNG or JPEG image, NPY, CSV or IDX"

  /// Reads a file (`-` is standard input).
  /// - Parameter index: which item of an IDX file or row of a CSV file; 0 where nil. An NPY file comes
  ///   whole: whether its first dimension counts items, only the caller knows.
  /// - Throws: `FormatError` where the file cannot be read, is of a kind that is not understood or
  ///   another than its name says, has an index without holding items, or is damaged.
  public static func read(_ path: String, index: Int? = nil) throws(FormatError) -> InputFile {
    var file = try InputFile(try FileBytes.read(path), named: path, index: index)
    if file.kind == .idx, case .item(_, _, let index, let count) = file.content {
      file.label = LabelledIDX.label(index, of: count, besides: path).map(String.init)
    }
    return file
  }

  /// Reads a file's bytes as `read(_:index:)` does.
  public init(_ bytes: [UInt8], named name: String, index: Int? = nil) throws(FormatError) {
    try self.init(bytes, named: name, index: index, readsRowsAsItems: true)
  }

  private init(
    _ bytes: [UInt8], named name: String, index: Int? = nil, readsRowsAsItems: Bool
  ) throws(FormatError) {
    let isGzip = Gzip.isGzip(bytes)
    let plain = isGzip ? try Gzip.inflate(bytes, named: name) : bytes
    kind = FileKind(sniffing: plain)
    self.name = name
    if let index, ![.idx, .npy, .text].contains(kind) {
      throw FormatError(
        name, "item \(index)", expected: "an IDX, NPY or CSV file", found: "\(kind)")
    }
    switch kind {
    case .png: content = .picture(try PNG.picture(from: plain, named: name))
    case .jpeg: content = .picture(try JPEG.picture(from: plain, named: name))
    case .npy: content = .numbers(try NPY.value(from: plain, named: name))
    case .idx:
      let idx = try IDX(plain, named: name)
      content = .item(
        try idx.item(at: index ?? 0), isBytes: idx.header.type == .uint8, index: index ?? 0,
        count: idx.header.count)
    case .text:
      let wanted = FileKind.expected(ofName: name, insideGzip: isGzip)
      guard wanted == nil || wanted == .text else {
        throw FormatError(name, expected: "\(wanted ?? .unknown)", found: "text")
      }
      let table = try CSV.table(from: plain, named: name)
      guard readsRowsAsItems, let items = table.items(asks: index != nil) else {
        if let index {
          throw FormatError(
            name, "item \(index)", expected: "rows of a label and n×n pixels, or of n×n pixels",
            found: "rows of \(table.numbers.shape.dims.last ?? 0)")
        }
        content = .numbers(.float32(table.numbers))
        return
      }
      let row = index ?? 0
      guard (0..<items.count).contains(row) else {
        throw FormatError(
          name, "item \(row)", expected: "an index from 0 to \(items.count - 1)", found: "\(row)")
      }
      content = .item(
        items.item(at: row), isBytes: items.isBytes, index: row, count: items.count)
      label = items.label(at: row).map { $0.cut(to: 40) }
    case .empty, .gzip, .gif, .bmp, .tiff, .webp, .heif, .pdf, .zip, .hdf5, .pickle, .unknown:
      let wanted = FileKind.expected(ofName: name, insideGzip: isGzip)
      throw FormatError(
        name, expected: wanted.map { "\($0)" } ?? Self.readable, found: "\(kind)")
    }
  }

  /// The numbers of an NPY or CSV file, such as a mask, whatever its rows may mean.
  /// - Throws: `FormatError` for other kinds too.
  public static func numbers(_ path: String) throws(FormatError) -> Tensor {
    let file = try InputFile(try FileBytes.read(path), named: path, readsRowsAsItems: false)
    guard case .numbers(let value) = file.content, let tensor = value.floats else {
      throw FormatError(path, expected: "numbers as NPY or CSV", found: "\(file.kind)")
    }
    return tensor
  }
}

extension FileKind {
  /// The kind that a file's name speaks of, nil where it says nothing.
  static func expected(ofName name: String, insideGzip: Bool = false) -> FileKind? {
    var base = (name.split(separator: "/").last ?? "").lowercased()[...]
    if insideGzip, base.hasSuffix(".gz") { base = base.dropLast(3) }
    // MNIST's files are called train-images-idx3-ubyte.
    if base.hasSuffix("-ubyte") { return .idx }
    guard let dot = base.lastIndex(of: ".") else { return nil }
    switch base[base.index(after: dot)...] {
    case "png": return .png
    case "jpg", "jpeg", "jpe", "jfif": return .jpeg
    case "npy": return .npy
    case "idx": return .idx
    case "gz": return .gzip
    case "csv", "tsv", "txt", "dat": return .text
    default: return nil
    }
  }
}
