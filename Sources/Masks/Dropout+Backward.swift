public import TensorCore

extension Dropout {
  /// The gradient by x of `apply(x, mask:, mode:)`, in place, from the gradient by its result.
  ///
  /// In training: × noise × scale where the mask keeps and exactly 0 where it drops, be the incoming
  /// gradient or x infinite or NaN; a shift and a dropped value do not depend on x. At evaluation as
  /// it came, except × (1−p) for `Scaling.weight`. The scale is the one that the kind has for this
  /// mask: for some kinds another for each sample.
  public func backward(
    _ gradient: consuming Tensor, mask: Mask, mode: Mode = .train
  ) -> Tensor {
    precondition(
      gradient.count == mask.layout.count, "\(gradient.shape) under a mask of \(mask.layout)")
    // The derivative of × (1−p) is × (1−p).
    if mode == .eval { return apply(gradient, mask: mask, mode: .eval) }
    if isIdentity || gradient.count == 0 { return gradient }
    let transfers = transfers(mask: mask, mode: .train)
    precondition(
      transfers.count == 1 || transfers.count == mask.layout.n, "a transfer per sample")
    let run = transfers.count == 1 ? nil : mask.layout.sampleRuns.length
    return Transfer.gradient(gradient, transfers, run: run, kept: mask.kept, noise: mask.noise)
  }

  /// The gradient by weights `[O,I,…]` from those by what `drop(weights:)` made of them, `[K,O,I,…]`:
  /// through kept weights alone, summed over the masks.
  /// - Throws: `TensorError` where the gradient is not one of weights under such a mask.
  public func backward(weights gradient: Tensor, mask: Mask) throws(TensorError) -> Tensor {
    let dims = gradient.shape.dims
    guard dims.count >= 3, dims[0] == mask.layout.n, gradient.count == mask.layout.count else {
      throw TensorError(
        kind.name, expected: "a gradient of weights under a mask of \(mask.layout)",
        found: "\(gradient.shape)")
    }
    let own = backward(gradient, mask: mask)
    let sum = try Reduction.sum(own, to: Shape([1] + dims.dropFirst()), in: kind.name)
    return try sum.reshaped(to: Shape(Array(dims.dropFirst())))
  }
}

extension Transfer {
  /// The gradient by the elements that went through this transfer, in place, from that by what they
  /// became; `kept` has as many elements.
  public func gradient(_ g: consuming Tensor, kept: NDArray<Bool>) -> Tensor {
    Transfer.gradient(g, [self], run: nil, kept: kept, noise: nil)
  }

  /// The same with one transfer for all elements, or with one after another for each run of so many
  /// elements, and with the factors that elements were multiplied by before.
  fileprivate static func gradient(
    _ g: consuming Tensor, _ transfers: [Transfer], run: Int?, kept: NDArray<Bool>, noise: Tensor?
  ) -> Tensor {
    precondition(kept.count == g.count, "\(kept.shape) beside \(g.shape)")
    let count = g.count
    guard count > 0 else { return g }
    let each = run ?? min(count, 1 << 16)
    // Without noise the factors are not read.
    let factors = noise ?? Tensor([0], [])
    let hasNoise = noise != nil
    g.withMutableElements { g in
      kept.withElements { kept in
        factors.withElements { factors in
          // Bytes: a Bool read from memory keeps the loop from becoming vector code.
          let bytes = UnsafeRawPointer(kept.baseAddress!).assumingMemoryBound(to: UInt8.self)
          nonisolated(unsafe) let (g, kept, factors) = (g.baseAddress!, bytes, factors)
          Parallel.run(tasks: (count + each - 1) / each) { task in
            let range = task * each..<min(count, (task + 1) * each)
            let scale = transfers[task % transfers.count].scale
            if hasNoise {
              for i in range {
                let own = g[i] * factors[i] * scale
                g[i] = kept[i] != 0 ? own : 0
              }
            } else {
              for i in range {
                let own = g[i] * scale
                g[i] = kept[i] != 0 ? own : 0
              }
            }
          }
        }
      }
    }
    return g
  }
}
