import Formats
import NeuralNet
import TensorCore

extension InputFitting {
  /// Fits numbers: taken as they are, where their shape is the input's but for dimensions of 1; one
  /// sample is repeated to fill a fixed batch.
  /// - Parameter isTyped: whether their file says their type; what does not may be whole numbers too
  /// - Throws: `FormatError` where they do not fit.
  func fit(numbers: Value, isTyped: Bool) throws -> Fitted {
    let numbers = try converted(numbers, isTyped: isTyped)
    if let (text, origin) = normalize {
      // Not applied, but a mistake in it is told.
      let channels = ImageForm(wanted, axes: axes)?.channels ?? text.count { $0 == "," } / 2 + 1
      _ = try Normalization(text, channels: channels, from: origin)
    }
    let (sample, repeats) = try shaped(numbers, isTyped: isTyped)
    return Fitted(
      value: sample, notes: repeats > 1 ? ["repeated to fill the batch of \(repeats)"] : [],
      repeats: repeats)
  }

  /// The numbers in the input's type. Whole numbers and truths may go where floats are wanted.
  private func converted(_ numbers: Value, isTyped: Bool) throws -> Value {
    var numbers = numbers
    if let floats = numbers.floats {
      switch wanted.type.computed {
      case .float32 where !numbers.type.isFloat: numbers = .float32(floats)
      case .int64 where !isTyped && floats.elements.allSatisfy({ Int64(exactly: $0) != nil }):
        numbers = .int64(floats.map { Int64($0) })
      case .bool where !isTyped && floats.elements.allSatisfy({ $0 == 0 || $0 == 1 }):
        numbers = .bool(floats.map { $0 == 1 })
      default: break
      }
    }
    do {
      return try numbers.converted(to: wanted.type)
    } catch {
      throw FormatError(
        file, expected: "\(error.expected) for input \(wanted.name) of \(modelName)",
        found: error.found)
    }
  }

  private func shaped(_ numbers: Value, isTyped: Bool) throws -> (value: Value, repeats: Int) {
    let (dims, found) = (wanted.dims, numbers.shape)
    // Without a shape of the model's own whatever there is is one batch.
    if !wanted.hasShape { return (numbers, 1) }
    let hasBatch =
      dims.count > 1 && [.sample, .unknown].contains(axes.first?.name ?? .sample)
    let batch = hasBatch ? dims[0] : nil
    let isWhole = wanted.accepts(found) && batch ?? 1 > 1 && index == nil
    if isWhole { return (numbers, 1) }
    let sample = try chosen(from: numbers, hasBatch: hasBatch)
    let repeats = batch ?? 1
    let own = Array(hasBatch ? dims.dropFirst() : dims[...])
    let known = own.compactMap { $0 }
    let front = hasBatch ? [repeats] : []
    if known.count == own.count {
      let shape = Shape(known)
      if let image = image(sample, of: shape, isTyped: isTyped) { return (image, repeats) }
      guard sample.shape.count == shape.count, InputFitting.isSame(sample.shape, shape) else {
        throw misfit(found)
      }
      return (sample.filling(Shape(front + known)), repeats)
    }
    // Open sizes are taken from the file, ranks filled up with 1 at the front.
    let missing = dims.count - sample.shape.rank
    guard missing >= 0 else { throw misfit(found) }
    var filled = [Int](repeating: 1, count: missing) + sample.shape.dims
    if hasBatch, filled[0] == 1 { filled[0] = repeats }
    guard wanted.accepts(Shape(filled)) else { throw misfit(found) }
    return (sample.filling(Shape(filled)), repeats)
  }

  /// The item of a batch that was asked for.
  private func chosen(from numbers: Value, hasBatch: Bool) throws -> Value {
    let shape = numbers.shape
    guard hasBatch, shape.rank == wanted.dims.count, shape[0] > 1 else {
      guard let index, index != 0 else { return numbers }
      throw FormatError(file, "item \(index)", expected: "a batch of arrays", found: "one array")
    }
    return try numbers.item(index ?? 0, of: file)
  }

  /// Rows of all channels one after another, as CSV writes them, for an input whose channels lie
  /// elsewhere than in front; nil for anything else.
  private func image(_ sample: Value, of shape: Shape, isTyped: Bool) -> Value? {
    guard !isTyped, let form = ImageForm(wanted, axes: axes), let c = form.channels, c > 1,
      let h = form.rows, let w = form.columns,
      [[c * h, w], [c, h, w]].contains(sample.shape.dims),
      let floats = sample.floats, let image = try? floats.reshaped(to: [c, h, w])
    else { return nil }
    return try? Value.float32(form.placed(image)).converted(to: wanted.type)
  }

  /// Whether two shapes are the same but for sizes of 1, or the one is the rows of all channels of
  /// the other, as CSV writes them.
  private static func isSame(_ found: Shape, _ wanted: Shape) -> Bool {
    let (a, b) = (found.dims.filter { $0 != 1 }, wanted.dims.filter { $0 != 1 })
    return a == b || (wanted.rank == 3 && found.dims == [wanted[0] * wanted[1], wanted[2]])
  }

  private func misfit(_ found: Shape) -> FormatError {
    FormatError(file, expected: "\(wanted.shapeText) for \(modelName)", found: "\(found)")
  }
}

extension Value {
  /// The elements in row-major order, over and over until a shape is full; it must be so after a whole
  /// number of times.
  func filling(_ shape: Shape) -> Value { elements(0..<self.shape.count, filling: shape) }

  /// One item along the first dimension, which stays with a size of 1.
  /// - Throws: `FormatError` where there is no such item.
  func item(_ index: Int, of file: String) throws(FormatError) -> Value {
    guard (0..<shape[0]).contains(index) else {
      throw FormatError(
        file, "item \(index)", expected: "0 to \(shape[0] - 1)", found: "\(index)")
    }
    let each = shape.count / shape[0]
    return elements(
      index * each..<(index + 1) * each, filling: Shape([1] + shape.dims.dropFirst()))
  }

  private func elements(_ range: Range<Int>, filling shape: Shape) -> Value {
    func filled<Element>(_ array: NDArray<Element>) -> NDArray<Element> {
      let part = array.elements[range]
      let times = range.isEmpty ? 0 : shape.count / range.count
      return NDArray(shape, (0..<times).flatMap { _ in part })
    }
    switch self {
    case .float32(let array): return .float32(filled(array))
    case .int64(let array): return .int64(filled(array))
    case .bool(let array): return .bool(filled(array))
    case .typed(let type, let value): return .typed(type, value.elements(range, filling: shape))
    case .opaque(let type, _): return .opaque(type, shape)
    case .sequence, .absent: return self
    }
  }
}
