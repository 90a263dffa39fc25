public import TensorCore

/// What flows along the edges of a graph: an array of one of ONNX's element types.
///
/// Operators compute with the first three cases alone. A value of another type is held in the type it
/// is computed in (`ElementType.computed`), its numbers rounded to those the type has; whoever runs an
/// operator hands it the `computed` form and gives the result its type again (`typed(like:)`).
public enum Value: Equatable, Sendable {
  /// Single precision: activations and weights.
  case float32(Tensor)
  /// Shapes, indices, axes.
  case int64(NDArray<Int64>)
  /// Masks and conditions.
  case bool(NDArray<Bool>)
  /// Numbers of another type, held as `.float32` or `.int64`.
  indirect case typed(ElementType, Value)
  /// What is carried along in its file alone: text, and types that nothing is computed with.
  case opaque(ElementType, Shape)
  /// Arrays one after another, whose shapes may differ. Only a `WholeValueOperator` takes them.
  case sequence([Value])
  /// An optional value that is not there. Only a `WholeValueOperator` takes it.
  case absent

  /// Numbers of a type: rounded floats, wrapped whole numbers. The value itself where the type is the
  /// one it is computed in already.
  /// - Throws: `TensorError` where the numbers are of another kind.
  public init(_ computed: Value, as type: ElementType) throws(TensorError) {
    guard type.computed == computed.type, type.computed != nil else {
      throw TensorError("element type", expected: type.rawValue, found: computed.type.rawValue)
    }
    guard type != computed.type else {
      self = computed
      return
    }
    switch computed {
    case .float32(let x):
      self = .typed(type, type == .float64 ? computed : .float32(x.map { type.rounded($0) }))
    case .int64(let x): self = .typed(type, .int64(x.map { type.wrapped($0) }))
    case .bool, .typed, .opaque, .sequence, .absent: self = computed
    }
  }

  /// The array's shape; of a sequence its length.
  public var shape: Shape {
    switch self {
    case .float32(let a): a.shape
    case .int64(let a): a.shape
    case .bool(let a): a.shape
    case .typed(_, let value): value.shape
    case .opaque(_, let shape): shape
    case .sequence(let values): [values.count]
    case .absent: []
    }
  }

  /// The array's element type.
  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .int64: .int64
    case .bool: .bool
    case .typed(let type, _), .opaque(let type, _): type
    case .sequence: .sequence
    case .absent: .unsupported
    }
  }

  /// The numbers as they are computed with: `.float32`, `.int64` or `.bool`; other values stay what
  /// they are, and no operator that computes takes them.
  public var computed: Value { if case .typed(_, let value) = self { value } else { self } }

  /// The numbers of any float type as float32; nil for other types.
  public var tensor: Tensor? { if case .float32(let x) = computed { x } else { nil } }
}

/// What is known of a value before it is computed: its type and shape and, where it does not depend
/// on the network's input, the value itself (the shape that Reshape is given, for one).
public struct ValueInfo: Equatable, Sendable {
  /// The element type.
  public var type: ElementType
  /// The shape.
  public var shape: Shape
  /// The value, where it is a constant.
  public var constant: Value?
  /// What is known of each array of a sequence.
  public var elements: [ValueInfo]?

  /// A value still to be computed.
  public init(_ shape: Shape, type: ElementType = .float32) {
    (self.type, self.shape) = (type, shape)
  }

  /// A constant.
  public init(constant: Value) {
    (type, shape, self.constant) = (constant.type, constant.shape, constant)
    if case .sequence(let values) = constant { elements = values.map(ValueInfo.init(constant:)) }
  }

  /// A sequence of arrays.
  init(sequence elements: [ValueInfo]) {
    self.init([elements.count], type: .sequence)
    self.elements = elements
  }

  /// The same of a value that is still to be computed.
  var uncomputed: ValueInfo {
    var info = self
    info.constant = nil
    info.elements = elements?.map(\.uncomputed)
    return info
  }

  /// How many elements there are, of all arrays where it is a sequence.
  var count: Int { elements?.reduce(0) { $0 + $1.count } ?? shape.count }

  /// What an operator is told: the type it computes in.
  var computed: ValueInfo {
    guard let type = type.computed, type != self.type else { return self }
    var info = self
    info.type = type
    info.constant = constant?.computed
    return info
  }
}
