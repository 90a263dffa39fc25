import Masks
import TensorCore

extension Network {
  /// What a node makes where dropout acts inside it: on its weights, or on the cells its pool chooses
  /// from; nil where none does.
  func resultsInside(
    _ index: Int, _ inputs: Inputs<Value>, _ placements: [String: Placement],
    _ run: inout Activations,
    _ context: RunContext
  ) throws(GraphError) -> [Value]? {
    let node = graph.nodes[index]
    do {
      if let made = node.outputs.first, let placement = placements[made],
        placement.dropout.kind.target == .weights
      {
        return try droppingWeights(index, inputs, placement, &run, context)
      }
      if let read = node.inputs.first, let placement = placements[read],
        placement.dropout.kind.target == .pool,
        let pool = try operators[index].get() as? any PoolWithDropout
      {
        guard let mask = run.masks[read] else { return nil }
        let y = try pool.pooled(
          try inputs.tensor(0), placement.dropout, mask: mask, mode: context.mode)
        return [.float32(y)]
      }
      return nil
    } catch let error as GraphError {
      throw error
    } catch {
      throw GraphError(node: node.name, "\(error)")
    }
  }

  /// Runs a node with dropped weights: once where the batch shares a mask, else sample by sample.
  private func droppingWeights(
    _ index: Int, _ inputs: Inputs<Value>, _ placement: Placement, _ run: inout Activations,
    _ context: RunContext
  ) throws -> [Value]? {
    guard let (position, weights) = weights(of: index), context.mode == .train else { return nil }
    let operation = try operators[index].get()
    let x = try inputs.tensor(0)
    let samples = x.shape.rank > 0 ? x.shape[0] : 1
    let dropped = try placement.dropout.drop(
      weights: weights, samples: samples, stream: placement.stream)
    run.masks[placement.site] = dropped.mask
    let masks = dropped.weights.shape[0]
    func forward(_ x: Tensor, mask: Int) throws -> [Value] {
      let own = Tensor(
        weights.shape,
        Array(dropped.weights.elements[mask * weights.count..<(mask + 1) * weights.count]))
      let items = (0..<inputs.count).map { at -> Value? in
        at == 0 ? .float32(x) : at == position ? .float32(own) : inputs.optional(at)
      }
      return try operation.forward(Inputs(inputs.opType, items), context)
    }
    guard masks > 1 else { return try forward(x, mask: 0) }
    let each = x.count / samples
    let parts = try (0..<samples).map { sample -> Tensor in
      let item = Tensor(
        Shape([1] + x.shape.dims.dropFirst()),
        Array(x.elements[sample * each..<(sample + 1) * each]))
      guard case .float32(let y)? = try forward(item, mask: sample).first else {
        throw TensorError(inputs.opType, expected: "a float32 output", found: "none")
      }
      return y
    }
    return [.float32(try Tensor.concatenated(parts, axis: 0, in: inputs.opType))]
  }
}
