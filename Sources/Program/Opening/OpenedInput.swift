import Formats
import NeuralNet
import TensorCore

/// What a person opens, as a network cares.
struct OpenedInput {
  /// An image, to be made to fit, or numbers, to be taken as they are; `isTyped` where the file says of
  /// what element type.
  enum Content {
    case picture(Picture)
    case numbers(Value, isTyped: Bool)
  }

  let content: Content
  /// What the file says it is; nil where it does not say.
  var label: String?
  /// Which of how many items of its file it is; nil where the file is one.
  var note: String?
  /// What is true of each place of it, row by row; nil where it does not say.
  var truth: [Bool]?

  /// Whether `--index` has done its work, so that numbers are one sample.
  var isItem: Bool { note != nil }

  /// Reads a file, or takes a built-in digit. The bytes of an item of rows and columns are an image.
  /// - Parameters:
  ///   - index: which item of a file that holds several
  ///   - tensor: which array of a file that names several
  ///   - mayBeOne: whether a picture, which is one, is taken whatever the index
  /// - Throws: `FormatError` where the file cannot be read or has no item `index`.
  static func read(
    _ path: String, index: Int?, tensor: String? = nil, mayBeOne: Bool = false
  ) throws -> OpenedInput {
    if let digit = try BuiltIns.digit(path) { return OpenedInput(content: .picture(digit)) }
    if path == BuiltIns.discs, !MissingFile.isThere(path) { return try discs(at: index ?? 0) }
    return try MissingFile.suggesting(path, MissingFile.digits) {
      try read(file: path, index: index, tensor: tensor, mayBeOne: mayBeOne)
    }
  }

  private static func discs(at index: Int) throws -> OpenedInput {
    guard let discs = BuiltIns.discs(at: index) else {
      throw FormatError(BuiltIns.discs, expected: "an item 0 to 999", found: "item \(index)")
    }
    return OpenedInput(
      content: .numbers(.float32(discs.image), isTyped: false), note: "item \(index) of 1000",
      truth: discs.truth)
  }

  private static func read(
    file path: String, index: Int?, tensor: String?, mayBeOne: Bool
  ) throws -> OpenedInput {
    if mayBeOne, index != nil,
      case .picture(let picture) = try InputFile.read(path, tensor: tensor).content
    {
      return OpenedInput(content: .picture(picture))
    }
    let file = try InputFile.read(path, index: index, tensor: tensor)
    switch file.content {
    case .picture(let picture): return OpenedInput(content: .picture(picture))
    case .numbers(let numbers):
      return OpenedInput(content: .numbers(numbers, isTyped: file.isTyped))
    case .item(let item, let isBytes, let index, let count):
      let isImage = isBytes && item.shape.rank == 2 && item.count > 0
      return OpenedInput(
        content: isImage
          ? .picture(Picture(pixels: item)) : .numbers(.float32(item), isTyped: false),
        label: file.label,
        note: "item \(index) of \(count)" + (file.label.map { ", label \($0)" } ?? ""))
    }
  }
}
