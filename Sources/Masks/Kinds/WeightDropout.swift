public import TensorCore

/// Each weight by itself, in place of an activation: Wan et al. 2013, DropConnect (a mask for each
/// sample); Merity et al. 2017, AWD-LSTM's WeightDrop (arXiv:1708.02182; one mask a batch). Kept
/// weights become w/(1−p), and gradient flows through them alone; at evaluation weights are whole,
/// where Wan's own inference samples from a normal distribution instead.
///
/// Layouts are those of `layout(ofWeights:samples:)`, not of an activation; `Dropout.drop(weights:)`
/// does both.
public struct WeightDropout: UnitwiseDropout {
  /// What shares a mask.
  public var mode: WeightMode

  /// The kind with a mode.
  public init(_ mode: WeightMode = .perBatch) { self.mode = mode }
  public let name = "weight"
  public let summary = "each weight of a layer: DropConnect (Wan 2013)"
  public let target = Target.weights
  public var declared: [any DeclaredSetting] { [WeightDropout.weightMode] }

  static let weightMode = KindSetting(
    "weight-mode", summary: "What shares a mask over the weights", usual: WeightMode.perBatch)

  /// A unit for each weight; in mode `perBatch` the same one for all samples.
  public func units(of layout: Layout) -> Layout {
    layout.sharing(mode == .perBatch ? [layout.sampleAxis].compactMap { $0 } : [])
  }

  /// How the masks over weights `[O,I,…]` are laid out: as many as the mode asks for, each with O
  /// channels of I rows, the kernel's cells as columns.
  /// - Throws: `TensorError` for weights of fewer than 2 dimensions, such as a bias.
  public func layout(ofWeights shape: Shape, samples: Int) throws(TensorError) -> Layout {
    guard shape.rank >= 2 else {
      throw TensorError(name, expected: "weights of 2 or more dimensions", found: "\(shape)")
    }
    let cells = shape.dims.dropFirst(2).reduce(1, *)
    return Layout(n: mode == .perBatch ? 1 : samples, c: shape[0], h: shape[1], w: cells)
  }

  /// `weight per-batch`
  public func settings(rate: Rate, layout: Layout) -> String { "\(name) \(mode.rawValue)" }
}

extension KindSettings {
  /// What shares a mask over the weights, for `weight`.
  public var weightMode: WeightMode {
    get { self[WeightDropout.weightMode] }
    set { self[WeightDropout.weightMode] = newValue }
  }
}

extension Dropout {
  /// Draws masks over a node's weights and applies them, in training.
  /// - Parameters:
  ///   - weights: `[O,I,…]`
  ///   - samples: how many samples the batch has; asked for in mode `perSample`
  ///   - stream: where the numbers come from; sample i of the batch uses its sample + i
  /// - Returns: the weights `[K,O,I,…]` and their mask, where K is 1 for one mask a batch, else the
  ///   number of samples.
  /// - Throws: `TensorError` where the kind does not act on weights, or these are no weights.
  public func drop(
    weights: Tensor, samples: Int, stream: RandomStream
  ) throws(TensorError) -> (weights: Tensor, mask: Mask) {
    guard let kind = kind as? WeightDropout else {
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
