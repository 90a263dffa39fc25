import Masks
public import TensorCore

/// An operator each of whose elements is one of input 0, or zero; any element type.
public protocol PickingOperator: Operator {
  /// The result's shape.
  /// - Throws: `TensorError` where the inputs do not go together.
  func shape(for inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape
  /// Where each element of the result stands in input 0, as a row-major offset; below 0 for a zero.
  /// - Throws: `TensorError` where there is no such element.
  func offsets(_ inputs: Inputs<Value>, for shape: Shape) throws(TensorError) -> [Int]
}

extension PickingOperator {
  public static var role: OperatorRole { .reshape }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try shape(for: inputs), type: try inputs.required(0).type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try shape(for: inputs.described)
    return [try inputs.required(0).taken(try offsets(inputs, for: shape), as: shape)]
  }

  /// An offset for each element.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.bytes(of: MemoryLayout<Int>.stride)
  }

  /// Each gradient goes where its element came from.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let offsets = try offsets(pass.inputs, for: try pass.output(0).shape)
    var gradient = Tensor(try pass.inputs.tensor(0).shape, repeating: 0)
    let g = try pass.takeGradient()
    gradient.withMutableElements { gradient in
      g.withElements { g in
        for i in g.indices where offsets[i] >= 0 { gradient[offsets[i]] += g[i] }
      }
    }
    return pass.only(gradient)
  }
}

extension Inputs where Item == Value {
  /// A whole number of an input that counts from 0 to before `size`, or from the end.
  /// - Throws: `TensorError` where it is beyond either.
  func place(_ index: Int64, before size: Int) throws(TensorError) -> Int {
    guard (-Int64(size)..<Int64(size)).contains(index) else {
      throw TensorError(opType, expected: "indices from \(-size) to \(size - 1)", found: "\(index)")
    }
    return Int(index < 0 ? index + Int64(size) : index)
  }
}
