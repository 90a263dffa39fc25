import CZlib
import Formats
import NeuralNet
import TensorCore

extension FuzzEntry {
  /// Files of several arrays: as they are, and soundly built around bytes, which must come back.
  static let archives = FuzzEntry(
    "archives", readers: ["Zip", "NPZ", "Safetensors"], longest: 1024, share: 60
  ) { bytes in
    for name in ["x.npz", "x.safetensors"] {
      for tensor in [nil, "a", "b"] {
        _ = try? InputFile(bytes, named: name, tensor: tensor)
      }
    }
    // As the content of an archive, stored and deflated, and as a header of JSON.
    _ = try? InputFile(archive(bytes, of: bytes.count, method: 0), named: "x.npz")
    _ = try? InputFile(
      archive(Gzip.storedBlock(bytes), of: min(bytes.count, 65_535), method: 8), named: "x.npz")
    _ = try? InputFile(
      littleEndian(UInt64(bytes.count)) + bytes + bytes, named: "x.safetensors", tensor: "a")
    // One byte an element: what goes in comes out.
    let header = Array(
      #"{"a":{"dtype":"U8","shape":[\#(bytes.count)],"data_offsets":[0,\#(bytes.count)]}}"#.utf8)
    let sound = littleEndian(UInt64(header.count)) + header + bytes
    let file = try? InputFile(sound, named: "x.safetensors")
    guard case .numbers(let value)? = file?.content, case .int64(let numbers) = value.computed
    else { return expect(false, "\(bytes.count) bytes cannot be read") }
    expect(numbers.elements == bytes.map { Int64($0) }, "\(bytes.count) bytes changed")
  }

  /// An archive of one file, `a.npy`.
  private static func archive(_ packed: [UInt8], of size: Int, method: UInt16) -> [UInt8] {
    let name = Array("a.npy".utf8)
    let sizes = littleEndian(UInt32(packed.count)) + littleEndian(UInt32(size))
    let crc = littleEndian(UInt32(0))
    let both = [20, 0, 0, 0] + littleEndian(method) + [0, 0, 0, 0] + crc + sizes
    let local = [0x50, 0x4B, 3, 4] + both + [5, 0, 0, 0] + name + packed
    let entry =
      [0x50, 0x4B, 1, 2, 20, 0] + both + [5, 0] + [UInt8](repeating: 0, count: 12)
      + littleEndian(UInt32(0)) + name
    let end =
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0] + littleEndian(UInt32(entry.count))
      + littleEndian(UInt32(local.count)) + [0, 0]
    return local + entry + end
  }
}
