import NeuralNet
import TensorCore

/// The names of an input's axes. An input whose shape the model does not say is taken for
/// `[N,C,H,W]`, which is a guess.
func inputAxes(of input: Graph.Input, in network: Network) -> [Axis] {
  if input.takesAnyShape {
    let names: [Axis.Name] = [.sample, .channel, .row, .column]
    return names.map { Axis($0, isGuess: true) }
  }
  return network.axes[input.name] ?? input.dims.map { _ in .unknown }
}

extension Graph.Input {
  /// Whether the model does not even say how many sizes there are. A scalar has no sizes either, but it
  /// does not take four.
  var takesAnyShape: Bool { dims.isEmpty && accepts([1, 1, 1, 1]) }
}
