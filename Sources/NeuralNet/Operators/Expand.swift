import Masks
public import TensorCore

/// x repeated until it broadcasts with the shape that input 1 lists; any element type.
public struct Expand: BroadcastingOperator {
  public static let opType = "Expand"
  public static let schema = OperatorSchema(
    since: 8, inputs: [.init([8: .firstTypes, 13: .all]), .init(.int64)])
  public init(_ node: NodeReader) {}

  private func shape(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let sizes = try inputs.integers(1)
    guard sizes.allSatisfy({ $0 >= 0 }) else {
      throw TensorError("Expand", expected: "sizes of 0 or more", found: "\(sizes)")
    }
    let wanted = try Shape(computed: sizes, in: "Expand")
    return try Broadcast(try inputs.required(0).shape, wanted, in: "Expand").shape
  }

  public func operands(_ inputs: Inputs<ValueInfo>) -> [Shape?] { [inputs.optional(0)?.shape] }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try shape(inputs), type: try inputs.required(0).type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    let shape = try shape(inputs.described)
    return [x.gathered(try .broadcasting(x.shape, to: shape, in: "Expand"))]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let shape = try pass.inputs.tensor(0).shape
    return pass.only(try Reduction.sum(try pass.takeGradient(), to: shape, in: "Expand"))
  }
}
