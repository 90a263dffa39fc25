import Assets
public import NeuralNet
import TensorCore

/// The digits and models carried inside the binary, read by the same code as anybody's files.
public enum BuiltIns {
  /// The names of the built-in models: one that was trained (assets/digits.md says how), and one of
  /// filters that can be checked by hand.
  public static let modelNames = ["digits", "edges"]

  /// The names of the built-in digits, from `zero` to `nine`.
  public static let digitNames = Digit.names

  /// A built-in model; nil where there is none of that name.
  /// - Throws: `FormatError` only if the binary was built from damaged assets.
  public static func model(_ name: String) throws(FormatError) -> Graph? {
    guard modelNames.contains(name) else { return nil }
    return try ONNXReader.graph(from: bytes("\(name).onnx"), named: name)
  }

  /// A built-in digit as an image; nil where there is none of that name.
  /// - Throws: `FormatError` only if the binary was built from damaged assets.
  public static func digit(_ name: String) throws(FormatError) -> Picture? {
    guard let digit = digitNames.firstIndex(of: name) else { return nil }
    let pixels = try IDX(bytes("digits.idx"), named: name).item(at: digit)
    return Picture(pixels: pixels)
  }

  /// The scripts of the lessons, in their order.
  public static let lessons: [[UInt8]] = bytes("lessons").split(separator: 0).map(Array.init)

  /// The bytes of an asset by its path in `assets`, which must be one that was built in.
  public static func bytes(_ name: String) -> [UInt8] {
    var count = 0
    let all = UnsafeBufferPointer(start: dropscope_assets(&count), count: count)
    guard let asset = all.first(where: { String(cString: $0.name) == name }) else {
      preconditionFailure("no asset \(name)")
    }
    return [UInt8](UnsafeBufferPointer(start: asset.bytes, count: asset.size))
  }
}
