public import NeuralNet
public import TensorCore

/// NumPy's file of one array, formats 1.0 to 3.0 (numpy.lib.format).
///
/// Reading goes through three stages: the prelude (magic, version, header length), the header (a
/// Python dictionary, `NPYHeader`), the elements (`NumberFormat`).
public enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Whether the bytes begin as an NPY file does.
  public static func isNPY(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The array in its own element type. Fortran order is turned into row-major order.
  /// - Throws: `FormatError` unless the header is sound and says exactly the bytes that follow it.
  public static func value(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Value {
    let (header, shape, data) = try parts(of: bytes, named: name)
    let isTurned = header.fortranOrder && shape.rank > 1
    var numbers = header.format.numbers(isTurned ? reversed(shape) : shape, data)
    if isTurned {
      switch numbers {
      case .float32(let array): numbers = .float32(transposed(array))
      case .int64(let array): numbers = .int64(transposed(array))
      case .bool(let array): numbers = .bool(transposed(array))
      case .typed, .opaque, .sequence, .absent:
        preconditionFailure("\(numbers.type) is not computed with")
      }
    }
    return header.format.typed(numbers)
  }

  /// The array as single-precision numbers whatever its type; true is 1.
  /// - Throws: `FormatError` as `value(from:named:)` does.
  public static func tensor(
    from bytes: [UInt8], named name: String
  ) throws(FormatError) -> Tensor {
    let (header, shape, data) = try parts(of: bytes, named: name)
    guard header.fortranOrder, shape.rank > 1 else { return header.format.tensor(shape, data) }
    return transposed(header.format.tensor(reversed(shape), data))
  }

  private static func parts(
    of bytes: [UInt8], named name: String
  ) throws(FormatError) -> (NPYHeader, Shape, ArraySlice<UInt8>) {
    var cursor = ByteCursor(bytes, named: name)
    guard try cursor.take(magic.count, for: "magic").elementsEqual(magic) else {
      throw FormatError(name, "magic", expected: "\\x93NUMPY", found: quoted(bytes.prefix(6)))
    }
    let version = (
      major: try cursor.integer(UInt8.self, bigEndian: false, for: "version"),
      minor: try cursor.integer(UInt8.self, bigEndian: false, for: "version")
    )
    guard (1...3).contains(version.major), version.minor == 0 else {
      throw FormatError(
        name, "version", expected: "1.0, 2.0 or 3.0", found: "\(version.major).\(version.minor)")
    }
    let length =
      version.major == 1
      ? Int(try cursor.integer(UInt16.self, bigEndian: false, for: "header length"))
      : Int(try cursor.integer(UInt32.self, bigEndian: false, for: "header length"))
    guard length <= cursor.rest.count else {
      throw FormatError(
        file: name, part: "header length",
        .size(declared: "", bytes: length, remaining: cursor.rest.count))
    }
    let header = try NPYHeader(try cursor.take(length, for: "header"), in: name)
    let shape = try Shape(
      header.dims, of: header.format, filling: cursor.rest.count, in: name, part: "header")
    return (header, shape, cursor.rest)
  }

  private static func reversed(_ shape: Shape) -> Shape { Shape(shape.dims.reversed()) }

  /// The array with its axes in reverse order.
  private static func transposed<Element>(_ array: NDArray<Element>) -> NDArray<Element> {
    let shape = reversed(array.shape)
    let strides = Array(array.shape.strides.reversed())
    var index = [Int](repeating: 0, count: shape.rank)
    var offset = 0
    var elements: [Element] = []
    elements.reserveCapacity(array.count)
    for _ in 0..<array.count {
      elements.append(array[offset])
      // Counts up like an odometer, last axis fastest.
      for axis in shape.dims.indices.reversed() {
        index[axis] += 1
        offset += strides[axis]
        guard index[axis] == shape[axis] else { break }
        offset -= index[axis] * strides[axis]
        index[axis] = 0
      }
    }
    return NDArray(shape, elements)
  }
}

extension FileKind {
  /// One array of NumPy's.
  public static let npy = FileKind(
    "an NPY array", endings: ["npy"], holdsItems: true, matches: NPY.isNPY
  ) { bytes, name, _ throws(FormatError) in
    .init(.numbers(try NPY.value(from: bytes, named: name)))
  }
}
