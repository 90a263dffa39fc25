public import TensorCore

/// A kind with its rate and scaling: everything dropout does at one site.
public struct Dropout: Sendable {
  /// What shares a unit and what a dropped unit becomes.
  public var kind: any DropoutKind
  /// The probability of dropping.
  public var rate: Rate
  /// What makes up for the dropped.
  public var scaling: Scaling

  /// Dropout of a kind at a rate.
  public init(_ kind: any DropoutKind, rate: Rate, scaling: Scaling = .inverted) {
    (self.kind, self.rate, self.scaling) = (kind, rate, scaling)
  }

  /// Whether nothing is drawn and nothing changes in training: the rate is 0 and the mask its work.
  var isIdentity: Bool { kind.followsRate && rate.p == 0 }

  /// The mask for an activation of `layout` from the numbers of `stream`.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  public func mask(layout: Layout, stream: RandomStream) throws(TensorError) -> Mask {
    let units = try kind.units(of: layout)
    if isIdentity { return Mask(layout: layout) }
    return try kind.mask(Field(units: units, stream: stream), rate: rate, layout: layout)
  }

  /// What an activation becomes under `mask`, in the shape of `x`, which has the mask's elements.
  ///
  /// In training kept cells are x·noise·scale + shift and dropped ones the kind's dropped value; at
  /// evaluation nothing changes, except × (1−p) for `Scaling.weight`.
  public func apply(_ x: Tensor, mask: Mask, mode: Mode = .train) -> Tensor {
    precondition(x.count == mask.layout.count, "\(x.shape) under a mask of \(mask.layout)")
    if mode == .eval { return evaluated(x) }
    if isIdentity || x.count == 0 { return x }
    let transfers = kind.transfer(rate: rate, scaling: scaling, mask: mask)
    let samples = transfers.count
    precondition(samples == 1 || samples == mask.layout.n, "a transfer per sample")
    let x = mask.noise.map { x.times($0) } ?? x
    let runs = samples == 1 ? (count: 1, length: x.count) : mask.layout.sampleRuns
    return Tensor(x.shape) { out in
      x.withElements { x in
        mask.kept.withElements { kept in
          // Bytes: a Bool read from memory keeps the loop from becoming vector code.
          let kept = UnsafeRawPointer(kept.baseAddress!).assumingMemoryBound(to: UInt8.self)
          for run in 0..<runs.count * samples {
            let start = run * runs.length
            transfers[run % samples].write(
              out.baseAddress! + start, x: x.baseAddress! + start, count: runs.length
            ) { kept[start + $0] != 0 }
          }
        }
      }
    }
  }

  /// What an activation becomes at evaluation: × (1−p) for `Scaling.weight`, itself otherwise.
  private func evaluated(_ x: Tensor) -> Tensor {
    guard scaling == .weight, kind.takesScaling, rate.p > 0 else { return x }
    // Nothing is kept at p = 1: exact zeros, where Inf × 0 would be NaN.
    guard rate.p < 1 else { return Tensor(x.shape, repeating: 0) }
    let keep = Float(rate.keep)
    return x.map { $0 * keep }
  }
}

extension Tensor {
  /// Element by element, in the shape of the first; there are as many factors as elements.
  fileprivate func times(_ factors: Tensor) -> Tensor {
    Tensor(shape) { out in
      withElements { x in
        factors.withElements { factors in for i in x.indices { out[i] = x[i] * factors[i] } }
      }
    }
  }
}
