import TensorCore

extension Value {
  /// The same elements under another shape. - Throws: `TensorError` where the counts differ.
  func reshaped(to shape: Shape) throws(TensorError) -> Value {
    switch self {
    case .float32(let a): .float32(try a.reshaped(to: shape))
    case .int64(let a): .int64(try a.reshaped(to: shape))
    case .bool(let a): .bool(try a.reshaped(to: shape))
    case .typed(let type, let value): .typed(type, try value.reshaped(to: shape))
    case .opaque: throw TensorError("reshape", expected: "numbers", found: type.rawValue)
    }
  }

  /// The elements a view looks at.
  func gathered(_ view: StridedView) -> Value {
    switch self {
    case .float32(let a): .float32(a.gathered(view))
    case .int64(let a): .int64(a.gathered(view))
    case .bool(let a): .bool(a.gathered(view))
    case .typed(let type, let value): .typed(type, value.gathered(view))
    case .opaque: self
    }
  }

  /// Values of one type one after another along `axis`.
  /// - Throws: `TensorError` where types or shapes do not go together.
  static func concatenated(
    _ values: [Value], axis: Int, in operation: String
  ) throws(TensorError) -> Value {
    func parts<E>(_ pick: (Value) -> NDArray<E>?) throws(TensorError) -> [NDArray<E>] {
      let parts = values.compactMap(pick)
      guard parts.count == values.count else {
        throw TensorError(
          operation, expected: "one element type", found: "\(values.map(\.type.rawValue))")
      }
      return parts
    }
    switch values.first {
    case .int64:
      let parts = try parts { if case .int64(let a) = $0 { a } else { nil } }
      return .int64(try NDArray.concatenated(parts, axis: axis, in: operation))
    case .bool:
      let parts = try parts { if case .bool(let a) = $0 { a } else { nil } }
      return .bool(try NDArray.concatenated(parts, axis: axis, in: operation))
    default:
      let parts = try parts { if case .float32(let a) = $0 { a } else { nil } }
      return .float32(try NDArray.concatenated(parts, axis: axis, in: operation))
    }
  }
}
