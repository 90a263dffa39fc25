public import TensorCore

/// Each weight by itself, in place of an activation: Wan et al. 2013, DropConnect (a mask for each
/// sample). Kept weights become w/(1−p), and gradient flows through them alone; at evaluation weights are
/// whole, where Wan's own inference samples from a normal distribution instead. Of a recurrent layer it
/// acts on the weights by the input; `RecurrentDropout` acts on the others.
public struct WeightDropout: ParameterDropout {
  /// What shares a mask.
  public var mode: WeightMode

  /// The kind with a mode.
  public init(_ mode: WeightMode = .perBatch) { self.mode = mode }
  public let name = "weight"
  public let summary = "each weight of a layer: DropConnect (Wan 2013)"
  public let target = Target.weights
  public var isPerSample: Bool { mode == .perSample }
  public var declared: [any DeclaredSetting] { [WeightDropout.weightMode] }

  static let weightMode = KindSetting(
    "weight-mode", summary: "What shares a mask over the weights", usual: WeightMode.perBatch)

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
