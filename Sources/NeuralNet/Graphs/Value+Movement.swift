import TensorCore

extension Value {
  /// The same elements under another shape. - Throws: `TensorError` where the counts differ.
  func reshaped(to shape: Shape) throws(TensorError) -> Value {
    switch self {
    case .float32(let a): .float32(try a.reshaped(to: shape))
    case .int64(let a): .int64(try a.reshaped(to: shape))
    case .bool(let a): .bool(try a.reshaped(to: shape))
    case .typed(let type, let value): .typed(type, try value.reshaped(to: shape))
    case .opaque, .sequence, .absent:
      throw TensorError("reshape", expected: "numbers", found: type.rawValue)
    }
  }

  /// The elements a view looks at.
  func gathered(_ view: StridedView) -> Value {
    switch self {
    case .float32(let a): .float32(a.gathered(view))
    case .int64(let a): .int64(a.gathered(view))
    case .bool(let a): .bool(a.gathered(view))
    case .typed(let type, let value): .typed(type, value.gathered(view))
    case .opaque, .sequence, .absent: self
    }
  }

  /// The elements at row-major offsets, as many as a shape has; zeros or false for offsets below 0.
  func taken(_ offsets: [Int], as shape: Shape) -> Value {
    func taken<E: BitwiseCopyable & Sendable>(_ x: NDArray<E>, _ zero: E) -> NDArray<E> {
      x.withElements { x in
        NDArray(shape) { out in
          for i in out.indices { out[i] = offsets[i] < 0 ? zero : x[offsets[i]] }
        }
      }
    }
    switch self {
    case .float32(let a): return .float32(taken(a, 0))
    case .int64(let a): return .int64(taken(a, 0))
    case .bool(let a): return .bool(taken(a, false))
    case .typed(let type, let value): return .typed(type, value.taken(offsets, as: shape))
    case .opaque(let type, _): return .opaque(type, shape)
    case .sequence, .absent: return self
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
