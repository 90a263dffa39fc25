import NeuralNet
import TensorCore

/// NumPy's archive of several arrays (numpy.savez): a ZIP of NPY files, each named as its array.
enum NPZ {
  /// An array by its name, or the only one.
  /// - Throws: `FormatError` that lists the names where there is no such array, or none is named.
  static func value(
    from bytes: [UInt8], named file: String, tensor: String?
  ) throws(FormatError) -> Value {
    let zip = try Zip(bytes, named: file)
    let arrays = zip.entries.filter { $0.name.hasSuffix(".npy") }
    let names = arrays.map { String($0.name.dropLast(4)) }
    let place = try NamedTensors.place(of: tensor, among: names, in: file)
    return try NPY.value(
      from: try zip.content(of: arrays[place]), named: "\(file): \(names[place])")
  }
}

/// Files of several arrays with names.
enum NamedTensors {
  /// The place of a name, or of the only one where none is given.
  /// - Throws: `FormatError` that lists the names where it is none of them, or none is given.
  static func place(
    of tensor: String?, among names: [String], in file: String
  ) throws(FormatError) -> Int {
    if let tensor, let place = names.firstIndex(of: tensor) { return place }
    if tensor == nil, names.count == 1 { return 0 }
    let listed = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
    throw FormatError(
      file, tensor.map { "tensor \($0)" } ?? "--tensor",
      expected: names.isEmpty ? "an array" : "one of \(listed)", found: "none")
  }
}

extension FileKind {
  static let npz = FileKind(
    "an NPZ archive of arrays", endings: ["npz"], holdsItems: true,
    matches: { firstInZip($0)?.hasSuffix(".npy") ?? false },
    readTensor: { bytes, name, tensor throws(FormatError) in
      .init(.numbers(try NPZ.value(from: bytes, named: name, tensor: tensor)))
    })
}
