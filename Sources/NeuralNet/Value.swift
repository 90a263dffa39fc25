public import TensorCore

/// What flows along the edges of a graph: an array of one of the element types ONNX models use.
public enum Value: Equatable, Sendable {
  /// Single precision: activations and weights.
  case float32(Tensor)
  /// Shapes, indices, axes.
  case int64(NDArray<Int64>)
  /// Masks and conditions.
  case bool(NDArray<Bool>)

  /// The array's shape.
  public var shape: Shape {
    switch self {
    case .float32(let a): a.shape
    case .int64(let a): a.shape
    case .bool(let a): a.shape
    }
  }

  /// The array's element type.
  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .int64: .int64
    case .bool: .bool
    }
  }
}

/// The element types of `Value`.
public enum ElementType: String, Sendable {
  /// IEEE single precision.
  case float32
  /// Two's complement, 64 bits.
  case int64
  /// True or false.
  case bool
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

  /// A value still to be computed.
  public init(_ shape: Shape, type: ElementType = .float32) {
    (self.type, self.shape) = (type, shape)
  }

  /// A constant.
  public init(constant: Value) {
    (type, shape, self.constant) = (constant.type, constant.shape, constant)
  }
}
