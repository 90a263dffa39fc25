public import TensorCore

/// A kind that drops learned numbers of a node, in place of an activation: kept ones become w/(1−p), and
/// gradient flows through them alone; at evaluation all are whole.
///
/// Layouts are those of `layout(ofWeights:samples:)`, not of an activation; `Dropout.drop(weights:)` does
/// both.
public protocol ParameterDropout: UnitwiseDropout {
  /// Whether each sample has a mask of its own; else the batch shares one.
  var isPerSample: Bool { get }

  /// How the masks over weights are laid out, as many as the kind asks for.
  /// - Throws: `TensorError` for what are no such weights.
  func layout(ofWeights shape: Shape, samples: Int) throws(TensorError) -> Layout
}

extension ParameterDropout {
  /// Most masks are drawn once a batch.
  public var isPerSample: Bool { false }

  /// A unit for each weight; where the batch shares a mask, the same one for all samples.
  public func units(of layout: Layout) throws(TensorError) -> Layout {
    layout.sharing(isPerSample ? [] : [layout.sampleAxis].compactMap { $0 })
  }

  /// Weights `[O,I,…]`: O channels of I rows, the kernel's cells as columns.
  /// - Throws: `TensorError` for weights of fewer than 2 dimensions, such as a bias.
  public func layout(ofWeights shape: Shape, samples: Int) throws(TensorError) -> Layout {
    guard shape.rank >= 2 else {
      throw TensorError(name, expected: "weights of 2 or more dimensions", found: "\(shape)")
    }
    let cells = shape.dims.dropFirst(2).reduce(1, *)
    return Layout(n: isPerSample ? samples : 1, c: shape[0], h: shape[1], w: cells)
  }
}

extension Dropout {
  /// Draws masks over a node's weights and applies them, in training.
  /// - Parameters:
  ///   - weights: `[O,I,…]`
  ///   - samples: how many samples the batch has, for a kind with a mask for each
  ///   - stream: where the numbers come from; sample i of the batch uses its sample + i
  /// - Returns: the weights `[K,O,I,…]` and their mask, where K is 1 for one mask a batch, else the
  ///   number of samples.
  /// - Throws: `TensorError` where the kind does not act on weights, or these are no weights.
  public func drop(
    weights: Tensor, samples: Int, stream: RandomStream
  ) throws(TensorError) -> (weights: Tensor, mask: Mask) {
    guard let kind = kind as? any ParameterDropout else {
      throw TensorError(kind.name, expected: kind.target.need, found: "weights \(weights.shape)")
    }
    let layout = try kind.layout(ofWeights: weights.shape, samples: samples)
    let mask = try mask(layout: layout, stream: stream)
    let shape = try Shape(computed: [layout.n] + weights.shape.dims, in: kind.name)
    let copies = Tensor(shape) { out in
      weights.withElements { w in
        for n in 0..<layout.n {
          _ = UnsafeMutableBufferPointer(rebasing: out[n * w.count..<(n + 1) * w.count])
            .initialize(from: w)
        }
      }
    }
    return (apply(copies, mask: mask), mask)
  }
}
