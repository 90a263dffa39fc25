import Glibc
public import NeuralNet
public import TensorCore

/// Images and labels from a pair of IDX files, as MNIST has them: bytes, 0…255 for paper to ink.
public struct LabelledIDX: LabelledImages {
  /// The two files, as they were found, and the SHA-256 of each (of the bytes in the file, so that
  /// `sha256sum` prints the same).
  public let files: [(name: String, sha256: String)]
  public let imageShape: Shape
  private let pixels: ArraySlice<UInt8>
  private let classes: [UInt8]

  public var count: Int { classes.count }

  public func label(_ index: Int) -> Int { Int(classes[index]) }

  public func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>) {
    let start = pixels.startIndex + index * out.count
    pixels.withUnsafeBufferPointer { pixels in
      let first = start - self.pixels.startIndex
      for i in 0..<out.count { out[i] = Float(pixels[first + i]) / 255 }
    }
  }

  /// Reads `PREFIX-images-idx3-ubyte` and `PREFIX-labels-idx1-ubyte` of a folder, or the same with
  /// `.gz` behind.
  /// - Throws: `FormatError` where one is missing or damaged, they hold no unsigned bytes, no image
  ///   at all, or not a label for each image.
  public init(folder: String, prefix: String) throws(FormatError) {
    let images = try LabelledIDX.file("\(prefix)-images-idx3-ubyte", in: folder)
    let labels = try LabelledIDX.file("\(prefix)-labels-idx1-ubyte", in: folder)
    try self.init(
      images: try FileBytes.read(images), named: images,
      labels: try FileBytes.read(labels), named: labels)
  }

  /// Reads a pair of files from their bytes.
  /// - Throws: `FormatError` as `init(folder:prefix:)` does.
  public init(
    images: [UInt8], named imagesName: String, labels: [UInt8], named labelsName: String
  ) throws(FormatError) {
    let imageFile = try IDX(images, named: imagesName)
    let labelFile = try IDX(labels, named: labelsName)
    let (image, label) = (imageFile.header, labelFile.header)
    guard image.type == .uint8, (2...3).contains(image.itemShape.rank) else {
      throw FormatError(
        imagesName, "header", expected: "images of unsigned bytes, H×W or C×H×W",
        found: "\(image.type) \(image.itemShape)")
    }
    guard label.type == .uint8, label.itemShape.rank == 0 else {
      throw FormatError(
        labelsName, "header", expected: "one unsigned byte a label",
        found: "\(label.type) \(label.itemShape)")
    }
    guard image.count > 0, image.itemShape.count > 0 else {
      throw FormatError(imagesName, expected: "images", found: "none")
    }
    guard label.count == image.count else {
      throw FormatError(
        labelsName, expected: "\(grouped(image.count)) labels, one for each image of \(imagesName)",
        found: grouped(label.count))
    }
    let dims = image.itemShape.dims
    imageShape = Shape(dims.count == 2 ? [1] + dims : dims)
    (pixels, classes) = (imageFile.data, Array(labelFile.data))
    files = [
      (LabelledIDX.baseName(imagesName), SHA256.hex(of: images)),
      (LabelledIDX.baseName(labelsName), SHA256.hex(of: labels)),
    ]
  }

  /// - Throws: `FormatError` where a label is not among the classes 0 ..< `count`.
  public func checkLabels(below count: Int, of model: String) throws(FormatError) {
    guard let index = classes.firstIndex(where: { $0 >= count }) else { return }
    throw FormatError(
      files[1].name, "label \(grouped(index))",
      expected: "0 to \(count - 1), the outputs of \(model)", found: "\(classes[index])")
  }

  /// Whether a folder has the images of a prefix.
  public static func isThere(folder: String, prefix: String) -> Bool {
    (try? file("\(prefix)-images-idx3-ubyte", in: folder)) != nil
  }

  /// The label of an image by the file of labels that lies beside `path`, as MNIST names the two.
  /// - Returns: nil where there is none, or it does not hold a byte for each of `count` images.
  static func label(_ index: Int, of count: Int, besides path: String) -> Int? {
    let name = baseName(path)
    guard let range = name.firstRange(of: "images-idx3") else { return nil }
    var labels = name
    labels.replaceSubrange(range, with: "labels-idx1")
    if labels.hasSuffix(".gz") { labels.removeLast(3) }
    let start = path.dropLast(name.count)
    guard let file = try? file(labels, in: start.isEmpty ? "." : String(start)),
      let bytes = try? FileBytes.read(file), let idx = try? IDX(bytes, named: file),
      idx.header.type == .uint8, idx.header.itemShape.rank == 0, idx.header.count == count
    else { return nil }
    return Int(idx.data[idx.data.startIndex + index])
  }

  private static func file(_ name: String, in folder: String) throws(FormatError) -> String {
    let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    for candidate in [path, path + ".gz"] where access(candidate, F_OK) == 0 { return candidate }
    throw FormatError(
      .missingInput, file: folder,
      .mismatch(expected: "\(name) or \(name).gz in it", found: "neither"))
  }

  private static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
