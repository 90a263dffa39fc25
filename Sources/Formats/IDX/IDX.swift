import NeuralNet
public import TensorCore

/// The file format of MNIST: a magic number that holds the element type and the number of
/// dimensions, the sizes, the elements; all big-endian (yann.lecun.com/exdb/mnist).
///
/// The first dimension counts items: images `[H,W]`, or labels of shape `[]`. Numbers are given as
/// they stand in the file: an image of bytes runs from 0 to 255 and is the caller's to scale.
public struct IDX: Sendable {
  /// What the header says.
  public struct Header: Equatable, Sendable {
    /// The type of one element.
    public var type: Element
    /// The number of items.
    public var count: Int
    /// The shape of one item.
    public var itemShape: Shape
  }

  /// The element types, with the codes they have in the magic number.
  public enum Element: UInt8, CaseIterable, Sendable {
    case uint8 = 0x08
    case int8 = 0x09
    case int16 = 0x0B
    case int32 = 0x0C
    case float32 = 0x0D
    case float64 = 0x0E

    var format: NumberFormat {
      switch self {
      case .uint8: NumberFormat(kind: .uint8)
      case .int8: NumberFormat(kind: .int8)
      case .int16: NumberFormat(kind: .int16, bigEndian: true)
      case .int32: NumberFormat(kind: .int32, bigEndian: true)
      case .float32: NumberFormat(kind: .float32, bigEndian: true)
      case .float64: NumberFormat(kind: .float64, bigEndian: true)
      }
    }
  }

  /// What the header says.
  public let header: Header
  private let file: String
  /// The elements as they stand in the file.
  let data: ArraySlice<UInt8>

  /// Whether the bytes begin as an IDX file does.
  public static func isIDX(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && Element(rawValue: bytes[2]) != nil
      && (1...8).contains(bytes[3])
  }

  /// Reads the header of an IDX file, or of one inside gzip, and checks it against the bytes.
  /// - Throws: `FormatError` where the magic number is another or the header does not say exactly
  ///   the bytes that follow it.
  public init(_ bytes: [UInt8], named name: String) throws(FormatError) {
    let plain = Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, named: name) : bytes
    var cursor = ByteCursor(plain, named: name)
    let magic = Array(try cursor.take(4, for: "magic"))
    guard IDX.isIDX(magic), let type = Element(rawValue: magic[2]) else {
      let hex = magic.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      throw FormatError(
        name, "magic", expected: "00 00, a type 08 … 0e, 1 to 8 dimensions",
        found: hex.joined(separator: " "))
    }
    var dims: [Int] = []
    for _ in 0..<magic[3] {
      dims.append(Int(try cursor.integer(UInt32.self, bigEndian: true, for: "sizes")))
    }
    _ = try Shape(dims, of: type.format, filling: cursor.rest.count, in: name, part: "header")
    header = Header(type: type, count: dims[0], itemShape: Shape(Array(dims.dropFirst())))
    (file, data) = (name, cursor.rest)
  }

  /// One item as numbers, in the shape of an item.
  /// - Throws: `FormatError` that names the range where there is no such item.
  public func item(at index: Int) throws(FormatError) -> Tensor {
    guard (0..<header.count).contains(index) else {
      throw FormatError(
        file, "item \(index)",
        expected: header.count == 0 ? "items" : "an index from 0 to \(header.count - 1)",
        found: header.count == 0 ? "none in the file" : "\(index)")
    }
    return try items(index..<index + 1).dropFirstAxis()
  }

  /// Items one after another, `[count, …]`: a batch.
  /// - Throws: `FormatError` that names the range where one of them does not exist.
  public func items(_ range: Range<Int>) throws(FormatError) -> Tensor {
    guard range.lowerBound >= 0, range.upperBound <= header.count else {
      throw FormatError(
        file, "items", expected: "indices within 0 ..< \(header.count)",
        found: "\(range.lowerBound) ..< \(range.upperBound)")
    }
    let format = header.type.format
    let size = header.itemShape.count * format.size
    let start = data.startIndex + range.lowerBound * size
    let shape = Shape([range.count] + header.itemShape.dims)
    return format.tensor(shape, data[start..<start + range.count * size])
  }
}

extension NDArray {
  /// A batch of one without its first axis.
  fileprivate func dropFirstAxis() -> NDArray {
    NDArray(Shape(Array(shape.dims.dropFirst())), elements)
  }
}

extension FileKind {
  /// MNIST's files are called train-images-idx3-ubyte.
  static let idx = FileKind(
    "an IDX file", endings: ["idx", "-ubyte"], holdsItems: true, matches: IDX.isIDX
  ) { bytes, name, index throws(FormatError) in
    let (idx, index) = (try IDX(bytes, named: name), index ?? 0)
    return .init(
      .item(
        try idx.item(at: index), isBytes: idx.header.type == .uint8, index: index,
        count: idx.header.count))
  }
}
