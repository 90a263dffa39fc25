import Masks
public import TensorCore

/// The sizes of x from dimension `start` to before `end`, as int64: known without a run.
public struct ShapeOperator: AxisFreeOperator {
  public static let opType = "Shape"
  public static let schema = OperatorSchema(
    attributes: [.int("end", since: 15), .int("start", since: 15)],
    inputs: [.init([1: .firstTypes, 13: .all])])
  public static let typedOutputs = 0
  private let start: Int
  private let end: Int?

  public init(_ node: NodeReader) throws(TensorError) {
    start = try node.int("start", default: 0)
    end = node.has("end") ? try node.int("end", default: 0) : nil
  }

  private func sizes(_ shape: Shape) -> NDArray<Int64> {
    // Ends that reach too far are brought back, as a slice's are.
    func clamped(_ index: Int) -> Int {
      min(max(index < 0 ? index + shape.rank : index, 0), shape.rank)
    }
    let (from, to) = (clamped(start), clamped(end ?? shape.rank))
    let dims = from < to ? shape.dims[from..<to].map(Int64.init) : []
    return NDArray([dims.count], dims)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(constant: .int64(sizes(try inputs.required(0).shape)))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    [.int64(sizes(try inputs.required(0).shape))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
