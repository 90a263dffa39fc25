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

  /// The mask for an activation of `layout` from the numbers of `stream`.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  public func mask(layout: NCHW, stream: RandomStream) throws(TensorError) -> Mask {
    // A rate of 0 draws nothing.
    if kind.followsRate, rate.p == 0 { return Mask(layout: layout) }
    let field = Field(units: try kind.units(of: layout), stream: stream)
    return try kind.mask(field, rate: rate, layout: layout)
  }

  /// What an activation becomes under `mask`, in the shape of `x`, which has the mask's elements.
  ///
  /// In training kept cells are x·scale + shift and dropped ones the kind's dropped value; at
  /// evaluation nothing changes, except × (1−p) for `Scaling.weight`.
  public func apply(_ x: Tensor, mask: Mask, mode: Mode = .train) -> Tensor {
    precondition(x.count == mask.layout.count, "\(x.shape) under a mask of \(mask.layout)")
    if mode == .eval {
      guard scaling == .weight, rate.p > 0 else { return x }
      let keep = Float(rate.keep)
      return x.map { $0 * keep }
    }
    if kind.followsRate, rate.p == 0 { return x }
    let transfers = kind.transfer(rate: rate, scaling: scaling, mask: mask)
    let each = mask.layout.n > 0 ? x.count / mask.layout.n : 0
    return Tensor(x.shape) { out in
      x.withElements { x in
        mask.kept.withElements { kept in
          for n in 0..<mask.layout.n {
            let t = transfers.count == 1 ? transfers[0] : transfers[n]
            for i in n * each..<(n + 1) * each {
              out[i] = kept[i] ? x[i] * t.scale + t.shift : t.dropped
            }
          }
        }
      }
    }
  }
}
