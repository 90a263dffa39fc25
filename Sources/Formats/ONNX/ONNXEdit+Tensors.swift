import Glibc
import NeuralNet
import SwiftProtobuf
import TensorCore

extension ONNXEdit {
  /// The file's initializer where the graph still has it, as it lies there or with the graph's numbers
  /// in the element type it had; nothing where the graph has it no more.
  mutating func initializer(_ field: WireReader.Field) throws(FormatError) -> ByteRope {
    let name = try wire.text(8, in: field.content)
    guard var value = graph.constants[name] else { return ByteRope() }
    if let old = document.constants[name] {
      if old.shape == value.shape, try isSame(value, as: field, of: old, named: name) {
        try addLocations(field, .tensor)
        return ByteRope(source, field.whole)
      }
      if old.type.computed == value.type.computed, old.type.computed != nil {
        do {
          value = try Value(value.computed, as: old.type)
        } catch {
          throw FormatError(file, "tensor \(name)", error)
        }
      }
    }
    var tensor = try ONNXWriter.message(value, named: name, in: file)
    // dims, data_type, segment, the lists of numbers, name, raw_data, external_data, data_location.
    let written: Set<UInt64> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14]
    for part in try fields(of: field) where !written.contains(part.number) {
      tensor.append(source, part.whole)
    }
    var rope = ByteRope()
    rope.append(5, tensor)
    return rope
  }

  /// The constants that the file does not have.
  func addedInitializers() throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    for (name, value) in addedConstants {
      rope.append(5, try ONNXWriter.message(value, named: name, in: file))
    }
    return rope
  }

  var addedConstants: [(String, Value)] {
    graph.constants.filter { document.constants[$0.key] == nil }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }

  /// Whether a constant is what the file's tensor was read as, bit for bit. Large ones are compared a
  /// piece at a time; what nobody can compute with nobody can have changed.
  private mutating func isSame(
    _ value: Value, as field: WireReader.Field, of old: ValueInfo, named name: String
  ) throws(FormatError) -> Bool {
    guard old.type == value.type else { return false }
    if case .opaque = value { return true }
    let part = "tensor \(name)"
    guard let skeleton = try ONNXSkeleton(source, field.content, of: .tensor),
      let tensor = try? Onnx_TensorProto(serializedBytes: skeleton.bytes)
    else { return false }
    tensors.payload = { skeleton.payload($0) }
    guard let (numbers, range) = try tensors.payload(of: tensor, named: part) else {
      return value.hasSameBits(as: try tensors.value(tensor, named: part), at: 0)
    }
    let format = NumberFormat(kind: value.type)
    guard range.count == format.byteCount(of: value.shape.count) else { return false }
    let size = 1 << 20
    for start in stride(from: range.lowerBound, to: range.upperBound, by: size) {
      let bytes = try numbers.bytes(start..<min(range.upperBound, start + size))
      let first = (start - range.lowerBound) / format.size * format.each
      let count = min(bytes.count / format.size * format.each, value.shape.count - first)
      guard value.hasSameBits(as: format.numbers([count], bytes[...]), at: first) else {
        return false
      }
    }
    return true
  }
}

extension Value {
  /// Whether another's numbers are bit for bit those of this one from an offset on.
  func hasSameBits(as other: Value, at offset: Int) -> Bool {
    func same<E>(_ a: NDArray<E>, _ b: NDArray<E>) -> Bool {
      guard offset + b.count <= a.count else { return false }
      return a.withElements { a in
        b.withElements { b in
          guard let start = a.baseAddress, let other = b.baseAddress else { return b.isEmpty }
          return memcmp(start + offset, other, b.count * MemoryLayout<E>.stride) == 0
        }
      }
    }
    switch (computed, other.computed) {
    case (.float32(let a), .float32(let b)): return same(a, b)
    case (.int64(let a), .int64(let b)): return same(a, b)
    case (.bool(let a), .bool(let b)): return same(a, b)
    default: return self == other
    }
  }
}
