import TensorCore

/// An operator that reads maps: `[N,C]`, `[N,C,L]`, `[N,C,H,W]`, `[N,C,D,H,W]`. What it makes has the
/// same axes, or channels of its own.
public protocol MapOperator: Operator {
  /// Whether the channels are new ones.
  static var makesChannels: Bool { get }
}

extension MapOperator {
  /// Most work on each channel by itself.
  public static var makesChannels: Bool { false }

  /// Samples and channels, then cells. The cells of one dimension may be times or tokens as well, and
  /// without any the channels may be features. Outputs of one dimension are statistics of the channels.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let rank = inputs.optional(0)?.shape.rank ?? 0
    var rule = AxisRule.keeping(of: inputs, outputs: outputs)
    switch rank {
    case 2: rule.expects[0] = [.sample, .feature]
    case 3:
      rule.reads[0] = [.sample, .channel, nil]
      rule.expects[0] = [nil, nil, .column]
    case 4: rule.reads[0] = [.sample, .channel, .row, .column]
    case 5: rule.reads[0] = [.sample, .channel, .depth, .row, .column]
    default:
      rule.reads[0] = (0..<rank).map { $0 == 0 ? .sample : $0 == 1 ? .channel : nil }
    }
    for (index, output) in outputs.enumerated() {
      if Self.makesChannels, output.shape.rank > 1 { rule.outputs[index][1] = .named(.channel) }
      if output.shape.rank == 1, rank > 1 { rule.outputs[index] = [.axes([.init(0, 1)])] }
    }
    return rule
  }
}
