import Masks
import TensorCore

/// An operator that runs with dropped weights: once where the batch shares a mask, else sample by
/// sample. Outputs 1 and 2 are what was kept and the weights that were left, for the backward pass.
struct DroppedWeights: Dropping, Placed {
  let operation: any Operator
  /// Which input holds the weights.
  let position: Int
  var dropout: Dropout

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    var context = context
    context.kept = nil
    let (x, weights) = (try inputs.tensor(0), try inputs.tensor(position))
    let samples = x.shape.dims.first ?? 1
    let dropped = try dropout.drop(weights: weights, samples: samples, stream: context.stream)
    var parts: [Tensor] = []
    for k in 0..<dropped.weights.shape[0] {
      let own = try self.inputs(inputs, dropped.weights, k, shape: weights.shape)
      guard case .float32(let y)? = try operation.forward(own, context).first else {
        throw TensorError(inputs.opType, expected: "a float32 output", found: "none")
      }
      parts.append(y)
    }
    let y = parts.count == 1 ? parts[0] : try Tensor.concatenated(parts, axis: 0, in: inputs.opType)
    return [.float32(y), .bool(dropped.mask.kept), .float32(dropped.weights)]
  }

  /// The results twice, in parts and as one, and for each sample at most the weights that are left, the
  /// uniforms and the mask.
  func price(_ inputs: Inputs<Value>) -> Price {
    let samples = max(1, inputs.optional(0)?.shape.dims.first ?? 1)
    let weights = (inputs.optional(position)?.shape.count ?? 0).saturatingMultiplied(by: 9)
    var price = operation.price(inputs)
    price.bytes = price.bytes.saturatingMultiplied(by: 2)
      .saturatingAdding(weights.saturatingMultiplied(by: samples))
    return price
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let inputs = pass.inputs
    let gradient = try pass.takeGradient()
    let (y, left) = (try pass.output(0), try pass.output(2))
    guard case .bool(let kept) = pass.outputs[1] else {
      throw TensorError(inputs.opType, expected: "a mask", found: "\(pass.outputs[1].type)")
    }
    let shape = Shape(Array(left.shape.dims.dropFirst()))
    let masks = left.shape[0]
    var (ofX, ofWeights): ([Tensor], [Tensor]) = ([], [])
    var others = [Tensor?](repeating: nil, count: inputs.count)
    for k in 0..<masks {
      let own = BackwardPass(
        inputs: try self.inputs(inputs, left, k, shape: shape),
        outputs: [.float32(part(y, k, of: masks))], gradients: [part(gradient, k, of: masks)],
        wanted: pass.wanted)
      for (index, part) in try operation.backward(own).enumerated() {
        guard let part else { continue }
        switch index {
        case 0: ofX.append(part)
        case position: ofWeights.append(part)
        default:
          if others[index] == nil { others[index] = part } else { others[index]?.add(part) }
        }
      }
    }
    if !ofX.isEmpty {
      others[0] = try Tensor.concatenated(ofX, axis: 0, in: inputs.opType)
    }
    if !ofWeights.isEmpty {
      let stacked = try Tensor.concatenated(ofWeights, axis: 0, in: inputs.opType)
        .reshaped(to: left.shape)
      let layout = Layout(
        n: masks, c: shape[0], h: shape[1], w: shape.dims.dropFirst(2).reduce(1, *))
      others[position] = try dropout.backward(
        weights: stacked, mask: Mask(layout: layout, kept: kept))
    }
    return others
  }

  func mask(of made: [Value]) throws(TensorError) -> Mask? {
    guard made.count > 2, case .bool(let kept) = made[1] else { return nil }
    let dims = made[2].shape.dims
    return Mask(
      layout: Layout(n: dims[0], c: dims[1], h: dims[2], w: dims.dropFirst(3).reduce(1, *)),
      kept: kept)
  }

  /// The operator's inputs under the k-th mask: with one mask all samples, else the k-th.
  private func inputs(
    _ inputs: Inputs<Value>, _ left: Tensor, _ k: Int, shape: Shape
  ) throws(TensorError) -> Inputs<Value> {
    let masks = left.shape[0]
    let x = part(try inputs.tensor(0), k, of: masks)
    let own = try part(left, k, of: masks).reshaped(to: shape)
    return Inputs(
      inputs.opType,
      (0..<inputs.count).map { at in
        at == 0 ? .float32(x) : at == position ? .float32(own) : inputs.optional(at)
      })
  }

  /// The k-th of equal parts along the first dimension.
  private func part(_ x: Tensor, _ k: Int, of parts: Int) -> Tensor {
    guard parts > 1 else { return x }
    let each = x.count / parts
    return Tensor(
      Shape([x.shape[0] / parts] + x.shape.dims.dropFirst()),
      Array(x.elements[k * each..<(k + 1) * each]))
  }
}
