import Formats
import TensorCore

/// What a person opens, as a network cares: an image, to be made to fit, or numbers, to be taken as
/// they are.
enum OpenedInput {
  case picture(Picture)
  case numbers(Tensor)

  /// Reads a file, or takes a built-in digit. The bytes of an IDX item of rows and columns are an
  /// image.
  /// - Throws: `FormatError` where the file cannot be read or has no item `index`.
  static func read(_ path: String, index: Int?) throws -> OpenedInput {
    if let digit = try BuiltIns.digit(path) { return .picture(digit) }
    switch try InputFile.read(path, index: index).content {
    case .picture(let picture): return .picture(picture)
    case .numbers(let numbers): return .numbers(numbers)
    case .item(let item, let isBytes, let index, let count):
      guard isBytes, item.shape.rank == 2, item.count > 0 else { return .numbers(item) }
      var picture = Picture(pixels: item)
      picture.notes = ["item \(index) of \(count)"]
      return .picture(picture)
    }
  }
}
