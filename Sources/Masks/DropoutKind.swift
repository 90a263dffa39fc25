public import TensorCore

/// A kind of dropout: which cells share one unit, and what a kept and a dropped cell become.
///
/// Every kind draws a `Field` over its units, turns it into a `Mask` for a rate, and then computes
/// `y = select(mask, x·noise·scale + shift, dropped)`, where most masks have no noise. Selecting, not
/// multiplying, is what makes a dropped Inf or NaN an exact 0. A kind whose units are decided one by
/// one is a `UnitwiseDropout`.
public protocol DropoutKind: Sendable {
  /// The word on the command line and in the status line.
  var name: String { get }
  /// One line of help: what shares a unit, and whose idea it is.
  var summary: String { get }
  /// What can be set beside the rate, in the order in which it is said.
  var declared: [any DeclaredSetting] { get }
  /// False where the mask does not come from the field and the rate (a mask the user made).
  var followsRate: Bool { get }
  /// False where the kind keeps the mean by itself or not at all, so that `Scaling` has no say.
  var takesScaling: Bool { get }
  /// What the kind acts on.
  var target: Target { get }

  /// The field's sizes for an activation of `layout`: 1 along the axes whose cells share a unit.
  /// Which these are follows from their names.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func units(of layout: Layout) throws(TensorError) -> Layout

  /// The decisions for a rate. For one field they are nested: a cell dropped at p is dropped at
  /// every higher rate.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask

  /// What cells become in training, for each sample or, where there is one entry, for all.
  func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer]

  /// What chance makes of the realised rate on an activation of `layout`.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw

  /// The probability of each cell of a map to be dropped, rows × columns as `layout` looks at it;
  /// nil where the kind has no such map.
  /// - Throws: `TensorError` where the kind cannot act on such a layout.
  func deathProbability(rate: Rate, layout: Layout) throws(TensorError) -> Tensor?

  /// The probability that a unit starts what is dropped, where that is not the rate; nil where it is.
  func gamma(rate: Rate, layout: Layout) -> Double?

  /// The kind with its settings, in a few words for a status line: `block 5×5 exact γ .0270`.
  func settings(rate: Rate, layout: Layout) -> String
}

extension DropoutKind {
  /// Most kinds have no settings.
  public var declared: [any DeclaredSetting] { [] }

  /// Most kinds drop by the field and the rate.
  public var followsRate: Bool { true }

  /// Most kinds leave it to `Scaling` to make up for the dropped.
  public var takesScaling: Bool { true }

  /// Most kinds act on an activation.
  public var target: Target { .activation }

  /// Few kinds have a map of probabilities.
  public func deathProbability(rate: Rate, layout: Layout) throws(TensorError) -> Tensor? { nil }

  /// Most kinds drop a unit with the rate as it is.
  public func gamma(rate: Rate, layout: Layout) -> Double? { nil }

  /// Most kinds have no settings beside the rate.
  public func settings(rate: Rate, layout: Layout) -> String { name }

  /// Kept values × 1/(1−p) for inverted scaling, untouched otherwise; dropped ones 0.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] {
    [.make(rate: rate, scaling: scaling)]
  }
}

extension DropoutKind {
  /// The least rate in hundredths at which the cell at a row-major offset is dropped, nil where none drops
  /// it. Masks are nested in the rate, so it is found by halving.
  public func leastRate(dropping offset: Int, _ field: Field, layout: Layout) -> Double? {
    if self is any UnitwiseDropout {
      let u = Double(field.uniform(at: offset, in: layout))
      // The first hundredth above u.
      return min(1, ((u * 100).rounded(.down) + 1) / 100)
    }
    func isDropped(at hundredths: Int) -> Bool {
      let rate = Rate(clamping: Double(hundredths) / 100)
      return (try? mask(field, rate: rate, layout: layout))?.kept[offset] == false
    }
    guard isDropped(at: 100) else { return nil }
    var (low, high) = (0, 100)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isDropped(at: middle) { high = middle } else { low = middle }
    }
    return Double(high) / 100
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
  public func deathProbability(rate: Rate, layout: Layout) throws(TensorError) -> Tensor? {
    Tensor([layout.h, layout.w], repeating: Float(rate.p))
  }

  /// u < p for each unit, repeated over the cells that share it.
  public func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    let threshold = rate.threshold
    let decided = NDArray<Bool>(field.u.shape) { kept in
      field.u.withElements { u in
        guard let from = u.baseAddress, let to = kept.baseAddress else { return }
        for i in 0..<u.count { to[i] = from[i] >= threshold }
      }
    }
    guard field.units.shape != layout.shape else { return Mask(layout: layout, kept: decided) }
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
  public func realisedLaw(rate: Rate, layout: Layout) throws(TensorError) -> RealisedLaw {
    RealisedLaw(units: try units(of: layout).count, rate: rate)
  }
}

extension Layout {
  /// The layout with units shared along every axis but those of some names.
  func sharing(allBut names: Axis.Name...) -> Layout {
    sharing(axes.indices.filter { !names.contains(axes[$0].name) })
  }

  /// Makes sure that a map is one of rows and columns, or a single cell: squares lie on no other.
  /// - Throws: `TensorError` that names the axes where neither a row nor a column is among those of a
  ///   map.
  func expectRowsOrColumns(for kind: String) throws(TensorError) {
    let map = [rowAxis, columnAxis].compactMap { $0 }.map { axes[$0].name }
    guard map.isEmpty || map.contains(.row) || map.contains(.column) else {
      throw TensorError(
        kind, expected: "axes of rows and columns, [N,C,H,W] or [N,H,W,C]",
        found: "\(axes.text) of \(self)")
    }
  }

  /// The axes of times and tokens.
  /// - Throws: `TensorError` that names the axes where there is none.
  func sequenceAxes(for kind: String) throws(TensorError) -> [Int] {
    let found = axes.indices.filter { axes[$0].name == .time || axes[$0].name == .token }
    guard !found.isEmpty else {
      throw TensorError(
        kind, expected: "an axis of times or tokens, [N,T,F]", found: "\(axes.text) of \(self)")
    }
    return found
  }
}
