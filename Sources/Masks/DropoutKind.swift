public import TensorCore

/// A kind of dropout: which cells share one unit, and what a kept and a dropped cell become.
///
/// Every kind draws a `Field` over its units, turns it into a `Mask` for a rate, and then computes
/// `y = select(mask, x·noise·scale + shift, dropped)`, where most masks have no noise. Selecting, not
/// multiplying, is what makes a dropped Inf or NaN an exact 0. A kind whose units are decided one by one is a `UnitwiseDropout`.
public protocol DropoutKind: Sendable {
  /// The word on the command line and in the status line.
  var name: String { get }
  /// One line of help: what shares a unit, and whose idea it is.
  var summary: String { get }
  /// False where the mask does not come from the field and the rate (a mask the user made).
  var followsRate: Bool { get }
  /// False where the kind keeps the mean by itself or not at all, so that `Scaling` has no say.
  var takesScaling: Bool { get }
  /// What the kind acts on.
  var target: Target { get }

  /// The field's sizes for an activation of `layout`: 1 along the axes whose cells share a unit.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func units(of layout: NCHW) throws(TensorError) -> NCHW

  /// The decisions for a rate. For one field they are nested: a cell dropped at p is dropped at
  /// every higher rate.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func mask(_ field: Field, rate: Rate, layout: NCHW) throws(TensorError) -> Mask

  /// What cells become in training, for each sample or, where there is one entry, for all.
  func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer]

  /// What chance makes of the realised rate on an activation of `layout`.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func realisedLaw(rate: Rate, layout: NCHW) throws(TensorError) -> RealisedLaw

  /// The probability of each cell of a map to be dropped, `[H,W]`; nil where the kind has no such map.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func deathProbability(rate: Rate, layout: NCHW) throws(TensorError) -> Tensor?

  /// The kind with its settings, in a few words for a status line: `block 5×5 exact γ .0270`.
  func settings(rate: Rate, layout: NCHW) -> String
}

extension DropoutKind {
  /// Most kinds drop by the field and the rate.
  public var followsRate: Bool { true }

  /// Most kinds leave it to `Scaling` to make up for the dropped.
  public var takesScaling: Bool { true }

  /// Most kinds act on an activation.
  public var target: Target { .activation }

  /// Few kinds have a map of probabilities.
  public func deathProbability(rate: Rate, layout: NCHW) throws(TensorError) -> Tensor? { nil }

  /// Most kinds have no settings beside the rate.
  public func settings(rate: Rate, layout: NCHW) -> String { name }

  /// Kept values × 1/(1−p) for inverted scaling, untouched otherwise; dropped ones 0.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
    [.make(rate: rate, scaling: scaling)]
  }
}

/// A kind that drops each unit by itself, exactly when its u is below the rate, and whose transfer
/// depends on the rate alone. Its mask can be drawn and applied in one pass over the activation.
public protocol UnitwiseDropout: DropoutKind {
  /// What cells become in training.
  func transfer(rate: Rate, scaling: Scaling) -> Transfer
}

extension UnitwiseDropout {
  /// p everywhere.
  public func deathProbability(rate: Rate, layout: NCHW) throws(TensorError) -> Tensor? {
    Tensor([layout.h, layout.w], repeating: Float(rate.p))
  }

  /// u < p for each unit, repeated over the cells that share it.
  public func mask(_ field: Field, rate: Rate, layout: NCHW) throws(TensorError) -> Mask {
    let threshold = rate.threshold
    let decided = NDArray<Bool>(field.u.shape) { kept in
      field.u.withElements { u in
        guard let from = u.baseAddress, let to = kept.baseAddress else { return }
        for i in 0..<u.count { to[i] = from[i] >= threshold }
      }
    }
    guard field.units != layout else { return Mask(layout: layout, kept: decided) }
    return Mask(layout: layout, kept: decided.repeated(from: field.units, to: layout))
  }

  /// Kept values × 1/(1−p) for inverted scaling, untouched otherwise; dropped ones 0.
  public func transfer(rate: Rate, scaling: Scaling) -> Transfer {
    .make(rate: rate, scaling: scaling)
  }

  /// The same for every sample.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
    [transfer(rate: rate, scaling: scaling)]
  }

  /// Independent units: a binomial law.
  public func realisedLaw(rate: Rate, layout: NCHW) throws(TensorError) -> RealisedLaw {
    RealisedLaw(units: try units(of: layout).count, rate: rate)
  }
}

extension NDArray {
  /// Repeats the cells of `units` along its axes of size 1 until they fill `layout`.
  func repeated(from units: NCHW, to layout: NCHW) -> NDArray where Element: BitwiseCopyable {
    let step = (
      n: units.n == 1 ? 0 : units.c * units.area, c: units.c == 1 ? 0 : units.area,
      h: units.h == 1 ? 0 : units.w, w: units.w == 1 ? 0 : 1
    )
    return withElements { source in
      NDArray(layout.shape) { out in
        var row = 0
        for n in 0..<layout.n {
          for c in 0..<layout.c {
            for y in 0..<layout.h {
              let from = n * step.n + c * step.c + y * step.h
              let cells = UnsafeMutableBufferPointer(rebasing: out[row..<row + layout.w])
              if step.w == 0 {
                cells.initialize(repeating: source[from])
              } else {
                for x in cells.indices { cells[x] = source[from + x] }
              }
              row += layout.w
            }
          }
        }
      }
    }
  }
}
