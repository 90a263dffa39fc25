/// What a file is, told by its first bytes, and how it is opened. Each that can be opened has its place
/// beside its reader, and a line in `builtIn`: messages, names of files and whoever opens one find it there.
public struct FileKind: Sendable {
  /// What it is called, with its article, as an error says it.
  public let description: String
  /// Whether the bytes begin as such a file does.
  let matches: @Sendable (_ bytes: [UInt8]) -> Bool
  /// What the names of such files end in, in small letters: `png`; MNIST's end in `-ubyte`.
  let endings: [String]
  /// Whether the name must say so as well, where a name says anything: text may be much else.
  let asksName: Bool
  /// Whether one of several items may be asked for.
  let holdsItems: Bool
  /// Opens it; nil for what is known so that an error can name it.
  let read: Reader?
  /// Opens one of several arrays in it by its name; nil where it holds none with names.
  let readTensor: TensorReader?
  /// How a model in it becomes one in ONNX, where such a file holds a model; empty elsewhere.
  let toONNX: String

  /// Opens a file's bytes.
  /// - Parameters:
  ///   - name: what the file is called in an error
  ///   - index: which item is asked for; nil where none is
  /// - Throws: `FormatError` where it is damaged or there is no such item.
  public typealias Reader =
    @Sendable (
      _ bytes: [UInt8], _ name: String, _ index: Int?
    ) throws(FormatError) -> Opened

  /// Opens one of several arrays.
  /// - Parameter tensor: its name; nil where none is given
  /// - Throws: `FormatError` where it is damaged, or there is no such array.
  public typealias TensorReader =
    @Sendable (
      _ bytes: [UInt8], _ name: String, _ tensor: String?
    ) throws(FormatError) -> Opened

  /// What a reader makes of a file.
  public struct Opened: Sendable {
    let content: FileContent
    let label: String?

    /// What the file holds, and what the item is where the file says it.
    public init(_ content: FileContent, label: String? = nil) {
      (self.content, self.label) = (content, label)
    }
  }

  /// How many bytes are looked at, at most.
  static let sniffed = 4096

  /// A kind of file.
  /// - Parameters:
  ///   - description: what it is called, with its article
  ///   - endings: what the names of such files end in, in small letters
  ///   - holdsItems: whether one of several items may be asked for
  ///   - toONNX: how a model in it becomes one in ONNX
  ///   - matches: whether bytes begin as such a file does
  ///   - read: opens it
  ///   - readTensor: opens one of several arrays in it
  public init(
    _ description: String, endings: [String] = [], asksName: Bool = false,
    holdsItems: Bool = false, toONNX: String = "",
    matches: @escaping @Sendable (_ bytes: [UInt8]) -> Bool, read: Reader? = nil,
    readTensor: TensorReader? = nil
  ) {
    (self.description, self.endings, self.matches) = (description, endings, matches)
    (self.asksName, self.holdsItems, self.read) = (asksName, holdsItems, read)
    (self.toONNX, self.readTensor) = (toONNX, readTensor)
  }

  /// Those there are, in the order in which they are looked for.
  static var all: [FileKind] { added + builtIn }

  /// Kinds of another target, looked for before the built-in ones while a call lasts:
  /// `FileKind.$added.withValue([.mine]) { … }`.
  @TaskLocal public static var added: [FileKind] = []

  private static let builtIn: [FileKind] = [
    .empty, .png, .jpeg, .npy, .npz, .gzip, .idx, .safetensors,
    // Known, so that an error can name them; not read.
    .gif, .bmp, .tiff, .webp, .heif, .pdf, .torch, .keras, .zip, .hdf5, .pickle, .tflite,
    .text, .unknown,
  ]

  /// Looks at the bytes.
  public init(sniffing bytes: [UInt8]) {
    self = FileKind.all.first { $0.matches(bytes) } ?? .unknown
  }

  /// The kind that a file's name speaks of, nil where it says nothing.
  static func expected(ofName name: String, insideGzip: Bool = false) -> FileKind? {
    var base = (name.split(separator: "/").last ?? "").lowercased()[...]
    if insideGzip, base.hasSuffix(".gz") { base = base.dropLast(3) }
    return all.first { kind in
      kind.endings.contains { base.hasSuffix($0.hasPrefix("-") ? $0 : ".\($0)") }
    }
  }

  /// What can be opened, for messages.
  public static var readable: String {
    let others = added.filter { $0.read != nil }.map { ", \($0.description)" }.joined()
    return "a PNG or JPEG image, NPY, NPZ, safetensors, CSV or IDX\(others)"
  }
}

extension FileKind: Hashable, CustomStringConvertible {
  public static func == (a: FileKind, b: FileKind) -> Bool { a.description == b.description }
  public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension FileKind {
  static let empty = FileKind("an empty file") { $0.isEmpty }
  static let gif = beginning("a GIF image", "GIF8")
  static let bmp = FileKind("a BMP image") { bytes in
    bytes.starts(with: "BM".utf8) && bytes.dropFirst(6).starts(with: [0, 0, 0, 0])
  }
  static let tiff = FileKind("a TIFF image") { bytes in
    bytes.starts(with: [0x49, 0x49, 0x2A, 0]) || bytes.starts(with: [0x4D, 0x4D, 0, 0x2A])
  }
  static let webp = FileKind("a WebP image") { bytes in
    bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
  }
  static let heif = FileKind("a HEIF or AVIF image") { $0.dropFirst(4).starts(with: "ftyp".utf8) }
  static let pdf = beginning("a PDF document", "%PDF-")
  static let torch = FileKind("a PyTorch file", toONNX: fromTorch) { bytes in
    firstInZip(bytes)?.hasSuffix("/data.pkl") ?? false
  }
  static let keras = FileKind("a Keras model", toONNX: fromKeras) { bytes in
    ["metadata.json", "config.json", "model.weights.h5"].contains(firstInZip(bytes))
  }
  static let zip = beginning("a ZIP archive", zipMagic)
  static let hdf5 = FileKind("an HDF5 file, as Keras wrote models", toONNX: fromKeras) { bytes in
    bytes.first == 0x89 && bytes.dropFirst().starts(with: "HDF\r\n".utf8)
  }
  static let pickle = FileKind("a Python pickle, as PyTorch wrote models", toONNX: fromTorch) {
    $0.first == 0x80 && $0.count > 1 && [2, 4, 5].contains($0[1])
  }
  static let tflite = FileKind(
    "a TensorFlow Lite model",
    toONNX: "python -m tf2onnx.convert --tflite MODEL.tflite --output MODEL.onnx"
  ) { $0.dropFirst(4).starts(with: "TFL3".utf8) }
  static let unknown = FileKind("bytes of no known kind") { _ in true }

  static let fromTorch = "torch.onnx.export(model, (x,), \"MODEL.onnx\")"
  private static let fromKeras = "model.export(\"MODEL.onnx\", format=\"onnx\")"
  private static let zipMagic = "PK\u{3}\u{4}"

  /// The name of the first file in a ZIP archive, by its local header (APPNOTE.TXT 4.3.7); nil for other
  /// files.
  static func firstInZip(_ bytes: [UInt8]) -> String? {
    guard bytes.starts(with: zipMagic.utf8), bytes.count >= 30 else { return nil }
    let length = Int(bytes[26]) | Int(bytes[27]) << 8
    return String(decoding: bytes.dropFirst(30).prefix(length), as: UTF8.self)
  }

  private static func beginning(_ description: String, _ magic: String) -> FileKind {
    FileKind(description) { $0.starts(with: magic.utf8) }
  }
}
