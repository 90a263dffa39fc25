/// Each weight of a recurrent layer by its own state, drawn once a forward pass and so the same at all
/// steps: Merity et al. 2017, AWD-LSTM's WeightDrop (arXiv:1708.02182). What the layer remembers then
/// passes the same gaps at each step; a mask on the state drawn anew at each would wash it out.
public struct RecurrentDropout: ParameterDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "recurrent"
  public let summary = "each recurrent weight, the same at all steps: WeightDrop (Merity 2017)"
  public let target = Target.recurrentWeights
}
