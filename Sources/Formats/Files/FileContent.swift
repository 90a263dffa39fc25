public import NeuralNet
public import TensorCore

/// What a file holds.
public enum FileContent: Sendable {
  /// A PNG or JPEG image, 0…1 in `Picture.tensor`.
  case picture(Picture)
  /// The array of an NPY file in its own type, or a CSV file's `[rows, columns]` or
  /// `[blocks, rows, columns]` as float32, as it stands.
  case numbers(Value)
  /// One item of an IDX file, or of a CSV file with an item a row: numbers as they stand, whether
  /// they are bytes (0…255, an image to be scaled), the item's index and how many there are.
  case item(Tensor, isBytes: Bool, index: Int, count: Int)
}
