public import TensorCore

/// How a cell's first number was made: by the operator that brings several numbers together.
public enum CellSource: Equatable, Sendable {
  /// It is as it was given: the network's input, or a number of an operator whose cells have no
  /// arithmetic of their own (Softmax, Transpose, …).
  case given(Double)
  /// Patches of a convolution's input × its kernel.
  case patches(PatchSum)
  /// A row × a column of a matrix product.
  case products(ProductSum)
  /// The cells of a pooling window.
  case window(PoolWindow)
  /// Two numbers combined, each from an activation.
  case operands([Operand], Double)

  /// A number with the name of the value it is of.
  public struct Operand: Equatable, Sendable {
    /// The value's name.
    public let name: String
    /// The number.
    public let value: Double
  }

  /// The number.
  public var total: Double {
    switch self {
    case .given(let value), .operands(_, let value): value
    case .patches(let sum): sum.total
    case .products(let sum): sum.total
    case .window(let window): window.total
    }
  }

  /// The sum of the sizes of what was added: what rounding errors are measured against.
  public var magnitude: Double {
    switch self {
    case .given(let value): abs(value)
    case .patches(let sum): sum.magnitude
    case .products(let sum): sum.magnitude
    case .window(let window): window.magnitude
    case .operands(let operands, let value):
      operands.reduce(abs(value)) { max($0, abs($1.value)) }
    }
  }
}

/// An operator whose cells are each made of several numbers by arithmetic that can be written down.
public protocol CellMaker: Operator {
  /// How the element at a row-major offset of the first output was made. The inputs are those of a
  /// run that made it, the node gives their names.
  /// - Throws: `TensorError` where the inputs do not go together.
  func source(
    of offset: Int, _ node: Node, _ inputs: Inputs<Value>
  ) throws(TensorError) -> CellSource
}
