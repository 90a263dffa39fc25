import Formats
import NeuralNet
import TensorCore

/// Makes what a person opens into what a network takes, or says why it cannot be.
struct InputFitting {
  let file: String
  let wanted: Graph.Input
  let modelName: String
  let index: Int?

  /// An input for the network, and how it was changed to fit.
  struct Fitted {
    var tensor: Tensor
    var note: String?
    var isImage = false
  }

  /// Fits a picture: made grey or coloured, and resized, as the network wants it.
  /// - Throws: `FormatError` where the network does not take one image.
  func fit(_ picture: Picture) throws -> Fitted {
    let dims = wanted.dims
    guard wanted.type == .float32, dims.count == 4, [nil, 1].contains(dims[0]),
      [nil, 1, 3].contains(dims[1])
    else {
      throw FormatError(
        modelName, "input \(wanted.name)", expected: "an image, [1,1,H,W] or [1,3,H,W]",
        found: "\(wanted.type) \(wanted.shapeText)")
    }
    let fitted = picture.fitted(
      channels: dims[1] ?? min(3, picture.channels), height: dims[2] ?? picture.height,
      width: dims[3] ?? picture.width)
    let note = fitted.notes.isEmpty ? nil : fitted.notes.joined(separator: ", ")
    return Fitted(tensor: fitted.tensor.withBatch, note: note, isImage: true)
  }

  /// Fits numbers: taken as they are, where their shape is the network's but for dimensions of 1.
  /// - Throws: `FormatError` where it is not.
  func fit(numbers: Tensor) throws -> Fitted {
    let sample = try chosen(from: numbers)
    let dims = wanted.dims.enumerated().map { axis, size in size ?? (axis == 0 ? 1 : nil) }
    guard wanted.type == .float32 else { throw misfit(numbers.shape) }
    let known = dims.compactMap { $0 }
    if known.count == dims.count {
      let shape = Shape(known)
      guard sample.count == shape.count, InputFitting.isSame(sample.shape, shape) else {
        throw misfit(numbers.shape)
      }
      return Fitted(tensor: try sample.reshaped(to: shape))
    }
    // Open sizes are taken from the file, ranks filled up with 1 at the front.
    let missing = dims.count - sample.shape.rank
    guard missing >= 0 else { throw misfit(numbers.shape) }
    let shape = Shape([Int](repeating: 1, count: missing) + sample.shape.dims)
    guard wanted.accepts(shape) else { throw misfit(numbers.shape) }
    return Fitted(tensor: try sample.reshaped(to: shape))
  }

  /// The item of a batch that was asked for.
  private func chosen(from numbers: Tensor) throws -> Tensor {
    let isBatch = numbers.shape.rank == wanted.dims.count && numbers.shape[0] > 1
    guard isBatch, [nil, 1].contains(wanted.dims[0]) else {
      guard let index, index != 0 else { return numbers }
      throw FormatError(file, "item \(index)", expected: "a batch of arrays", found: "one array")
    }
    return try numbers.item(index ?? 0, of: file)
  }

  /// Whether two shapes are the same but for sizes of 1, or the one is the rows of all channels of
  /// the other, as CSV writes them.
  private static func isSame(_ found: Shape, _ wanted: Shape) -> Bool {
    let (a, b) = (found.dims.filter { $0 != 1 }, wanted.dims.filter { $0 != 1 })
    return a == b || (wanted.rank == 4 && found.dims == [wanted[1] * wanted[2], wanted[3]])
  }

  private func misfit(_ found: Shape) -> FormatError {
    FormatError(file, expected: "\(wanted.shapeText) for \(modelName)", found: "\(found)")
  }
}

extension Tensor {
  /// The same with a first dimension of 1: one sample.
  var withBatch: Tensor { Tensor(Shape([1] + shape.dims), elements) }

  /// One item along the first dimension, which stays with a size of 1.
  func item(_ index: Int, of file: String) throws -> Tensor {
    guard (0..<shape[0]).contains(index) else {
      throw FormatError(
        file, "item \(index)", expected: "0 to \(shape[0] - 1)", found: "\(index)")
    }
    let each = count / shape[0]
    return Tensor(
      Shape([1] + shape.dims.dropFirst()), Array(elements[index * each..<(index + 1) * each]))
  }
}
