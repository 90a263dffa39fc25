public import TensorCore

extension Value {
  /// The same numbers in another element type of the same sort: floats as floats, rounded to the nearest
  /// the type has; whole numbers as whole numbers. The value itself where it has the type already.
  /// - Throws: `TensorError` that names the types where they are of two sorts, and the number that does
  ///   not fit where there is one: a finite float that would be infinite, a whole number out of range.
  public func converted(to type: ElementType) throws(TensorError) -> Value {
    guard type != self.type else { return self }
    guard let sort = type.computed, computed.type == sort, sort != .bool else {
      throw TensorError("element type", expected: type.rawValue, found: self.type.rawValue)
    }
    let made: Value
    switch computed {
    case .float32(let numbers):
      made = try Value(computed, as: type)
      if let rounded = made.tensor,
        let unfit = numbers.firstElement(where: { numbers[$0].isFinite && !rounded[$0].isFinite })
      {
        throw TensorError("element type", expected: "numbers that \(type) holds", found: "\(unfit)")
      }
    case .int64(let numbers):
      made = try Value(computed, as: type)
      // What is held of a uint64 above the largest int64 is a number below 0.
      let isUnsigned = (from: self.type == .uint64, to: type == .uint64)
      let unfit = numbers.firstElement {
        let number = numbers[$0]
        return number != type.wrapped(number) || (number < 0 && isUnsigned.from != isUnsigned.to)
      }
      if let unfit {
        let found = isUnsigned.from ? "\(UInt64(bitPattern: unfit))" : "\(unfit)"
        throw TensorError("element type", expected: "numbers that \(type) holds", found: found)
      }
    case .bool, .typed, .opaque, .sequence, .absent:
      preconditionFailure("\(computed.type) is of no sort")
    }
    return made
  }

  /// The array as a graph's input takes it: converted to its element type.
  /// - Throws: `GraphError` with the input's name where the types are of two sorts, a number does not fit
  ///   or the input takes no such shape.
  public func converted(to input: Graph.Input) throws(GraphError) -> Value {
    if let elements = input.elements {
      guard case .sequence(let values) = self else {
        throw GraphError("input \(input.name): expected \(input.typeText), found \(type) \(shape)")
      }
      let each = Graph.Input(input.name, type: elements, dims: [], hasShape: false)
      return .sequence(
        try values.map { value throws(GraphError) in try value.converted(to: each) })
    }
    guard type.computed == input.type.computed, type.computed != nil else {
      throw GraphError("input \(input.name): expected \(input.type), found \(type)")
    }
    guard input.accepts(shape) else {
      throw GraphError(
        "input \(input.name): expected \(input.type) \(input.shapeText), found \(type) \(shape)")
    }
    do throws(TensorError) {
      return try converted(to: input.type)
    } catch {
      throw GraphError(
        "input \(input.name), \(input.type): expected \(error.expected), found \(error.found)")
    }
  }

  /// The numbers as floats, whatever their type: whole numbers rounded to the nearest, 1 for true; nil
  /// where the value holds none.
  public var floats: Tensor? {
    switch computed {
    case .float32(let numbers): numbers
    case .int64(let numbers):
      type == .uint64
        ? numbers.map { Float(UInt64(bitPattern: $0)) } : numbers.map { Float($0) }
    case .bool(let truths): truths.map { $0 ? 1 : 0 }
    case .typed, .opaque, .sequence, .absent: nil
    }
  }
}

extension NDArray {
  /// The first element whose offset answers to a question.
  fileprivate func firstElement(where answers: (Int) -> Bool) -> Element? {
    (0..<count).first(where: answers).map { self[$0] }
  }
}
