import Masks
import TensorCore

/// An operator that runs with dropped parameters: once where the batch shares a mask, else sample by
/// sample. Its last two outputs, behind those of the operator, are what was kept and the parameters that
/// were left, for the backward pass.
struct DroppedParameters: Dropping, Placed {
  let operation: any Operator
  /// Which input holds the parameters.
  let position: Int
  var dropout: Dropout

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    var context = context
    context.kept = nil
    let parameters = try inputs.tensor(position)
    let samples = inputs.optional(0)?.shape.dims.first ?? 1
    let dropped = try dropout.drop(
      weights: parameters, samples: samples, stream: context.stream)
    var parts: [[Value]] = []
    for k in 0..<dropped.weights.shape[0] {
      let own = try self.inputs(inputs, dropped.weights, k, shape: parameters.shape)
      parts.append(try operation.forward(own, context))
    }
    let made = parts.count == 1 ? parts[0] : [.float32(try joined(parts, in: inputs.opType))]
    return made + [.bool(dropped.mask.kept), .float32(dropped.weights)]
  }

  /// The first outputs of the samples as one.
  private func joined(_ parts: [[Value]], in opType: String) throws(TensorError) -> Tensor {
    var first: [Tensor] = []
    for part in parts {
      guard case .float32(let y)? = part.first else {
        throw TensorError(opType, expected: "a float32 output", found: "none")
      }
      first.append(y)
    }
    return try Tensor.concatenated(first, axis: 0, in: opType)
  }

  /// The results twice, in parts and as one, and for each sample at most the parameters that are left, the
  /// uniforms and the mask.
  func price(_ inputs: Inputs<Value>) -> Price {
    let isPerSample = (dropout.kind as? any ParameterDropout)?.isPerSample ?? false
    let samples = isPerSample ? max(1, inputs.optional(0)?.shape.dims.first ?? 1) : 1
    let parameters = (inputs.optional(position)?.shape.count ?? 0).saturatingMultiplied(by: 9)
    var price = operation.price(inputs)
    price.bytes = price.bytes.saturatingMultiplied(by: 2)
      .saturatingAdding(parameters.saturatingMultiplied(by: samples))
    return price
  }

  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    let inputs = pass.inputs
    let own = pass.outputs.count - 2
    guard own > 0, case .bool(let kept) = pass.outputs[own] else {
      throw TensorError(inputs.opType, expected: "a mask", found: "\(pass.outputs.count) outputs")
    }
    let left = try pass.output(own + 1)
    let shape = Shape(Array(left.shape.dims.dropFirst()))
    let masks = left.shape[0]
    var parts: [[Tensor?]] = []
    if masks == 1 {
      let whole = BackwardPass(
        inputs: try self.inputs(inputs, left, 0, shape: shape),
        outputs: Array(pass.outputs.prefix(own)), gradients: Array(pass.gradients.prefix(own)),
        wanted: pass.wanted)
      parts.append(try operation.backward(whole))
    } else {
      let y = try pass.output(0)
      let gradient = try pass.takeGradient()
      for k in 0..<masks {
        let part = BackwardPass(
          inputs: try self.inputs(inputs, left, k, shape: shape),
          outputs: [.float32(self.part(y, k, of: masks))],
          gradients: [self.part(gradient, k, of: masks)], wanted: pass.wanted)
        parts.append(try operation.backward(part))
      }
    }
    var all = [Tensor?](repeating: nil, count: inputs.count)
    for index in all.indices {
      let found = parts.compactMap { $0[index] }
      guard let first = found.first else { continue }
      if index == position {
        let stacked = try Tensor.concatenated(found, axis: 0, in: inputs.opType)
          .reshaped(to: left.shape)
        let layout = DroppedParameters.layout(left.shape)
        all[index] = try dropout.backward(
          weights: stacked, mask: Mask(layout: layout, kept: kept))
      } else if index == 0 {
        all[index] = try Tensor.concatenated(found, axis: 0, in: inputs.opType)
      } else {
        all[index] = found.dropFirst().reduce(into: first) { $0.add($1) }
      }
    }
    return all
  }

  func mask(of made: [Value]) throws(TensorError) -> Mask? {
    guard made.count > 2, case .bool(let kept) = made[made.count - 2] else { return nil }
    return Mask(layout: DroppedParameters.layout(made[made.count - 1].shape), kept: kept)
  }

  /// The layout of masks over parameters `[K,O,I,…]`.
  private static func layout(_ shape: Shape) -> Layout {
    let dims = shape.dims
    return Layout(n: dims[0], c: dims[1], h: dims[2], w: dims.dropFirst(3).reduce(1, *))
  }

  /// The operator's inputs under the k-th mask: with one mask all samples, else the k-th.
  private func inputs(
    _ inputs: Inputs<Value>, _ left: Tensor, _ k: Int, shape: Shape
  ) throws(TensorError) -> Inputs<Value> {
    let masks = left.shape[0]
    let own = try part(left, k, of: masks).reshaped(to: shape)
    let x = masks == 1 ? inputs.optional(0) : .float32(part(try inputs.tensor(0), k, of: masks))
    return Inputs(
      inputs.opType,
      (0..<inputs.count).map { at in
        at == position ? .float32(own) : at == 0 ? x : inputs.optional(at)
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
