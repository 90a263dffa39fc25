import Assets
public import NeuralNet
public import TensorCore

/// The digits and models carried inside the binary, read by the same code as anybody's files.
public enum BuiltIns {
  /// The names of the built-in models: three that were trained (assets/digits.md and assets/models.md say
  /// how), and one of filters that can be checked by hand.
  public static let modelNames = ["digits", "dates", "unet", "edges"]

  /// The names of the built-in digits, from `zero` to `nine`.
  public static let digitNames = Digit.names

  /// A built-in model; nil where there is none of that name.
  /// - Throws: `FormatError` only if the binary was built from damaged assets.
  public static func model(_ name: String) throws(FormatError) -> Graph? {
    guard modelNames.contains(name) else { return nil }
    let packed = bytes("\(name).onnx")
    let plain = Gzip.isGzip(packed) ? try Gzip.inflate(packed, named: name) : packed
    return try ONNXReader.graph(from: plain, named: name)
  }

  /// A built-in digit as an image; nil where there is none of that name.
  /// - Throws: `FormatError` only if the binary was built from damaged assets.
  public static func digit(_ name: String) throws(FormatError) -> Picture? {
    guard let digit = digitNames.firstIndex(of: name) else { return nil }
    let pixels = try IDX(bytes("digits.idx"), named: name).item(at: digit)
    return Picture(pixels: pixels)
  }

  /// What `discs` opens: pictures that no training draws, and what is true of them.
  public static let discs = "discs"

  /// One of 1,000 pictures of discs and rings, `[1,64,64]`, and which of its places belong to them; nil
  /// beyond the last.
  public static func discs(at index: Int) -> (image: Tensor, truth: [Bool])? {
    // Trainings take their seeds from small numbers.
    let pictures = DiscsAndRings(count: 1000, seed: 0xD15C_5EED)
    guard (0..<pictures.count).contains(index) else { return nil }
    let batch = pictures.batch([index])
    guard case .values(let truth) = batch.targets,
      let image = try? batch.inputs[0].floats?.reshaped(
        to: [1, DiscsAndRings.size, DiscsAndRings.size])
    else { return nil }
    return (image, truth.elements.map { $0 > 0.5 })
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
